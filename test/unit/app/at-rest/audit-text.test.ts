import { describe, expect, it } from 'vitest';
import { auditJson } from '../../../../src/app/at-rest/audit-json.ts';
import { auditScope } from '../../../../src/app/at-rest/audit-scope.ts';
import { auditText } from '../../../../src/app/at-rest/audit-text.ts';
import { type AuditedSnapshot, needsAction } from '../../../../src/app/at-rest/audited-snapshot.ts';
import { auditSnapshot, type SnapshotAudit } from '../../../../src/app/at-rest/snapshot-audit.ts';
import { staleValues } from '../../../../src/app/at-rest/stale-values.ts';
import { FileWindow } from '../../../../src/crypto/etcd/file-window.ts';
import { openKeySpace } from '../../../../src/crypto/etcd/revisions.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { type Change, etcdFile } from '../../../support/etcd-records.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const configured = (resources: string, ...providers: readonly string[]) =>
  readConfiguration(
    `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n${providers.map((one) => `  - ${one}\n`).join('')}`,
  ).configuration;
const secretbox = (...names: readonly string[]) =>
  `secretbox: {keys: [${names.map((name) => `{name: "${name}", secret: ${key}}`).join(', ')}]}`;

function audited(
  changes: readonly Change[],
  configuration?: AuditedSnapshot['configuration'],
): AuditedSnapshot {
  const file = etcdFile(changes);
  const window = new FileWindow((into, at) => file.copy(into, 0, at), file.length);
  const steps = auditSnapshot(openKeySpace(window), { ...auditScope(configuration), seeds: [1, 2] });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return { path: 'snap.db', checksum: 'verified', audit: step.value, configuration };
}

const [plain, one, two] = ['k8s\0', 'k8s:enc:secretbox:v1:key1:x', 'k8s:enc:secretbox:v1:key2:x'];
const rotating: readonly Change[] = [
  { key: '/registry/secrets/default/a', value: plain },
  { key: '/registry/secrets/default/b', value: plain },
  { key: '/registry/secrets/default/c', value: plain },
  { key: '/registry/configmaps/default/m', value: plain },
  { key: '/registry/secrets/default/a', value: one },
  { key: '/registry/secrets/default/c' },
  { key: '/registry/secrets/kube-system/d', value: two },
];

