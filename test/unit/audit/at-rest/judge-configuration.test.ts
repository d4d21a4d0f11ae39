import { describe, expect, it } from 'vitest';
import { asPrinted, judgeConfiguration } from '../../../../src/audit/at-rest/judge-configuration.ts';
import { coverageOf } from '../../../../src/manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../../../src/manifest/at-rest/group-resource.ts';
import type { TellDocument } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../../../src/manifest/at-rest/readers.ts';
import { tellDocument } from '../../../../src/manifest/parse.ts';
import { describeVectors, readVector, vectorRows } from '../../../support/vectors.ts';
import said from './said-by-kube-apiserver.json' with { type: 'json' };

const path = '/etc/encryption.yaml';
const head = 'kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\n';

function printed(text: string, reload = false, kmsV1 = true, tell?: TellDocument): string {
  return asPrinted(judgeConfiguration(text, { reload, kmsV1 }, tell), path) ?? '';
}

interface Said {
  readonly text: string;
  readonly reload?: boolean;
  readonly kmsV1?: boolean;
  readonly said: string;
}

describe.each([
  ['leniently', undefined],
  ['by the parser', tellDocument],
])('what kube-apiserver 1.36 said to texts of every kind, read %s', (_how, tell) => {
  const cases: readonly Said[] = said.cases;

  it.each(cases.map((one, index) => [index, one] as const))('says the same to text %i', (_index, one) => {
    expect(printed(one.text, one.reload, one.kmsV1, tell)).toBe(one.said);
  });

  it('takes some and refuses others', () => {
    expect(cases.filter((one) => one.said === '').length).toBeGreaterThan(4);
    expect(cases.filter((one) => one.said !== '').length).toBeGreaterThan(80);
  });
});

const folder = 'k8s/encryptionconfig';

describeVectors("kube-apiserver's own configurations", folder, () => {
  it.each([
    'aes-cbc-first.yaml',
    'aes-gcm-first.yaml',
    'identity-first.yaml',
    'kms-first.yaml',
    'kmsv2-first.yaml',
    'legacy.yaml',
    'secret-box-first.yaml',
    'aes/aes-cbc-multiple-keys.json',
    'aes/aes-cbc-multiple-keys-reversed.json',
    'aes/aes-cbc-multiple-providers.json',
    'aes/aes-cbc-multiple-providers-reversed.json',
    'aes/aes-gcm.yaml',
    'kms/default-timeout.yaml',
    'kms/multiple-providers.yaml',
    'kms/multiple-providers-kmsv2.yaml',
    'kms/multiple-providers-mixed.yaml',
  ])('takes %s', (name) => {
    expect(printed(readVector(`${folder}/valid-configs/${name}`))).toBe('');
  });

  const decoding = `error while parsing file: error decoding encryption provider configuration file "${path}": `;
  it.each([
    [
      'invalid-aes-gcm.yaml',
      'error while parsing file: resources[0].providers[0].aesgcm.keys: Required value: at least one keys is required',
    ],
    [
      'invalid-typo.yaml',
      `${decoding}strict decoding error: unknown field "resources[0].providers[3].kms.pandas"`,
    ],
    [
      'kms/invalid-apiversion.yaml',
      'error while parsing file: resources[0].providers[0].kms.apiVersion: Invalid value: "v3": unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported',
    ],
    [
      'kms/invalid-config-type.yaml',
      `${decoding}no kind "EncryptionConfigurations" is registered for version "apiserver.config.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"`,
    ],
    [
      'kms/invalid-content.yaml',
      `error while parsing file: error while loading file: encryption provider configuration file "${path}" is empty`,
    ],
    ['kms/invalid-gvk.yaml', `${decoding}Object 'Kind' is missing in '[the file]'`],
  ])('refuses %s as it does', (name, message) => {
    expect(printed(readVector(`${folder}/invalid-configs/${name}`))).toBe(message);
  });
});

