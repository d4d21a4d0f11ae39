import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../src/core/span.ts';
import { ageKeySealer } from '../../src/crypto/sops/age-keys.ts';
import type { SopsValue } from '../../src/crypto/sops/value.ts';
import { rotateSopsDataKey, updateSopsRecipients } from '../../src/schemes/sops/rewrap.ts';
import { changeSopsValue } from '../../src/schemes/sops/set-value.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { SopsHolders, sealedOn } from '../support/sops.ts';
import type { SopsCase } from '../support/sops-cases.ts';
import { FluxCluster, namespace } from './flux-cluster.ts';

const tools = { sealer: ageKeySealer, now: sealedOn };
const forSecrets = 'encrypted_regex: ^(data|stringData)$';
const applied = { status: 'True', message: expect.stringMatching(/^Applied revision/) as string };
const refused = { status: 'False', message: expect.stringContaining('cannot get sops data key') as string };

function secretText(name: string): string {
  return `# what ${name} needs
apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {app: x}
type: example.com/thing
data:
  # bytes
  binary: ${Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString('base64')}
  large: ${base64('large '.repeat(1_000))}
stringData:
  password: "0777" # not a number
  'yes': 'yes'
  url: |
    https://example.com/\u{1f511}

    two
  folded: >-
    one
    line
  empty: ""
`;
}

