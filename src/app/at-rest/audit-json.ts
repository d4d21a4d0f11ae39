import { printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { AuditedSnapshot } from './audited-snapshot.ts';
import { unreadableValues } from './unreadable-values.ts';

/** The report of an audit for scripts: one object on one line. Names only. */
export function auditJson({ path, checksum, audit, configuration }: AuditedSnapshot): string {
  const { values, deletions, unreadable, newestRevision, compacted, unlisted } = audit;
  const snapshot = { path, checksum, newestRevision, compactedRevision: compacted };
  const counts = audit.counts.map(({ resource, provider, keyName, ...ages }) => ({
    resource: resource && printGroupResource(resource),
    provider,
    key: keyName,
    ...ages,
  }));
  const plaintext = audit.plaintext.map(({ group, resource, name, revision, age }) => ({
    resource: printGroupResource({ group, resource }),
    name,
    revision,
    age,
  }));
  const withoutKey =
    configuration &&
    unreadableValues(audit, configuration).map(({ resource, provider, keyName, count }) => {
      return { resource: printGroupResource(resource), provider, key: keyName, current: count };
    });
  const totals = { values, deletions, unreadable };
  return `${JSON.stringify({ version: 1, snapshot, totals, counts, plaintext, unlisted, withoutKey })}\n`;
}