interface StructureCase {
  readonly desc: string;
  readonly resources: readonly (readonly string[])[];
  readonly reload: boolean;
  readonly expectErrors: readonly { readonly pathExpr: string; readonly messages: readonly string[] }[];
}

const key = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=';
const kms = (version: string, name: string) =>
  `{kms: {apiVersion: ${version}, name: ${name}, endpoint: "unix:///tmp/kms.socket", timeout: 3s}}`;
/** The providers of those cases that are about them, an entry of `resources` a line. */
const providers: Readonly<Record<string, readonly string[]>> = {
  'no providers': [''],
  'multiple providers': [
    `{aesgcm: {keys: [{name: a, secret: ${key}}]}, aescbc: {keys: [{name: a, secret: ${key}}]}}`,
  ],
  'duplicate kms v2 config name with kms v1 config': [`${kms('v1', 'foo')}, ${kms('v2', 'foo')}`],
  'duplicate kms v2 config names': [`${kms('v2', 'foo')}, ${kms('v2', 'foo')}`],
  'duplicate kms v2 config name across providers': [kms('v2', 'foo'), kms('v2', 'foo')],
  'duplicate kms config name with v1 and v2 across providers': [kms('v1', 'foo'), kms('v2', 'foo')],
  "duplicate kms v1 config names shouldn't error": [`${kms('v1', 'foo')}, ${kms('v1', 'foo')}`],
  'duplicate kms v1 config names should error when reload=true': [`${kms('v1', 'foo')}, ${kms('v1', 'foo')}`],
};

function textOf({ desc, resources }: StructureCase): string {
  if (desc === 'empty encryption config') return head;
  const lists = desc === 'no k8s resources' ? [[]] : resources;
  const rules = lists.map((list, index) => {
    const own = providers[desc]?.[index] ?? '{identity: {}}';
    return `- {resources: ${JSON.stringify(list)}, providers: [${own}]}\n`;
  });
  return `${head}resources:\n${rules.join('')}`;
}

/** `firstResourcePath.Child("providers").Index(0)` as the path it makes. */
function pathOf(expression: string): string {
  return expression
    .replace('firstResourcePath', 'resources[0]')
    .replace('root', 'resources')
    .replaceAll(/\.Index\((\d+)\)/g, '[$1]')
    .replaceAll(/\.Child\("([^"]+)"\)/g, '.$1');
}

describeVectors(
  "the cases of kube-apiserver's TestStructure",
  'k8s/encryptionconfig_structure_cases.json',
  () => {
    const cases = vectorRows<StructureCase>(
      'k8s/encryptionconfig_structure_cases.json',
      (text) => JSON.parse(text).cases,
    );

    // A file always is a configuration, if an empty one.
    it.each(cases.filter(({ desc }) => !desc.startsWith('nil ')).map((one) => [one.desc, one] as const))(
      '%s',
      (_desc, one) => {
        const { errors } = judgeConfiguration(textOf(one), { reload: one.reload, kmsV1: true });
        expect(errors.length).toBe(one.expectErrors.length);
        one.expectErrors.forEach(({ pathExpr, messages }, index) => {
          const message = errors[index]?.message ?? '';
          expect(message.slice(0, message.indexOf(': '))).toBe(pathOf(pathExpr));
          for (const part of messages.join().split('%s')) expect(message).toContain(part);
        });
      },
    );
  },
);

interface WildcardCase {
  readonly desc: string;
  readonly resourceLists: readonly (readonly string[])[];
  readonly expectedError: string;
  readonly expectedPrefixForResource: Readonly<Record<string, string>> | null;
}

