import { describe, expect, it } from 'vitest';
import { newConfiguration, problemOf } from '../../../../src/app/at-rest/new-configuration.ts';
import { configurationFindings } from '../../../../src/audit/at-rest/configuration-findings.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { coverageOf } from '../../../../src/manifest/at-rest/coverage.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../../../src/manifest/at-rest/readers.ts';

const key = new Plaintext(new Uint8Array(32).fill(5));
const secretbox = { kind: 'secretbox', name: 'key1' } as const;

describe('a new configuration', () => {
  it('writes with the new key and still reads what was stored before', () => {
    const text =
      newConfiguration({ resources: ['secrets', '*.apps'], provider: secretbox }, key).exposeText() ?? '';
    const { configuration } = readConfiguration(text);
    if (configuration === undefined) throw new Error('it is none');
    const { readers } = coverageOf(configuration, { group: 'apps', resource: 'deployments' });
    expect(readersOf(readers).map(({ id }) => id)).toEqual(['secretbox/key1', 'identity']);
    expect(text).toContain('# Reads what was stored before. Remove it once everything was written anew');
    expect(configurationFindings(text, { reload: true, kmsV1: false })).toEqual([]);
  });

  it.each(['key:1', 'no', '12', 'a #b', "it's", '"'])('may call its key %s', (name) => {
    const text = newConfiguration({ resources: ['secrets'], provider: { ...secretbox, name } }, key);
    const { configuration } = readConfiguration(text.exposeText() ?? '');
    expect(configuration?.resources[0]?.providers.items[0]?.secretbox?.keys.items[0]?.name.text).toBe(name);
  });

  it('is refused as kube-apiserver would refuse it', () => {
    const resources = ['secrets'];
    expect(problemOf({ resources: [], provider: secretbox })).toContain('at least one');
    expect(problemOf({ resources: ['Secrets'], provider: secretbox })).toContain('capital letters');
    expect(problemOf({ resources: ['secrets', '*.*'], provider: secretbox })).toContain('overlapping');
    expect(problemOf({ resources, provider: { ...secretbox, name: '' } })).toContain(
      'name is a mandatory field',
    );
    const kms = { kind: 'kms', name: 'a:b', endpoint: 'unix:///a' } as const;
    expect(problemOf({ resources, provider: kms })).toContain("must not contain ':'");
    expect(problemOf({ resources, provider: { ...kms, name: 'a', endpoint: 'http://a' } })).toContain(
      'only unix',
    );
    expect(problemOf({ resources, provider: { ...kms, name: 'a' } })).toBeUndefined();
    expect(() => newConfiguration({ resources: [], provider: secretbox }, key)).toThrow(
      expect.objectContaining({ code: 'edit.unverified' }),
    );
  });
});
