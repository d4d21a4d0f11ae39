import { describe, expect, it } from 'vitest';
import { asPrinted, judgeConfiguration } from '../../../../src/audit/at-rest/judge-configuration.ts';
import { coverageOf } from '../../../../src/manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../../../src/manifest/at-rest/group-resource.ts';
import type { TellDocument } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../../../src/manifest/at-rest/readers.ts';
import { tellDocument } from '../../../../src/manifest/parse.ts';
import {
  configurationFiles,
  configurationFolder,
  head,
  structureCases,
  structureFile,
  structureText,
  wildcardCases,
  wildcardFile,
  wildcardText,
} from '../../../support/encryption-configurations.ts';
import { describeVectors, readVector } from '../../../support/vectors.ts';
import said from './said-by-kube-apiserver.json' with { type: 'json' };

const path = '/etc/encryption.yaml';
const key = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=';

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

describeVectors("kube-apiserver's own configurations", configurationFolder, () => {
  it.each(configurationFiles('valid-configs'))('takes %s', (name) => {
    expect(printed(readVector(`${configurationFolder}/${name}`))).toBe('');
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
    expect(printed(readVector(`${configurationFolder}/invalid-configs/${name}`))).toBe(message);
  });
});

/** `firstResourcePath.Child("providers").Index(0)` as the path it makes. */
function pathOf(expression: string): string {
  return expression
    .replace('firstResourcePath', 'resources[0]')
    .replace('root', 'resources')
    .replaceAll(/\.Index\((\d+)\)/g, '[$1]')
    .replaceAll(/\.Child\("([^"]+)"\)/g, '.$1');
}

describeVectors("the cases of kube-apiserver's TestStructure", structureFile, () => {
  it.each(structureCases().map((one) => [one.desc, one] as const))('%s', (_desc, one) => {
    const { errors } = judgeConfiguration(structureText(one), { reload: one.reload, kmsV1: true });
    expect(errors.length).toBe(one.expectErrors.length);
    one.expectErrors.forEach(({ pathExpr, messages }, index) => {
      const message = errors[index]?.message ?? '';
      expect(message.slice(0, message.indexOf(': '))).toBe(pathOf(pathExpr));
      for (const part of messages.join().split('%s')) expect(message).toContain(part);
    });
  });
});

describeVectors("the cases of kube-apiserver's wildcard tests", wildcardFile, () => {
  it.each(wildcardCases().map((one) => [one.desc, one] as const))('%s', (_desc, one) => {
    const judged = judgeConfiguration(wildcardText(one), { reload: false, kmsV1: true });
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
});

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
