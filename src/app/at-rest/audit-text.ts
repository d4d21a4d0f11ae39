import * as l10n from '@vscode/l10n';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import {
  type GroupResource,
  printGroupResource,
  sameGroupResource,
} from '../../manifest/at-rest/group-resource.ts';
import { shown } from '../sentence.ts';
import { secrets } from './audit-scope.ts';
import { ageWords, auditTable } from './audit-table.ts';
import type { AuditedSnapshot } from './audited-snapshot.ts';
import { writerOf } from './configured-keys.ts';
import { keyInWords } from './key-words.ts';
import type { PlaintextValue, SnapshotAudit, ValueAge } from './snapshot-audit.ts';
import { staleValues } from './stale-values.ts';
import { unreadableValues } from './unreadable-values.ts';

/** The report of an audit for people, on the command line and in the editor. Names only; it ends with a line break. */
export function auditText(snapshot: AuditedSnapshot): string {
  const { audit, configuration } = snapshot;
  const parts = [
    headOf(snapshot),
    audit.counts.length === 0 ? [] : auditTable(audit.counts),
    configuration === undefined ? [] : staleLines(audit, configuration),
    configuration === undefined ? [] : unreadableLines(audit, configuration),
    plaintextLines(audit),
    compactionLines(audit),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headOf({ path, checksum, audit }: AuditedSnapshot): string[] {
  const sum =
    checksum === 'verified'
      ? l10n.t('The checksum is right.')
      : l10n.t("It has no checksum, as a member's db file; one of etcdctl snapshot save has.");
  const damaged =
    audit.unreadable === 1
      ? l10n.t('1 record cannot be read, and may be anything.')
      : l10n.t('{0} records cannot be read, and may be anything.', printed(audit.unreadable));
  const values = audit.values === 1 ? l10n.t('1 value') : l10n.t('{0} values', printed(audit.values));
  const deletions =
    audit.deletions === 1 ? l10n.t('1 deletion') : l10n.t('{0} deletions', printed(audit.deletions));
  return [
    shown(path),
    sum,
    l10n.t('{0} and {1}, up to revision {2}.', values, deletions, audit.newestRevision),
    ...(audit.unreadable > 0 ? [damaged] : []),
  ];
}

/** What is not written by the key that writes today: it needs another one to be read. */
function staleLines(audit: SnapshotAudit, configuration: EncryptionConfiguration): string[] {
  const resources = new Map<string, GroupResource>();
  for (const { resource } of audit.counts)
    if (resource !== undefined) resources.set(printGroupResource(resource), resource);
  return [...resources].toSorted(byName).flatMap(([name, resource]) => {
    const writer = writerOf(configuration, resource);
    if (writer.provider === 'identity') return [];
    return [staleLine(staleValues(audit, resource, writer), shown(name), keyInWords(writer))];
  });
}

function staleLine(stale: number, name: string, writer: string): string {
  if (stale === 0)
    return l10n.t('All current values of {0} were written by {1}, which writes today.', name, writer);
  return stale === 1
    ? l10n.t('1 current value of {0} was not written by {1}, which writes today.', name, writer)
    : l10n.t(
        '{0} current values of {1} were not written by {2}, which writes today.',
        printed(stale),
        name,
        writer,
      );
}

function unreadableLines(audit: SnapshotAudit, configuration: EncryptionConfiguration): string[] {
  const rows = unreadableValues(audit, configuration).map(
    ({ resource, count, ...writer }) =>
      `  ${unreadableRow(shown(printGroupResource(resource)), keyInWords(writer), count)}`,
  );
  const head = l10n.t('An API server with this configuration cannot read what it has no key for:');
  return rows.length === 0 ? [] : [head, ...rows.toSorted()];
}

function unreadableRow(name: string, writer: string, count: number): string {
  return count === 1
    ? l10n.t('{0}, {1}: 1 current value', name, writer)
    : l10n.t('{0}, {1}: {2} current values', name, writer, printed(count));
}

function plaintextLines({ plaintext, unlisted, counts }: SnapshotAudit): string[] {
  const isOfSecrets = counts.some(({ resource }) => resource && sameGroupResource(resource, secrets));
  // Every cluster has some.
  if (plaintext.length === 0 && !isOfSecrets)
    return [
      l10n.t(
        'No Secrets were found in it: it is not of a Kubernetes cluster, or --etcd-prefix has more than one part, which is not read.',
      ),
    ];
  if (plaintext.length === 0) return [l10n.t('Nothing that should be encrypted is in plaintext.')];
  const rows = plaintext.map((value) => `  ${rowOf(value)}`);
  const more = unlisted === 0 ? [] : [`  ${l10n.t('and {0} more', printed(unlisted))}`];
  const count = plaintext.length + unlisted;
  const head =
    count === 1
      ? l10n.t('In plaintext that should be encrypted: 1 value')
      : l10n.t('In plaintext that should be encrypted: {0} values', printed(count));
  return [head, ...rows, ...more];
}

function rowOf({ group, resource, name, revision, age }: PlaintextValue): string {
  const object = `${shown(printGroupResource({ group, resource }))} ${shown(name)}`;
  return l10n.t('{0}, revision {1}, {2}', object, revision, ageWords[age]());
}

function compactionLines({ counts, plaintext, compacted }: SnapshotAudit): string[] {
  const sum = (age: ValueAge) => counts.reduce((all, count) => all + count[age], 0);
  const removable = sum('superseded') + sum('deleted');
  const before =
    compacted === undefined ? '' : ` ${l10n.t('The last compaction was up to revision {0}.', compacted)}`;
  const current = plaintext.some(({ age }) => age === 'current' || age === 'untold');
  return [
    `${removedBy(removable)}${before}`,
    ...(current ? [l10n.t('Current values are encrypted when their objects are written again.')] : []),
    l10n.t('Pages that etcd no longer uses are not looked at: they keep old bytes until etcdctl defrag.'),
  ];
}

function removedBy(removable: number): string {
  if (removable === 0) return l10n.t('No value is replaced or deleted.');
  return removable === 1
    ? l10n.t('A compaction removes 1 value that is replaced or deleted.')
    : l10n.t('A compaction removes {0} values that are replaced or deleted.', printed(removable));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function printed(count: number): string {
  return count.toLocaleString('en-US');
}
