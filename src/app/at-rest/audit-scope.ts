import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { type GroupResource, sameGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { keyNamesOf, writerOf } from './configured-keys.ts';
import type { AuditSettings } from './snapshot-audit.ts';

export const secrets: GroupResource = Object.freeze({ group: '', resource: 'secrets' });

/**
 * What an audit lists where it stands in plaintext: Secrets, whatever a configuration says of them, and what its first providers
 * encrypt.
 */
export function auditScope(configuration: EncryptionConfiguration | undefined): Omit<AuditSettings, 'seeds'> {
  // A snapshot has millions of values of a few resources.
  const known = new Map<string, boolean>();
  const isSealed = (resource: GroupResource) =>
    sameGroupResource(resource, secrets) ||
    (configuration !== undefined && writerOf(configuration, resource).provider !== 'identity');
  return {
    names: configuration === undefined ? [] : keyNamesOf(configuration),
    shouldBeSealed: (resource) => {
      const id = `${resource.resource}.${resource.group}`;
      const answer = known.get(id) ?? isSealed(resource);
      known.set(id, answer);
      return answer;
    },
  };
}