describe('the report of an audit', () => {
  it('is no all-clear where no Secrets were found, as below a prefix of two parts', () => {
    const prefixed = auditText(audited([{ key: '/prod/registry/secrets/default/a', value: plain }]));
    expect(prefixed).toContain('No Secrets were found in it');
    expect(prefixed).not.toContain('Nothing that should be encrypted is in plaintext');
  });

  it('counts by resource, key and age, and lists by name what is in plaintext', () => {
    expect(auditText(audited(rotating))).toBe(`snap.db
The checksum is right.
6 values and 1 deletion, up to revision 8.

resource    written by      current  replaced  deleted
configmaps  plaintext             1         0        0
secrets     plaintext             1         1        1
secrets     secretbox key1        1         0        0
secrets     secretbox key2        1         0        0

In plaintext that should be encrypted: 3 values
  secrets default/b, revision 3, current
  secrets default/c, revision 4, deleted
  secrets default/a, revision 2, replaced

A compaction removes 2 values that are replaced or deleted.
Current values are encrypted when their objects are written again.
Pages that etcd no longer uses are not looked at: they keep old bytes until etcdctl defrag.
`);
  });

  it('says with a configuration how many values its first key did not write', () => {
    const text = auditText(audited(rotating, configured('secrets, configmaps', secretbox('key2', 'key1'))));
    expect(text).toContain(
      '1 current value of configmaps was not written by secretbox key2, which writes today.',
    );
    expect(text).toContain(
      '2 current values of secrets were not written by secretbox key2, which writes today.',
    );
    expect(text).toContain('configmaps default/m, revision 5, current');
    const rewritten = [{ key: '/registry/secrets/default/a', value: two }];
    expect(auditText(audited(rewritten, configured('secrets', secretbox('key2'))))).toContain(
      'All current values of secrets were written by secretbox key2, which writes today.',
    );
  });

  it('says with a configuration what an API server that has it cannot read', () => {
    const told = (resources: string, ...providers: readonly string[]) => {
      const text = auditText(audited(rotating, configured(resources, ...providers)));
      return /cannot read what it has no key for:\n((?: {2}.*\n)+)/.exec(text)?.[1];
    };
    const identity = 'identity: {}';
    expect(told('secrets', secretbox('key2', 'key1'), identity)).toBeUndefined();
    expect(told('"*.*"', identity, secretbox('key2', 'key1'))).toBeUndefined();
    expect(told('secrets', secretbox('key2', 'key1'))).toBe('  secrets, plaintext: 1 current value\n');
    expect(told('secrets', secretbox('key2'), identity)).toBe('  secrets, secretbox key1: 1 current value\n');
    expect(told('configmaps', secretbox('key1'), identity)).toBe(
      '  secrets, secretbox key1: 1 current value\n  secrets, secretbox key2: 1 current value\n',
    );
  });

  it('is quiet about a snapshot in which all is as it should be', () => {
    const snapshot = audited([{ key: '/registry/secrets/default/a', value: one }]);
    expect(auditText(snapshot)).toContain('Nothing that should be encrypted is in plaintext.');
    expect(needsAction(snapshot)).toBe(false);
    expect(needsAction(audited(rotating))).toBe(true);
    const damaged = { ...snapshot.audit, unreadable: 2 };
    expect(auditText({ ...snapshot, audit: damaged })).toContain('2 records cannot be read');
    expect(needsAction({ ...snapshot, audit: damaged })).toBe(true);
  });

  it('says how many more there are than it lists, and that a file has no checksum', () => {
    const snapshot = audited(rotating);
    const audit: SnapshotAudit = { ...snapshot.audit, unlisted: 1_000_000, compacted: 5 };
    const text = auditText({ ...snapshot, checksum: 'none', audit });
    expect(text).toContain('In plaintext that should be encrypted: 1,000,003 values');
    expect(text).toContain('  and 1,000,000 more');
    expect(text).toContain('It has no checksum');
    expect(text).toContain('The last compaction was up to revision 5.');
  });

  it('shows names of resources, objects and keys without what could disguise them', () => {
    const evil = 'a\u001b[2J\u202eb';
    const text = auditText(
      audited([
        { key: `/registry/secrets/default/${evil}`, value: plain },
        { key: `/registry/${evil}/default/x`, value: `k8s:enc:secretbox:v1:${evil}:x` },
      ]),
    );
    expect(text).toContain('secrets default/a\ufffd[2J\ufffdb');
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  it('says the same to scripts', () => {
    const json = JSON.parse(auditJson(audited(rotating)));
    expect(json).toMatchObject({
      version: 1,
      snapshot: { path: 'snap.db', checksum: 'verified', newestRevision: 8 },
      totals: { values: 6, deletions: 1, unreadable: 0 },
      unlisted: 0,
    });
    expect(json.counts).toContainEqual({
      resource: 'secrets',
      provider: 'identity',
      current: 1,
      superseded: 1,
      deleted: 1,
      untold: 0,
    });
    expect(json.plaintext[0]).toEqual({
      resource: 'secrets',
      name: 'default/b',
      revision: 3,
      age: 'current',
    });
  });
});

describe('what an audit lists where it is in plaintext', () => {
  const listed = (configuration: AuditedSnapshot['configuration'], group: string, resource: string) =>
    auditScope(configuration).shouldBeSealed({ group, resource });

  it('is Secrets, and what the first provider of a configuration encrypts', () => {
    expect(listed(undefined, '', 'secrets')).toBe(true);
    expect(listed(undefined, '', 'configmaps')).toBe(false);
    const covering = configured('configmaps, "*.apps"', secretbox('key1'), 'identity: {}');
    expect(listed(covering, '', 'configmaps')).toBe(true);
    expect(listed(covering, 'apps', 'deployments')).toBe(true);
    expect(listed(covering, '', 'pods')).toBe(false);
    expect(listed(covering, '', 'secrets')).toBe(true);
    const clear = configured('configmaps, secrets', 'identity: {}', secretbox('key1'));
    expect(listed(clear, '', 'configmaps')).toBe(false);
    expect(listed(clear, '', 'secrets')).toBe(true);
  });
});

describe('values that need another key than the one that writes', () => {
  it('are counted by resource, and never those that nothing reads any more', () => {
    const { audit } = audited(rotating);
    const secrets = { group: '', resource: 'secrets' };
    expect(staleValues(audit, secrets, { provider: 'secretbox', keyName: 'key2' })).toBe(2);
    expect(staleValues(audit, secrets, { provider: 'secretbox', keyName: 'key9' })).toBe(3);
    expect(staleValues(audit, secrets, { provider: 'identity', keyName: undefined })).toBe(2);
    expect(
      staleValues(
        audit,
        { group: 'apps', resource: 'secrets' },
        { provider: 'identity', keyName: undefined },
      ),
    ).toBe(0);
  });
});
