import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';
import { readersFor } from './configured-keys.ts';
import type { KeyId } from './key-uses.ts';
import type { SnapshotAudit } from './snapshot-audit.ts';

/** Values of a resource that one key wrote, or nobody encrypted. */
export interface UnreadableValues extends KeyId {
  readonly resource: GroupResource;
  readonly count: number;
}

/**
 * What may be read today, and what an API server with this configuration cannot read: for its resource the configuration does not
 * have what wrote it. Such a server does not even start where it needs the resource.
 */
export function unreadableValues(
  { counts }: SnapshotAudit,
  configuration: EncryptionConfiguration,
): readonly UnreadableValues[] {
  return counts.flatMap(({ resource, provider, keyName, current, untold }) => {
    const count = current + untold;
    if (resource === undefined || count === 0) return [];
    const reads = readersFor(configuration, resource);
    const isRead = reads.some((one) => one.provider === provider && one.keyName === keyName);
    return isRead ? [] : [{ resource, provider, keyName, count }];
  });
}
