import { afterAll, beforeAll, expect, it } from 'vitest';
import { whyDecryptionFails } from '../../src/app/clusters/why-decryption-fails.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { sealedTo } from '../support/sealed-to.ts';
import { condition, give, namespaceOfTests, repository } from './objects.ts';
import { knownObject, openSession } from './open-session.ts';

const decryptionOf = (name: string) => ({ provider: 'sops', secretRef: { name } });

function kustomization(name: string, decryption: unknown) {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'apps' },
    spec: {
      interval: '10m',
      path: `./${name}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
      ...(decryption === undefined ? {} : { decryption }),
    },
    status: { conditions: [condition('Ready', 'False', 'BuildFailed', 'cannot get sops data key')] },
  };
}

function secret(namespace: string, name: string, stringData: Readonly<Record<string, string>>) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData };
}

/** The controller as `flux bootstrap` installs it, told of a Secret for all. */
const controller = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kustomize-controller', namespace: 'flux-system' },
  spec: {
    selector: { matchLabels: { app: 'kustomize-controller' } },
    template: {
      metadata: { labels: { app: 'kustomize-controller' } },
      spec: {
        containers: [
          {
            name: 'manager',
            image: 'registry.example.com/kustomize-controller:v1',
            args: ['--watch-all-namespaces=true', '--sops-age-secret=for-all'],
          },
        ],
      },
    },
  },
};

const rights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'see-kustomizations' },
    rules: [
      {
        apiGroups: ['kustomize.toolkit.fluxcd.io'],
        resources: ['kustomizations'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'see-kustomizations' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'see-kustomizations' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  },
];

describeKubeApi('what a Kustomization decrypts with', () => {
  let api: KubeApi;
  let session: ApiSession;
  let keyFile: string;
  let held: string;
  const signal = AbortSignal.timeout(110_000);

  beforeAll(async () => {
    const key = await generateAgeKey(new Date(0), { postQuantum: false });
    keyFile = key.keyFile.exposeText() ?? '';
    held = key.recipient;
    api = await startKubeApi();
    await api.applyCrds('flux');
    const system = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } };
    await give(api, [namespaceOfTests, system, repository]);
    await give(api, [
      kustomization('good', decryptionOf('sops-age')),
      kustomization('misnamed', decryptionOf('misnamed')),
      kustomization('gone', decryptionOf('no-such-secret')),
      kustomization('plain', undefined),
      kustomization('fallback', { provider: 'sops' }),
      secret('apps', 'sops-age', { 'age.agekey': keyFile, 'sops.vault-token': 'canary-of-the-token' }),
      secret('apps', 'misnamed', { 'age.key': keyFile }),
      secret('flux-system', 'for-all', { 'any.agekey': keyFile, 'not.asc': 'not looked at' }),
      controller,
      ...rights,
    ]);
    session = await openSession(api);
    await session.listed();
  });
  afterAll(async () => {
    session?.close();
    await api?.stop();
  });

  const decryption = (name: string, of = session) =>
    of.decryption(knownObject(of, 'Kustomization', name).ref, signal);

  it('is the recipients of its identities and the kinds of its other keys, and no private key', async () => {
    const found = await decryption('good');
    expect(found).toEqual({
      path: './good',
      provider: 'sops',
      secret: {
        namespace: 'apps',
        name: 'sops-age',
        ofController: false,
        state: 'read',
        keys: [
          { name: 'age.agekey', kind: 'age', recipients: [held] },
          { name: 'sops.vault-token', kind: 'service', service: 'hc_vault' },
        ],
      },
    });
    expect(JSON.stringify(found)).not.toMatch(/AGE-SECRET-KEY|canary/);
  });

  it('is told of a Secret that is missing, misnamed or not there at all', async () => {
    expect((await decryption('gone')).secret).toMatchObject({ state: 'missing', name: 'no-such-secret' });
    expect((await decryption('misnamed')).secret?.keys).toEqual([
      { name: 'age.key', kind: 'passed-over', holds: 'age', recipients: [held] },
    ]);
    expect(await decryption('plain')).toEqual({ path: './plain', provider: undefined, secret: undefined });
  });

  it('is what the controller was told to use for all that name no Secret', async () => {
    expect((await decryption('fallback')).secret).toEqual({
      namespace: 'flux-system',
      name: 'for-all',
      ofController: true,
      state: 'read',
      keys: [{ name: 'any.agekey', kind: 'age', recipients: [held] }],
    });
  });

  it('is hidden from somebody who may not get the Secret, and the sentence names the right', async () => {
    const viewer = await openSession(api, 'viewer');
    try {
      await viewer.listed();
      const found = await decryption('good', viewer);
      expect(found.secret).toMatchObject({ state: 'forbidden', keys: [] });
      // What the controller is told is not for everybody to see either.
      expect((await decryption('fallback', viewer)).secret).toBeUndefined();
      const asked = { cluster: 'prod', object: 'Kustomization apps/good' };
      expect(whyDecryptionFails(asked, found, []).problem).toContain(
        'You may not get secrets apps/sops-age in prod',
      );
    } finally {
      viewer.close();
    }
  });

  it('is held against files: sealed to this key, and to another', async () => {
    const other = (await generateAgeKey(new Date(0), { postQuantum: false })).recipient;
    const files = [
      { path: 'good/a.yaml', text: sealedTo([[held]]) },
      { path: 'good/b.yaml', text: sealedTo([[other]]) },
    ];
    const asked = { cluster: 'prod', object: 'Kustomization apps/good' };
    const verdicts = whyDecryptionFails(asked, await decryption('good'), files).files;
    expect(verdicts.map(({ opens }) => opens)).toEqual(['no', 'yes']);
    expect(verdicts[0]?.sentence).toContain('credentials (sops.vault-token)');
  });
});
