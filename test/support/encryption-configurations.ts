import { readdirSync } from 'node:fs';
import { vectorPath, vectorRows } from './vectors.ts';

/** What every EncryptionConfiguration of tests begins with. */
export const head = 'kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\n';

const key = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=';

export function kms(version: string, name: string): string {
  return `{kms: {apiVersion: ${version}, name: ${name}, endpoint: "unix:///tmp/kms.socket", timeout: 3s}}`;
}

/** The text of a configuration, of its rules as YAML in flow style. */
function ruled(rules: readonly (readonly [resources: readonly string[], providers: string])[]): string {
  const lines = rules.map(
    ([resources, providers]) => `- {resources: ${JSON.stringify(resources)}, providers: [${providers}]}\n`,
  );
  return `${head}resources:\n${lines.join('')}`;
}

/** A case of kube-apiserver's TestStructure. */
export interface StructureCase {
  readonly desc: string;
  readonly resources: readonly (readonly string[])[];
  readonly reload: boolean;
  readonly expectErrors: readonly { readonly pathExpr: string; readonly messages: readonly string[] }[];
}

export const structureFile = 'k8s/encryptionconfig_structure_cases.json';

/** Without the one about no configuration at all: a file always is one, if an empty one. */
export function structureCases(): readonly StructureCase[] {
  const cases = vectorRows<StructureCase>(structureFile, (text) => JSON.parse(text).cases);
  return cases.filter(({ desc }) => !desc.startsWith('nil '));
}

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

export function structureText({ desc, resources }: StructureCase): string {
  if (desc === 'empty encryption config') return head;
  const lists = desc === 'no k8s resources' ? [[]] : resources;
  return ruled(lists.map((list, index) => [list, providers[desc]?.[index] ?? '{identity: {}}']));
}

/** A case of kube-apiserver's wildcard tests. */
export interface WildcardCase {
  readonly desc: string;
  readonly resourceLists: readonly (readonly string[])[];
  readonly expectedError: string;
  readonly expectedPrefixForResource: Readonly<Record<string, string>> | null;
}

export const wildcardFile = 'k8s/encryptionconfig_wildcard_cases.json';

export function wildcardCases(): readonly WildcardCase[] {
  return vectorRows<WildcardCase>(wildcardFile, (text) => JSON.parse(text).cases);
}

/** That test builds what validation would refuse, so that each list is put into entries of their own here. */
export function wildcardText({ resourceLists, expectedPrefixForResource }: WildcardCase): string {
  const names = ['kms', 'another-kms', 'fancy', 'yet-another-provider'];
  const lists =
    expectedPrefixForResource === null
      ? resourceLists.flatMap((list) => list.map((name) => [name]))
      : resourceLists;
  return ruled(lists.map((list, at) => [list, kms('v1', names[at] ?? 'x')]));
}

export const configurationFolder = 'k8s/encryptionconfig';

/** kube-apiserver's own files, by their paths below `configurationFolder`: all in `valid-configs` or `invalid-configs`. */
export function configurationFiles(kind: 'valid-configs' | 'invalid-configs'): readonly string[] {
  const folder = vectorPath(`${configurationFolder}/${kind}`);
  if (folder === undefined) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = entries.filter((name) => /\.(?:yaml|json)$/.test(name)).toSorted();
  return files.map((name) => `${kind}/${name.replaceAll('\\', '/')}`);
}
