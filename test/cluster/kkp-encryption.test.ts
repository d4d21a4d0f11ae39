import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KkpEncryption } from '../../src/app/kkp/kkp-encryption.ts';
import { factsOf } from '../../src/app/kkp/kkp-facts.ts';
import { kkpPatch } from '../../src/app/kkp/kkp-patch.ts';
import { offersFor } from '../../src/app/kkp/kkp-steps.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { Failure } from '../../src/core/errors.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { readVector } from '../support/vectors.ts';
import { KkpControllers } from './kkp-controllers.ts';
import { openSession } from './open-session.ts';

const pods = ['apiserver-1', 'apiserver-2'] as const;
const [old, next] = [{ name: '2025-04' }, { name: '2026-11' }];
const signal = AbortSignal.timeout(300_000);

describeKubeApi("A user cluster's encryption on a KKP seed", () => {
  let api: KubeApi;
  let session: ApiSession;
  let kkp: KkpControllers;

  beforeAll(async () => {
    api = await startKubeApi();
    await api.applyCrds('kkp');
    kkp = new KkpControllers(api, 'abc');
    await kkp.create();
    session = await openSession(api);
  });
  afterAll(async () => {
    session?.close();
    await api?.stop();
  });

  async function read(): Promise<KkpEncryption> {
    const told = await session.kkpEncryption('abc', signal);
    if (told === undefined) throw new Error('the seed is none');
    return told;
  }
  const said = (told: KkpEncryption, label: string) =>
    factsOf(told).find((fact) => fact.label === label)?.text ?? '';
  const offered = (told: KkpEncryption) =>
    offersFor(told)
      .filter(({ refusal }) => refusal === undefined)
      .map(({ step }) => ('key' in step ? `${step.step} ${step.key}` : step.step));
  /** What the tree says of the phase and the key, and what may be done. */
  async function now() {
    const told = await read();
    const [phase = ''] = said(told, 'Phase').split(' · ');
    const listed = await session.userClusters(signal);
    expect(listed?.[0]?.encryption).toBe(told.status?.phase);
    return [phase, said(told, 'Active Key'), ...offered(told)];
  }

  it('was never on: there is nothing to offer', async () => {
    expect(await now()).toEqual(['Off', '']);
    expect((await read()).hash).toBe(JSON.parse(readVector('kkp.json')).specHash.cases[2].sha1);
  });

  it('is switched on, and nothing is offered until it is Active', async () => {
    await kkp.spec([old]);
    expect(await now()).toEqual(['Off', '']);
    await kkp.phase('Pending', 'identity');
    expect(await now()).toEqual(['Pending', 'none (identity)']);
    expect((await read()).rollout).toEqual({ rendered: false, apiServers: 0, updated: 0 });
    await kkp.render();
    await kkp.roll(...pods);
    await kkp.phase('EncryptionNeeded', 'identity');
    expect(await now()).toEqual(['Rotating', 'none (identity)']);
    await kkp.phase('Active', 'secretbox/2025-04');
    expect(await now()).toEqual(['Active', 'secretbox/2025-04', 'add', 'disable']);
    expect(said(await read(), 'etcd Backups')).toContain('until 2026-11-01T10:05:00Z');
  });

  it('stays Active while a second key is rolled out, which is not to be swapped before every API server has it', async () => {
    await kkp.spec([old, next]);
    const active = ['Active', 'secretbox/2025-04'];
    expect(await now()).toEqual([...active, 'disable']);
    await kkp.render();
    expect(await now()).toEqual([...active, 'disable']);
    await kkp.roll(pods[0]);
    expect(await now()).toEqual([...active, 'disable']);
    expect(said(await read(), 'API Servers')).toBe('1 of 2 have the configuration that KKP rendered');
    await kkp.roll(...pods);
    expect(await now()).toEqual([...active, 'swap 2026-11', 'remove 2026-11', 'disable']);
  });

  it('is swapped, and the old key is not to be removed before everything was written anew', async () => {
    await kkp.spec([next, old]);
    const before = ['secretbox/2025-04'];
    // KKP has not looked at it yet.
    expect(await now()).toEqual(['Active', ...before]);
    await kkp.phase('Pending', 'secretbox/2025-04');
    await kkp.render();
    expect(await now()).toEqual(['Pending', ...before]);
    await kkp.roll(...pods);
    await kkp.phase('EncryptionNeeded', 'secretbox/2025-04');
    expect(await now()).toEqual(['Rotating', ...before]);
    await kkp.phase('Active', 'secretbox/2026-11');
    const after = ['Active', 'secretbox/2026-11', 'swap 2025-04', 'remove 2025-04', 'disable'];
    expect(await now()).toEqual(after);
  });

  it('loses its old key, and another can be added', async () => {
    await kkp.spec([next]);
    await kkp.render();
    await kkp.roll(...pods);
    expect(await now()).toEqual(['Active', 'secretbox/2026-11', 'add', 'disable']);
  });

  it('fails, which ends everything', async () => {
    await kkp.phase('Failed', 'secretbox/2026-11');
    expect(await now()).toEqual(['Failed', 'secretbox/2026-11']);
    for (const { refusal } of offersFor(await read())) expect(refusal).toContain('never leaves');
    await kkp.phase('Active', 'secretbox/2026-11');
  });

  it('is switched off, and leaves a Secret behind', async () => {
    await kkp.spec([next], false);
    await kkp.phase('Pending', 'secretbox/2026-11');
    await kkp.render();
    expect(await now()).toEqual(['Pending', 'secretbox/2026-11']);
    await kkp.phase('EncryptionNeeded', 'secretbox/2026-11');
    expect(await now()).toEqual(['Rotating', 'secretbox/2026-11']);
    await kkp.removed();
    expect(await now()).toEqual(['Off', '']);
    expect(said(await read(), 'Left Behind')).toContain('apiserver-encryption-configuration');
  });

  it.each([0, 1])('has the hash that KKP gives it (published case %d), and keeps no key', async (index) => {
    const { json, sha1 } = JSON.parse(readVector('kkp.json')).specHash.cases[index];
    await kkp.patch({ spec: { encryptionConfiguration: null } });
    await kkp.patch({ spec: { encryptionConfiguration: JSON.parse(json) } });
    const told = await read();
    expect(told.hash).toBe(sha1);
    const value = JSON.parse(json).secretbox.keys[0].value ?? 'canary';
    expect(JSON.stringify(told)).not.toContain(value);
  });

  it('takes the patches that are written where there is no manifest, each only in the state that it is for', async () => {
    await kkp.patch({ spec: { encryptionConfiguration: null } });
    await kkp.spec([old]);
    const names = async () => (await read()).spec?.keys.map(({ name }) => name);
    const apply = async (told: KkpEncryption, change: Parameters<typeof kkpPatch>[1]) => {
      const patch = [
        'patch',
        'clusters.kubermatic.k8c.io',
        'abc',
        '--type=json',
        '-p',
        kkpPatch(told, change),
      ];
      await api.kubectl(patch);
    };
    const key = { name: '2026-11', secret: '2026-11', key: 'key' };
    await apply(await read(), { step: 'add', key });
    expect(await names()).toEqual(['2025-04', '2026-11']);
    const two = await read();
    await apply(two, { step: 'swap', key: '2026-11' });
    expect(await names()).toEqual(['2026-11', '2025-04']);
    await expect(apply(two, { step: 'remove', key: '2026-11' })).rejects.toThrow();
    await apply(await read(), { step: 'remove', key: '2025-04' });
    expect(await names()).toEqual(['2026-11']);
    await apply(await read(), { step: 'disable' });
    expect((await read()).spec?.enabled).toBe(false);
  });

  it('may be read without the right to see the rollout, and is then never ready for a swap', async () => {
    await kkp.spec([old, next]);
    await kkp.phase('Active', 'secretbox/2025-04');
    const rule = { apiGroups: ['kubermatic.k8c.io'], resources: ['clusters'], verbs: ['get', 'list'] };
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'kkp' },
    };
    await api.kubectl(['apply', '-f', '-'], JSON.stringify({ ...role, rules: [rule] }));
    await api.kubectl(['create', 'clusterrolebinding', 'kkp', '--clusterrole=kkp', '--user=viewer']);
    const viewer = await openSession(api, 'viewer');
    try {
      const told = await viewer.kkpEncryption('abc', signal);
      expect(told?.rollout).toBeUndefined();
      const swap = offersFor(told ?? (await read())).find(({ step }) => step.step === 'swap');
      expect(swap?.refusal).toContain('right to get Secrets');
    } finally {
      viewer.close();
    }
  });

  it('is not that of a Cluster which is not there', async () => {
    const missing = session.kkpEncryption('other', signal);
    await expect(missing).rejects.toSatisfy((error) => Failure.is(error, 'cluster.not-found'));
  });
});