describeVectors(
  "the cases of kube-apiserver's wildcard tests",
  'k8s/encryptionconfig_wildcard_cases.json',
  () => {
    const cases = vectorRows<WildcardCase>(
      'k8s/encryptionconfig_wildcard_cases.json',
      (text) => JSON.parse(text).cases,
    );
    // That test builds what validation would refuse, so that each list is put into entries of their own here.
    const names = ['kms', 'another-kms', 'fancy', 'yet-another-provider'];

    it.each(cases.map((one) => [one.desc, one] as const))('%s', (_desc, one) => {
      const lists =
        one.expectedPrefixForResource === null
          ? one.resourceLists.flatMap((list) => list.map((name) => [name]))
          : one.resourceLists;
      const rules = lists.map(
        (list, at) => `- {resources: ${JSON.stringify(list)}, providers: [${kms('v1', names[at] ?? 'x')}]}\n`,
      );
      const judged = judgeConfiguration(`${head}resources:\n${rules.join('')}`, {
        reload: false,
        kmsV1: true,
      });
      expect(judged.errors.map(({ message }) => message)).toEqual(
        one.expectedError === '' ? [] : [one.expectedError],
      );
      for (const [resource, prefix] of Object.entries(one.expectedPrefixForResource ?? {})) {
        const { readers } = coverageOf(
          judged.configuration ?? { start: 0, end: 0, legacy: false, resources: [] },
          parseGroupResource(resource),
        );
        expect([resource, readersOf(readers)[0]?.prefix]).toEqual([resource, prefix]);
      }
    });
  },
);

describe('judging what is no configuration', () => {
  it('says where kube-apiserver says it with the whole file', () => {
    const secret = 'kinds: x\nresources: hunter2-in-the-file\n';
    expect(printed(secret)).not.toContain('hunter2');
    const twice = `${head}resources: [{resources: [secrets], providers: [{identity: {}, secretbox: {keys: [{name: a, secret: ${key}}]}}]}]\n`;
    expect(printed(twice)).toContain('"Secret":"REDACTED"');
    expect(printed(twice)).not.toContain(key);
  });

  it.each([
    ['YAML with a quote that is never closed', `${head}resources: "x\n`],
    ['JSON that is cut short', '{"kind": "EncryptionConfiguration", "resources": [hunter2'],
    ['an alias of nothing', `${head}resources: *nothing\n`],
    ['an alias of itself', `${head}resources: &a [*a]\n`],
  ])('refuses %s without quoting it', (_name, text) => {
    expect(printed(text)).toMatch(/^error while parsing file: error decoding /);
    expect(printed(text)).not.toContain('hunter2');
  });

  it.each([
    ['a tab', `${head}resources:\n\t- a\n`],
    ['a bracket too many', `${head}resources:\n- resources: [secrets]\n  providers:\n  - identity: {}}\n`],
    ['a key too far in', `${head}  resources: []\n`],
    ['a colon too many', `${head}resources: a: b\n`],
    ['what begins with @', `${head}resources: [@a]\n`],
    ['a list as a key', `${head}? [a]\n: b\n`],
  ])('refuses %s as well, where the parser reads it', (_name, text) => {
    const judged = judgeConfiguration(text, { reload: false, kmsV1: true }, tellDocument);
    expect([judged.stage, judged.errors[0]?.message.slice(0, 6)]).toEqual(['decode', 'yaml: ']);
  });

  it('points at what it is about', () => {
    const text = `${head}resources:\n- resources: [secrets]\n  providers:\n  - secretbox:\n      keys:\n      - name: a\n        secret: c2hvcnQ=\n`;
    const [error] = judgeConfiguration(text, { reload: false, kmsV1: false }).errors;
    expect(text.slice(error?.start, error?.end)).toBe('c2hvcnQ=');
  });

  it('stays quick with what was made to be slow', () => {
    const before = process.cpuUsage().user;
    const bombs = [
      `${head}resources: ${'['.repeat(50_000)}\n`,
      `${head}a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefgh', (name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`).join('')}`,
      `${head}resources:\n- resources: [${'secrets, '.repeat(50_000)}]\n  providers: [{identity: {}}]\n`,
      `${head}resources:\n- resources: [a]\n  providers: [{kms: {timeout: "${'9'.repeat(200_000)}s"}}]\n`,
      `${head}n: ${'9'.repeat(200_000)}\n`,
    ];
    for (const text of bombs) expect(printed(text)).not.toBe('');
    expect(process.cpuUsage().user - before).toBeLessThan(5_000_000);
  });
});
