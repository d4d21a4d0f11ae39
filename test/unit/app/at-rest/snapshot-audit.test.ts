import { describe, expect, it } from 'vitest';
import { storedAt } from '../../../../src/app/at-rest/etcd-path.ts';
import { SeenKeys } from '../../../../src/app/at-rest/seen-keys.ts';
import {
  type AuditSettings,
  auditSnapshot,
  listedAtMost,
  type SnapshotAudit,
} from '../../../../src/app/at-rest/snapshot-audit.ts';
import { FileWindow } from '../../../../src/crypto/etcd/file-window.ts';
import { openKeySpace } from '../../../../src/crypto/etcd/revisions.ts';
import { printGroupResource } from '../../../../src/manifest/at-rest/group-resource.ts';
import { type Change, etcdFile } from '../../../support/etcd-records.ts';

function audit(changes: readonly Change[], settings: Partial<AuditSettings> = {}): SnapshotAudit {
  const file = etcdFile(changes);
  const readAt = (into: Uint8Array, position: number) =>
    file.copy(into, 0, position, position + into.byteLength);
  const shouldBeSealed = ({ group, resource }: { group: string; resource: string }) =>
    group === '' && resource === 'secrets';
  const running = auditSnapshot(openKeySpace(new FileWindow(readAt, file.byteLength)), {
    names: [],
    shouldBeSealed,
    seeds: [1, 2],
    ...settings,
  });
  for (;;) {
    const { done, value } = running.next();
    if (done === true) return value;
  }
}

const secret = (name: string, value?: string): Change => {
  const key = `/registry/secrets/default/${name}`;
  return value === undefined ? { key } : { key, value };
};
const plain = 'k8s\0Secret';
const sealed = (key: string) => `k8s:enc:secretbox:v1:${key}:nonce and box`;
const rows = ({ counts }: SnapshotAudit) =>
  counts
    .map(({ resource, provider, keyName, current, superseded, deleted }) =>
      [resource && printGroupResource(resource), provider, keyName, current, superseded, deleted].join(' '),
    )
    .toSorted();

describe('the audit of a snapshot', () => {
  it('counts values by resource, provider, key and age', () => {
    const found = audit([
      secret('a', plain),
      secret('b', plain),
      secret('c', plain),
      { key: '/registry/configmaps/default/x', value: 'k8s\0ConfigMap' },
      secret('a', sealed('key1')),
      secret('c'),
      secret('a', sealed('key2')),
      { key: '/registry/example.io/widgets/default/w', value: '{"kind":"Widget"}' },
      { key: 'compact_rev_key', value: '7' },
    ]);
    expect(rows(found)).toEqual([
      ' identity  1 0 0',
      'configmaps identity  1 0 0',
      'secrets identity  1 1 1',
      'secrets secretbox key1 0 1 0',
      'secrets secretbox key2 1 0 0',
      'widgets.example.io identity  1 0 0',
    ]);
    expect(found).toMatchObject({ values: 8, deletions: 1, unreadable: 0, newestRevision: 10 });
  });

  it('lists what is in plaintext by name, older revisions and deleted objects included, current ones first', () => {
    const found = audit([
      secret('old', plain),
      secret('gone', plain),
      secret('plain', plain),
      secret('old', sealed('key1')),
      secret('gone'),
    ]);
    expect(found.plaintext.map(({ name, revision, age }) => [name, revision, age])).toEqual([
      ['default/plain', 4, 'current'],
      ['default/gone', 3, 'deleted'],
      ['default/old', 2, 'superseded'],
    ]);
  });

  it('takes an object that was deleted and made again for a current one', () => {
    const found = audit([secret('a', plain), secret('a'), secret('a', sealed('key1'))]);
    expect(rows(found)).toEqual(['secrets identity  0 1 0', 'secrets secretbox key1 1 0 0']);
  });

  it('lists the resources that it is asked about', () => {
    const changes = [secret('a', plain), { key: '/registry/configmaps/n/x', value: 'k8s\0' }];
    const found = audit(changes, { shouldBeSealed: ({ resource }) => resource === 'configmaps' });
    expect(found.plaintext.map(({ resource, name }) => [resource, name])).toEqual([['configmaps', 'n/x']]);
  });

  it('knows key names with colons from the configuration', () => {
    const changes = [secret('a', sealed('team:2026'))];
    expect(rows(audit(changes))).toEqual(['secrets secretbox team 1 0 0']);
    const names = [{ provider: 'secretbox', name: 'team:2026' }] as const;
    expect(rows(audit(changes, { names }))).toEqual(['secrets secretbox team:2026 1 0 0']);
  });

  it('lists so many and counts the others, so that older ones do not crowd out current ones', () => {
    const many = Array.from({ length: listedAtMost + 5 }, (_, index) => secret(`s${index}`, plain));
    const found = audit([secret('first', plain), ...many, ...many.slice(0, 3)]);
    expect(found.plaintext).toHaveLength(listedAtMost + 3);
    expect(found.unlisted).toBe(6);
    expect(found.plaintext.filter(({ age }) => age === 'superseded')).toHaveLength(3);
  });

  it('keeps no more rows than so many, whatever keys are called', () => {
    const changes = Array.from({ length: 10_050 }, (_, index) => secret(`s${index}`, sealed(`key${index}`)));
    const found = audit(changes);
    expect(found.counts).toHaveLength(10_001);
    expect(found.counts.reduce((sum, { current }) => sum + current, 0)).toBe(10_050);
    expect(found.counts.at(-1)).toMatchObject({ resource: undefined, provider: 'secretbox', current: 50 });
  });

  it('has no value and no piece of one', () => {
    expect(JSON.stringify(audit([secret('a', `${plain} hunter2`)]))).not.toMatch(/hunter2/);
  });
});

