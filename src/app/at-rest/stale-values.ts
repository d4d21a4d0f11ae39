import { type GroupResource, sameGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { KeyId } from './key-uses.ts';
import type { SnapshotAudit } from './snapshot-audit.ts';

/**
 * How many values of a resource that may be read today were not written by this key: as long as there are any, what wrote them must
 * stay in the configuration. Those of which it cannot be told whether they are current count too.
 */
export function staleValues({ counts }: SnapshotAudit, resource: GroupResource, writer: KeyId): number {
  return counts
    .filter((one) => one.resource !== undefined && sameGroupResource(one.resource, resource))
    .filter(({ provider, keyName }) => provider !== writer.provider || keyName !== writer.keyName)
    .reduce((sum, { current, untold }) => sum + current + untold, 0);
}