function configMapText(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata:\n  a: b\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describeKubeApi(
  'the kustomize-controller of Flux',
  () => {
    let cluster: FluxCluster;
    /** The cluster has the keys of the first three; the third's is post-quantum. */
    let holders: SopsHolders;

    beforeAll(async () => {
      holders = await SopsHolders.create();
      cluster = await FluxCluster.start({
        'age.agekey': holders.keyFile(0, 1),
        'post-quantum.agekey': holders.keyFile(2),
      });
    });
    afterAll(() => cluster?.stop());

    const seal = (text: string, more: Partial<SopsCase> = {}) => {
      const one = { name: '', format: 'yaml', groups: { count: 1, threshold: 0 } } as const;
      return holders.seal({ ...one, text, rule: forSecrets, ...more });
    };
    const withPassword = async (text: string, password: string) => {
      const value: SopsValue = { type: 'str', bytes: new TextEncoder().encode(password) };
      const target = { document: 0, place: ['stringData', 'password'] };
      return applyEdits(text, changeSopsValue(await holders.opening(text, 'yaml'), target, value, sealedOn));
    };
    const sealedTo = async (text: string, ...who: readonly number[]) => {
      const opening = await holders.opening(text, 'yaml');
      return applyEdits(text, await updateSopsRecipients(opening, holders.plan([who]), tools));
    };
    const rotatedTo = async (text: string, ...who: readonly number[]) => {
      const opening = await holders.opening(text, 'yaml');
      return applyEdits(text, await rotateSopsDataKey(opening, holders.plan([who]), tools));
    };

    it('applies several documents that Purser sealed as they were', async () => {
      const [first, settings, second] = [
        secretText('first'),
        configMapText('settings'),
        secretText('second'),
      ];
      const before = await Promise.all([first, settings, second].map((text) => cluster.meant(text)));
      const sealed = await seal([first, settings, second].join('---\n'));
      expect(sealed.match(/^sops:/gm)).toHaveLength(3);
      expect(await cluster.deploy('several', { 'apps/several.yaml': sealed })).toEqual(applied);
      expect(await cluster.content('secret', 'first')).toEqual(before[0]);
      expect(await cluster.content('configmap', 'settings')).toEqual(before[1]);
      expect(await cluster.content('secret', 'second')).toEqual(before[2]);
    });

    it.each<readonly [how: string, name: string, more: Partial<SopsCase>]>([
      [
        'but for what a rule names',
        'clear',
        { rule: 'unencrypted_regex: ^(apiVersion|kind|metadata|type)$' },
      ],
      ['with a MAC over nothing else', 'mac', { rule: `${forSecrets}\n    mac_only_encrypted: true` }],
      ['to two key groups of which it takes both', 'groups', { groups: { count: 2, threshold: 2 } }],
    ])('applies what Purser sealed %s', async (_how, name, more) => {
      const text = secretText(name);
      const before = await cluster.meant(text);
      expect(await cluster.deploy(name, { 'secret.yaml': await seal(text, more) })).toEqual(applied);
      expect(await cluster.content('secret', name)).toEqual(before);
    });

    it('applies what Purser sealed in JSON', async () => {
      const text = JSON.stringify(parse(secretText('json')), undefined, 2);
      const before = await cluster.meant(text);
      const files = {
        // Where there is none, Flux looks for YAML alone.
        'kustomization.yaml': 'resources: [secret.json]\n',
        'secret.json': await seal(text, { format: 'json' }),
      };
      expect(await cluster.deploy('json', files)).toEqual(applied);
      expect(await cluster.content('secret', 'json')).toEqual(before);
    });

    it('applies values of every type that Purser sealed', async () => {
      const text = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: typed, namespace: ${namespace}}
spec:
  interval: 10m
  suspend: true
  chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: x}}}
  values:
    integer: 17
    float: 1.5
    "yes": true
    none: null
    text: "17"
    list: [1, two, {three: 3.25}]
    empty: {}
    "10": later
`;
      const before = await cluster.meant(text);
      const sealed = await seal(text, { rule: 'encrypted_regex: ^values$' });
      expect(await cluster.deploy('typed', { 'release.yaml': sealed })).toEqual(applied);
      expect(await cluster.content('helmrelease', 'typed')).toEqual(before);
    });

    it('applies what Purser changed, sealed to others besides, and gave another data key', async () => {
      const text = secretText('changing');
      const { data, ...before } = await cluster.meant(text);
      const deploy = (sealed: string) => cluster.deploy('changing', { 'secret.yaml': sealed });
      const withThat = (password: string) => ({ ...before, data: { ...data, password: base64(password) } });
      let sealed = await seal(text);
      expect(await deploy(sealed)).toEqual(applied);
      sealed = await withPassword(sealed, 'new: "one"\n');
      expect(await deploy(sealed)).toEqual(applied);
      expect(await cluster.content('secret', 'changing')).toEqual(withThat('new: "one"\n'));
      sealed = await withPassword(await sealedTo(sealed, 3, 2), 'post-quantum');
      expect(await deploy(sealed)).toEqual(applied);
      expect(await cluster.content('secret', 'changing')).toEqual(withThat('post-quantum'));
      sealed = await withPassword(await rotatedTo(sealed, 1, 3), 'rotated');
      expect(await deploy(sealed)).toEqual(applied);
      expect(await cluster.content('secret', 'changing')).toEqual(withThat('rotated'));
      sealed = await withPassword(await rotatedTo(sealed, 3), 'not for the cluster');
      expect(await deploy(sealed)).toEqual(refused);
      expect(await cluster.content('secret', 'changing')).toEqual(withThat('rotated'));
    });

    it('decrypts a file that a kustomization makes a Secret of', async () => {
      const text = 'database:\n  password: canary\n  port: 5432\n';
      const kustomization = `namespace: ${namespace}
generatorOptions: {disableNameSuffixHash: true}
secretGenerator:
  - name: generated
    files: [config.yaml]
`;
      const files = {
        'kustomization.yaml': kustomization,
        'config.yaml': await seal(text, { rule: 'encrypted_regex: .*' }),
      };
      expect(await cluster.deploy('generated', files)).toEqual(applied);
      const secret = await cluster.content('secret', 'generated');
      const content = Buffer.from(secret?.data?.['config.yaml'] ?? '', 'base64').toString();
      expect(parse(content)).toEqual(parse(text));
    });

    it('applies nothing where one file is sealed to another', async () => {
      const foreign = await sealedTo(await seal(secretText('foreign')), 3);
      const files = { 'secret.yaml': foreign, 'settings.yaml': configMapText('beside') };
      expect(await cluster.deploy('foreign', files)).toEqual(refused);
      expect(await cluster.content('secret', 'foreign')).toBeUndefined();
      expect(await cluster.content('configmap', 'beside')).toBeUndefined();
    });

    it('says so where it was not told to decrypt', async () => {
      const files = { 'secret.yaml': await seal(secretText('untold')) };
      expect(await cluster.deploy('untold', files, { decrypts: false })).toEqual({
        status: 'False',
        message: expect.stringContaining('is SOPS encrypted, configuring decryption is required') as string,
      });
      expect(await cluster.content('secret', 'untold')).toBeUndefined();
    });

    it('applies the ciphertext, and says nothing, where comments select what is encrypted', async () => {
      const text = secretText('commented').replace('  password', '  # encrypt this\n  password');
      const sealed = await seal(text, { rule: 'encrypted_comment_regex: encrypt this' });
      expect(await cluster.deploy('commented', { 'secret.yaml': sealed })).toEqual(applied);
      const secret = await cluster.content('secret', 'commented');
      const password = Buffer.from(secret?.data?.['password'] ?? '', 'base64').toString();
      expect(password).toMatch(/^ENC\[AES256_GCM,/);
    });
  },
  'kustomizeController',
);
