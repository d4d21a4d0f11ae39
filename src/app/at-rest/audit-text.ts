import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import {
  type GroupResource,
  printGroupResource,
  sameGroupResource,
} from '../../manifest/at-rest/group-resource.ts';
import { shown } from '../sentence.ts';
import { secrets } from './audit-scope.ts';
import { auditTable } from './audit-table.ts';
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
      ? 'The checksum is right.'
      : "It has no checksum, as a member's db file; one of etcdctl snapshot save has.";
  const damaged = `${counted(audit.unreadable, 'record')} cannot be read, and may be anything.`;
  return [
    shown(path),
    sum,
    `${counted(audit.values, 'value')} and ${counted(audit.deletions, 'deletion')}, up to revision ${audit.newestRevision}.`,
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
    const stale = staleValues(audit, resource, writer);
    const values = `${counted(stale, 'current value')} of ${shown(name)}`;
    return stale === 0
      ? [`All current values of ${shown(name)} were written by ${keyInWords(writer)}, which writes today.`]
      : [
          `${values} ${stale === 1 ? 'was' : 'were'} not written by ${keyInWords(writer)}, which writes today.`,
        ];
  });
}

function unreadableLines(audit: SnapshotAudit, configuration: EncryptionConfiguration): string[] {
  const rows = unreadableValues(audit, configuration).map(
    ({ resource, count, ...writer }) =>
      `  ${shown(printGroupResource(resource))}, ${keyInWords(writer)}: ${counted(count, 'current value')}`,
  );
  const head = 'An API server with this configuration cannot read what it has no key for:';
  return rows.length === 0 ? [] : [head, ...rows.toSorted()];
}

const ages: Readonly<Record<ValueAge, string>> = {
  current: 'current',
  superseded: 'replaced',
  deleted: 'deleted',
  untold: 'current or older',
};

function plaintextLines({ plaintext, unlisted, counts }: SnapshotAudit): string[] {
  const isOfSecrets = counts.some(({ resource }) => resource && sameGroupResource(resource, secrets));
  // Every cluster has some.
  if (plaintext.length === 0 && !isOfSecrets)
    return [
      'No Secrets were found in it: it is not of a Kubernetes cluster, or --etcd-prefix has more than one part, which is not read.',
    ];
  if (plaintext.length === 0) return ['Nothing that should be encrypted is in plaintext.'];
  const rows = plaintext.map((value) => `  ${rowOf(value)}`);
  const more = unlisted === 0 ? [] : [`  and ${unlisted.toLocaleString('en-US')} more`];
  return [
    `In plaintext that should be encrypted: ${counted(plaintext.length + unlisted, 'value')}`,
    ...rows,
    ...more,
  ];
}

function rowOf({ group, resource, name, revision, age }: PlaintextValue): string {
  return `${shown(printGroupResource({ group, resource }))} ${shown(name)}, revision ${revision}, ${ages[age]}`;
}

function compactionLines({ counts, plaintext, compacted }: SnapshotAudit): string[] {
  const sum = (age: ValueAge) => counts.reduce((all, count) => all + count[age], 0);
  const removable = sum('superseded') + sum('deleted');
  const before = compacted === undefined ? '' : ` The last compaction was up to revision ${compacted}.`;
  const current = plaintext.some(({ age }) => age === 'current' || age === 'untold');
  const removed =
    removable === 0
      ? 'No value is replaced or deleted.'
      : `A compaction removes ${counted(removable, 'value')} that ${removable === 1 ? 'is' : 'are'} replaced or deleted.`;
  return [
    `${removed}${before}`,
    ...(current ? ['Current values are encrypted when their objects are written again.'] : []),
    'Pages that etcd no longer uses are not looked at: they keep old bytes until etcdctl defrag.',
  ];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
