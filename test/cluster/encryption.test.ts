import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgePhase } from '../../src/app/at-rest/phase.ts';
import { migrate } from '../../src/cluster/at-rest/storage-version-migration.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { Failure } from '../../src/core/errors.ts';
import { configurationHash } from '../../src/crypto/at-rest/configuration-hash.ts';
import { readStoredMark } from '../../src/crypto/at-rest/stored-mark.ts';
import { migrationFlags } from '../support/controller-manager.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type Etcd, startEtcd } from '../support/etcd.ts';
import { rejection } from '../support/impatient-client.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { give } from './objects.ts';
import { clientOf, openSession } from './open-session.ts';

const secrets = { group: '', resource: 'secrets' };
const canary = 'velvet-anchor-1987-drumstick-fox';
const count = 60;

describeKubeApi('encryption at rest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'purser-at-rest-'));
  const file = join(folder, 'encryption.yaml');
  const flags = [`--encryption-provider-config=${file}`, ...migrationFlags];
  const key = randomBytes(32).toString('base64');
  const { signal } = new AbortController();
  let etcd: Etcd;
  let api: KubeApi;
  const open: ApiSession[] = [];

  beforeAll(async () => {
    etcd = await startEtcd();
    api = await startKubeApi({ etcd, flags: migrationFlags });
    await give(api, objects);
  }, 120_000);
  afterAll(async () => {
    for (const session of open) session.close();
    await api?.stop();
    await etcd?.stop();
    etcd?.clean();
    rmSync(folder, { recursive: true, force: true });
  });

  async function as(user: 'admin' | 'viewer' | 'nobody'): Promise<ApiSession> {
    const session = await openSession(api, user);
    open.push(session);
    return session;
  }
  async function run(...providers: readonly string[]): Promise<string> {
    const list = providers.map((each) => `      - ${each}\n`).join('');
    const rule = `  - resources: [secrets]\n    providers:\n${list}`;
    const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n${rule}`;
    writeFileSync(file, text, { mode: 0o600 });
    await api.restart(flags);
    return configurationHash(Buffer.from(text));
  }
  const secretbox = `secretbox: {keys: [{name: key1, secret: ${key}}]}`;
  const identity = 'identity: {}';
  async function writerOf(name: string) {
    const value = await etcd.get(`/registry/secrets/vault/${name}`);
    return readStoredMark(value ?? Buffer.alloc(0)).provider;
  }
  const get = (name: string) => ['get', 'secret', name, '-n', 'vault', '--show-managed-fields'];
  /** With who owns which fields, and since when. */
  async function metadataOf(name: string) {
    const object: unknown = JSON.parse(await api.kubectl([...get(name), '-o', 'json']));
    return (object as { readonly metadata: Readonly<Record<string, unknown>> }).metadata;
  }
  async function phase() {
    const { metrics } = await (await as('admin')).encryption(signal);
    return metrics.ok ? judgePhase(metrics.value, 'secrets') : undefined;
  }

  it('is none, and said to be none, without a configuration', async () => {
    expect(await phase()).toMatchObject({ phase: 'None', reasons: ['no-configuration'] });
  });

  it('is seen with the configuration that runs by whoever has the right, and by nobody else', async () => {
    const hash = await run(secretbox, identity);
    const told = await (await as('viewer')).encryption(signal);
    expect(told.metrics).toMatchObject({ ok: true, value: { configurations: [{ hash }] } });
    // The same person may not list pods: one source hides no other.
    expect(told.apiServers.ok).toBe(false);
    const refused = await (await as('nobody')).encryption(signal);
    for (const source of [refused.metrics, refused.apiServers])
      expect(source.ok || Failure.is(source.failure, 'cluster.forbidden')).toBe(true);
    const missing = refused.metrics.ok ? undefined : refused.metrics.failure.details;
    expect(missing).toMatchObject({ what: 'get /metrics' });
  });

  it('is partial while old objects are read, until each was written anew', async () => {
    expect(await writerOf('old-1')).toBe('identity');
    const { resourceVersion, ...metadata } = await metadataOf('old-1');
    const session = await as('admin');
    const told: number[] = [];
    const done = await session.reEncrypt(secrets, 'replace', (progress) => told.push(progress.done), signal);
    expect(done).toEqual({ way: 'replace', written: count, gone: 0, failed: [] });
    expect(told.at(-1)).toBe(count);
    for (const name of ['old-1', `old-${count}`]) expect(await writerOf(name)).toBe('secretbox');
    const { resourceVersion: version, ...now } = await metadataOf('old-1');
    expect([now, version === resourceVersion]).toEqual([metadata, false]);
    const password = await api.kubectl([...get('old-1'), '-o', 'jsonpath={.data.password}']);
    expect(Buffer.from(password, 'base64').toString()).toBe(canary);
    expect(await phase()).toMatchObject({ phase: 'Partial', reasons: ['plaintext-read'] });
    await api.restart(flags);
    await api.kubectl(['get', 'secrets', '-A']);
    await api.kubectl(['create', 'secret', 'generic', 'new', '-n', 'vault', '--from-literal=a=b']);
    expect(await phase()).toMatchObject({
      phase: 'Active',
      writers: [{ provider: 'secretbox', keyName: 'key1' }],
    });
  });

  it("changes nothing of the objects, and does not write again what today's key wrote", async () => {
    const version = () =>
      api.kubectl(['get', 'secret', 'old-2', '-n', 'vault', '-o', 'jsonpath={.metadata.resourceVersion}']);
    const before = await version();
    await (await as('admin')).reEncrypt(secrets, 'replace', () => {}, signal);
    expect(await version()).toBe(before);
  });

  it('is decrypted in the same way when identity comes first', async () => {
    await run(identity, secretbox);
    await (await as('admin')).reEncrypt(secrets, 'replace', () => {}, signal);
    expect(await writerOf('old-1')).toBe('identity');
    await run(secretbox, identity);
  });

  it('is not written anew by whoever may not, which is said before anything is done', async () => {
    const session = await as('viewer');
    const failure = await rejection(session.reEncrypt(secrets, 'replace', () => {}, signal));
    expect(Failure.is(failure, 'cluster.forbidden') && failure.details.what).toMatch(
      /^patch secrets vault\//,
    );
    const unseen = await rejection((await as('nobody')).reEncrypt(secrets, 'replace', () => {}, signal));
    expect(Failure.is(unseen, 'cluster.forbidden') && unseen.details.what).toBe('list secrets');
  });

  it('is not waited for for ever where migrations are served and nobody works on them', async () => {
    const session = await as('admin');
    expect(await session.waysToReEncrypt(secrets, signal)).toEqual(['storage-version-migration', 'replace']);
    let now = 0;
    const timing = { now: () => now, pause: async (wait: number) => void (now += wait) };
    const [group, version] = ['storagemigration.k8s.io', 'v1beta1'];
    const kind = { group, version, kind: 'StorageVersionMigration', plural: 'storageversionmigrations' };
    const of = { namespaced: false, verbs: [] };
    const resource = {
      group: '',
      version: 'v1',
      kind: 'Secret',
      plural: 'secrets',
      namespaced: true,
      verbs: [],
    };
    const work = migrate(clientOf(api), { ...kind, ...of }, resource, signal, timing);
    expect(await rejection(work)).toMatchObject({
      code: 'migration.unanswered',
      details: { hasBegun: false },
    });
    expect(now).toBeLessThan(120_000);
    expect(await api.kubectl(['get', 'storageversionmigrations', '-o', 'name'])).toBe('');
  });

  it('is not written anew where a resource is not served', async () => {
    const session = await as('admin');
    const unknown = { group: 'example.com', resource: 'things' };
    const failure = await rejection(session.waysToReEncrypt(unknown, signal));
    expect(Failure.is(failure, 'cluster.not-found')).toBe(true);
  });
});

const viewer = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' };

/** Secrets, and rights of `viewer`: metrics, and to list Secrets. */
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'vault' } },
  ...Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `old-${index + 1}`, namespace: 'vault' },
    stringData: { password: canary },
  })),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'looks' },
    rules: [
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['list'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'looks' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'looks' },
    subjects: [viewer],
  },
];
