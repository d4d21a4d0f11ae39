import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationFindings } from '../../../../src/audit/at-rest/configuration-findings.ts';
import { audit } from '../../../../src/audit/audit.ts';
import { rescan, scan } from '../../../../src/manifest/scan.ts';
import { allSchemes } from '../../../support/schemes.ts';

const registry = allSchemes();
const key = Buffer.from(Array.from({ length: 32 }, (_, at) => 7 + at * 5)).toString('base64');
const configuration = (providers: string, resources = 'secrets') =>
  `kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [${resources}]\n  providers:\n${providers}`;
const keyed = (kind: string, secret = key) =>
  `  - ${kind}:\n      keys:\n      - name: key1\n        secret: ${secret}\n`;
const indented = (text: string) => text.trimEnd().replaceAll('\n', '\n    ');

/** What is told of a text: rule, and what is underlined. */
function told(text: string): string[] {
  const { findings } = audit(scan(text), registry);
  return findings.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

describe('an EncryptionConfiguration in a workspace', () => {
  it('is told what kube-apiserver has against it, in its words', () => {
    const text = configuration(keyed('secretbox'), 'Secrets');
    expect(audit(scan(text), registry).findings).toMatchObject([
      {
        rule: 'at-rest/invalid-configuration',
        level: 'error',
        message:
          'resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters',
      },
      { rule: 'private-key-in-repo' },
    ]);
  });

  it('is told advice beside the keys that stand in it, of which none is left out', () => {
    expect(told(configuration(keyed('aescbc')))).toEqual([
      'at-rest/aescbc aescbc',
      `private-key-in-repo ${key}`,
    ]);
    const flow = `  - {aescbc: {keys: [{name: a, secret: ${key}}]}, identity: {}}\n`;
    expect(told(configuration(flow)).map((one) => one.split(' ')[0])).toEqual([
      'at-rest/invalid-configuration',
      'at-rest/aescbc',
      'private-key-in-repo',
    ]);
  });

  it('has no squiggle of several lines', () => {
    const text = configuration(`${keyed('aescbc').trimEnd()}\n    identity: {}\n`);
    for (const one of told(text)) expect(one).not.toContain('\n');
    expect(told(text)[0]).toBe('at-rest/invalid-configuration aescbc:');
  });

  it('is judged for an API server of today: without KMS v1', () => {
    const kms = '  - kms: {name: a, endpoint: "unix:///a"}\n';
    expect(told(configuration(kms))).toEqual(['at-rest/kms-v1 kms']);
  });

  it('is taken by what it says it is', () => {
    const invalid = configuration('  - identity: {}\n', 'Secrets');
    const of = (apiVersion: string, kind: string) =>
      told(
        invalid.replace('apiserver.config.k8s.io/v1', apiVersion).replace('EncryptionConfiguration', kind),
      );
    expect(of('v1', 'EncryptionConfig')).toContain('at-rest/invalid-configuration Secrets');
    expect(of('apiserver.config.k8s.io/v1beta1', 'EncryptionConfiguration')).toEqual([
      'at-rest/invalid-configuration EncryptionConfiguration',
    ]);
    expect(of('example.com/v1', 'EncryptionConfiguration')).toEqual([]);
    expect(of('apiserver.config.k8s.io/v1', 'EncryptionConfigurationList')).toEqual([]);
  });

  it('is judged in each document that is one, where it stands', () => {
    const second = configuration('  - identity: {}\n');
    const text = `kind: ConfigMap\ndata: {a: b}\n---\n${second}---\n${configuration('  - identity\n')}`;
    const { findings } = audit(scan(text), registry);
    expect(findings.map(({ rule, span }) => [rule, text.slice(0, span.start).split('\n').length])).toEqual([
      ['at-rest/identity-first', 9],
      ['at-rest/invalid-configuration', 16],
    ]);
  });

  it.each([
    [
      'a ConfigMap',
      `kind: ConfigMap\ndata:\n  ec.yaml: |\n    ${indented(configuration('  - none: {}\n'))}\n`,
    ],
    [
      'cloud-init',
      `#cloud-config\nwrite_files:\n- path: /etc/ec.yaml\n  content: |\n    ${indented(configuration('  - none: {}\n'))}\n`,
    ],
    [
      "KubeOne's configuration",
      `kind: KubeOneCluster\nfeatures:\n  encryptionProviders:\n    customEncryptionConfiguration: |\n      ${configuration('  - none: {}\n').trimEnd().replaceAll('\n', '\n      ')}\n`,
    ],
    [
      "RKE's cluster.yml",
      'services:\n  kube-api:\n    secrets_encryption_config:\n      custom_config:\n        apiVersion: v1\n        kind: EncryptionConfiguration\n        resources: [{providers: [{none: {}}]}]\n',
    ],
    [
      'a List',
      `kind: List\nitems:\n- ${configuration('  - none: {}\n').trimEnd().replaceAll('\n', '\n  ')}\n`,
    ],
  ])('is not judged inside of %s', (_, text) => {
    expect(told(text)).toEqual([]);
  });

  it('is not refused where it is a template, or what SOPS encrypted: kube-apiserver gets another text', () => {
    const template = configuration(
      `  {{- if .Values.kms }}\n  - kms: {}\n  {{- end }}\n${keyed('aescbc', '{{ .Values.key }}')}`,
    );
    expect(told(template).filter((one) => one.includes('invalid'))).toEqual([]);
    const sealed = `${configuration(keyed('aescbc', 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]'))}sops:\n  version: 3.9.0\n`;
    expect(told(sealed).filter((one) => /invalid|private-key/.test(one))).toEqual([]);
    expect(told(sealed)).toContain('at-rest/aescbc aescbc');
  });

  it.each(['<BASE 64 ENCODED SECRET>', '${ENCRYPTION_KEY}', 'CHANGEME'])(
    'may say %s for a key that is yet to come',
    (placeholder) => {
      expect(told(configuration(keyed('secretbox', placeholder)))).toEqual([]);
    },
  );

  it('is silenced by a comment with a reason', () => {
    const text = configuration(keyed('aescbc')).replace(
      'aescbc:',
      'aescbc: # purser:ignore at-rest/aescbc until the rotation is done',
    );
    expect(told(text)).toEqual([`private-key-in-repo ${key}`]);
  });

  it('is told the same after each keystroke as if it were new', () => {
    const text = `kind: Secret\nstringData: {password: hunter2-hunter2}\n---\n${configuration(keyed('aescbc'))}`;
    fc.assert(
      fc.property(fc.nat(text.length), fc.constantFrom('', 'x', '\n', ' ', '{', '- '), (at, more) => {
        const first = scan(text);
        const known = audit(first, registry);
        const after = `${text.slice(0, at)}${more}${text.slice(at + 1)}`;
        const now = audit(rescan(first, after), registry, undefined, known);
        const anew = audit(scan(after), registry);
        const shown = ({ findings }: typeof now) =>
          findings.map(({ rule, span, message }) => [rule, span, message]);
        expect(shown(now)).toEqual(shown(anew));
      }),
      { numRuns: 200 },
    );
  });
});

/** Seconds of this process' CPU. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('a hostile EncryptionConfiguration', () => {
  const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n';
  const many = (count: number, of: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => of(at));
  const names = (count: number) => many(count, (at) => `r${at}`).join(', ');
  const aescbc = `{aescbc: {keys: [{name: a, secret: ${key}}]}}`;
  /** Each about as many times as long as the count says. */
  const texts: Record<string, (count: number) => string> = {
    'unknown fields': (count) => head + many(count, (at) => `f${at}: 1\n`).join(''),
    'repeated keys': (count) => head + many(count, () => 'kind: a\n').join(''),
    'one long line': (count) => `${head}- resources: [${names(count)}]\n`,
    'resources left out of what is encrypted': (count) =>
      `${head}- {resources: [${names(count)}], providers: [{identity: {}}]}\n- {resources: [${names(count)}], providers: [${aescbc}]}\n`,
    'many rules of identity': (count) =>
      head + many(count, (at) => `- {resources: [r${at}], providers: [{identity: {}}]}\n`).join(''),
    'many providers of everything': (count) =>
      `${head}- resources: [secrets]\n  providers:\n${many(count, () => `  - {identity: {}, aescbc: {}}\n`).join('')}`,
    'nested lists': (count) => `${head}- ${'['.repeat(count)}\n`,
    'nested maps': (count) => `${head}- ${'{a: '.repeat(count)}\n`,
    aliases: (count) => `${head}- &a [${'x, '.repeat(count)}x]\n${many(count, () => '- *a\n').join('')}`,
    'merge keys': (count) => `${head}- &a {${names(count)}}\n${many(count, () => '- {<<: *a}\n').join('')}`,
    'long digits': (count) => `${head}- resources: [${'9'.repeat(count * 10)}]\n`,
    'many configurations': (count) => many(count / 10, () => `---\n${head}- {}\n`).join(''),
  };

  it.each(Object.keys(texts))('takes a time that grows with its length: %s', (what) => {
    const text = (count: number) => texts[what]?.(count) ?? '';
    const judged = (count: number) =>
      cost(() => configurationFindings(text(count), { reload: false, kmsV1: false }));
    judged(500);
    const [small, large] = [judged(1_250), judged(10_000)];
    expect(large).toBeLessThan(Math.max(0.5, small * 8 * 4));
    expect(cost(() => audit(scan(text(20_000)), registry))).toBeLessThan(4);
  });
});