describe('what an etcd key is of', () => {
  it.each([
    ['/registry/secrets/default/db', 'secrets', 'default/db'],
    ['/kubernetes.io/secrets/default/db', 'secrets', 'default/db'],
    ['/my-prefix/configmaps/a/b', 'configmaps', 'a/b'],
    ['/registry/deployments/a/b', 'deployments.apps', 'a/b'],
    ['/registry/services/endpoints/a/b', 'endpoints', 'a/b'],
    ['/registry/services/specs/a/b', 'services', 'a/b'],
    ['/registry/minions/node-1', 'nodes', 'node-1'],
    ['/registry/controllers/a/b', 'replicationcontrollers', 'a/b'],
    ['/registry/ingress/a/b', 'ingresses.networking.k8s.io', 'a/b'],
    ['/registry/example.io/widgets/a/b', 'widgets.example.io', 'a/b'],
    ['/registry/example.io/clusterwidgets/b', 'clusterwidgets.example.io', 'b'],
    [
      '/registry/apiextensions.k8s.io/customresourcedefinitions/w',
      'customresourcedefinitions.apiextensions.k8s.io',
      'w',
    ],
    ['/registry/volumeattributesclasses/x', 'volumeattributesclasses.storage.k8s.io', 'x'],
    ['/registry/resourceclaims/a/b', 'resourceclaims.resource.k8s.io', 'a/b'],
    ['/registry/constructor/x', 'constructor', 'x'],
  ])('%s', (key, resource, name) => {
    const at = storedAt(key);
    expect(at && printGroupResource(at)).toBe(resource);
    expect(at?.name).toBe(name);
  });

  it.each(['compact_rev_key', '', '/', '/registry', '/registry/health', '/registry/example.io/widgets'])(
    'nothing: %j',
    (key) => {
      expect(storedAt(key)).toBeUndefined();
    },
  );
});

describe('remembered keys', () => {
  const key = (index: number) => Buffer.from(`/registry/secrets/default/s${index}`);

  it('keep what was told first, through growing', () => {
    const seen = new SeenKeys([3, 4]);
    const fateOf = (index: number) => (index % 3 === 0 ? 'deleted' : 'live');
    let first = 0;
    for (let index = 0; index < 200_000; index++)
      if (seen.firstFate(key(index), fateOf(index))?.isFirst === true) first++;
    expect(first).toBe(200_000);
    for (let index = 0; index < 200_000; index += 777)
      expect(seen.firstFate(key(index), 'live')).toEqual({
        fate: fateOf(index),
        isFirst: false,
      });
  });

  it('say that there is no more room, and still know those they have', () => {
    const seen = new SeenKeys([3, 4], 1 << 16);
    const results = Array.from({ length: 60_000 }, (_, index) => seen.firstFate(key(index), 'live'));
    const taken = results.filter((result) => result !== undefined).length;
    expect(taken).toBe(49_152);
    expect(seen.firstFate(key(5), 'live')).toEqual({ fate: 'live', isFirst: false });
  });
});
