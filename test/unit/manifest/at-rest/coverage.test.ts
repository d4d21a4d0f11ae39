import { describe, expect, it } from 'vitest';
import { compareConfigurations } from '../../../../src/manifest/at-rest/compare.ts';
import type { EncryptionConfiguration } from '../../../../src/manifest/at-rest/configuration.ts';
import { coverageOf } from '../../../../src/manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../../../src/manifest/at-rest/group-resource.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../../../src/manifest/at-rest/readers.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');

function configuration(...rules: readonly string[]): EncryptionConfiguration {
  const text = `kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n${rules.map((rule) => `- {${rule}}\n`).join('')}`;
  const read = readConfiguration(text);
  expect(read.errors).toEqual([]);
  if (read.configuration === undefined) throw new Error('not read');
  return read.configuration;
}

const secretbox = (...keys: readonly (readonly [string, number])[]) =>
  `{secretbox: {keys: [${keys.map(([name, fill]) => `{name: ${name}, secret: ${key(fill)}}`).join(', ')}]}}`;

describe('who writes and reads a resource', () => {
  const mixed = configuration(
    `resources: [secrets], providers: [${secretbox(['a', 1], ['b:c', 2])}, {identity: {}}]`,
    `resources: ["*.apps", configmaps.], providers: [{kms: {apiVersion: v2, name: vault, endpoint: "unix:///a"}}]`,
    `resources: [secrets], providers: [{aescbc: {keys: [{name: old, secret: ${key(3)}}]}}]`,
    `resources: ["*."], providers: [{identity: {}}]`,
  );

  it.each([
    ['secrets', ['secretbox/a', 'secretbox/b:c', 'identity', 'aescbc/old']],
    ['configmaps', ['kms/vault']],
    ['deployments.apps', ['kms/vault']],
    ['pods', ['identity']],
    ['pandas.bears', []],
  ])('%s', (resource, ids) => {
    const { readers, writer } = coverageOf(mixed, parseGroupResource(resource));
    expect(readersOf(readers).map(({ id }) => id)).toEqual(ids);
    expect(writer).toBe(readers[0]);
  });

  it.each(['masterleases', 'peerserverleases', 'ranges'])('%s: nobody, whatever the wildcard', (resource) => {
    const all = configuration(`resources: ["*.*"], providers: [${secretbox(['a', 1])}]`);
    expect(coverageOf(all, { group: '', resource }).writer).toBeUndefined();
    expect(coverageOf(all, { group: 'example.io', resource }).writer).toBeDefined();
  });

  it('knows what stored values begin with', () => {
    const readers = readersOf(coverageOf(mixed, parseGroupResource('secrets')).readers);
    expect(readers.map(({ prefix }) => prefix)).toEqual([
      'k8s:enc:secretbox:v1:a:',
      'k8s:enc:secretbox:v1:b:c:',
      '',
      'k8s:enc:aescbc:v1:old:',
    ]);
    expect(JSON.stringify(readers)).not.toContain(key(1));
  });
});

describe('comparing two configurations', () => {
  const before = configuration(`resources: [secrets], providers: [${secretbox(['a', 1], ['b', 2])}]`);

  it('finds none between a configuration and itself, however its keys are written', () => {
    const other = configuration(
      `resources: [secrets.], providers: [{secretbox: {keys: [{name: a, secret: "${key(1)}\\n"}, {name: b, secret: ${key(2)}}]}}]`,
    );
    expect(compareConfigurations(before, other)).toEqual([]);
  });

  it('tells another writer, and what cannot be read any more', () => {
    const after = configuration(
      `resources: [secrets], providers: [${secretbox(['b', 9])}, {identity: {}}]`,
      `resources: [configmaps], providers: [${secretbox(['b', 9])}]`,
    );
    expect(compareConfigurations(before, after)).toEqual([
      {
        resource: 'secrets',
        writer: { before: 'secretbox/a', after: 'secretbox/b' },
        added: ['identity'],
        removed: ['secretbox/a'],
        replaced: ['secretbox/b'],
      },
      {
        resource: 'configmaps',
        writer: { before: 'identity', after: 'secretbox/b' },
        added: ['secretbox/b'],
        removed: ['identity'],
        replaced: [],
      },
    ]);
  });
});
