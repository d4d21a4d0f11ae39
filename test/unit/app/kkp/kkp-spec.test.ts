import { expect, it } from 'vitest';
import { hashOfSpec, type KkpSpec, specOfText } from '../../../../src/app/kkp/kkp-spec.ts';
import { specHash } from '../../../../src/crypto/kkp/spec-hash.ts';
import { kkpClustersIn } from '../../../../src/manifest/kkp/cluster-text.ts';
import { outlineOf } from '../../../../src/manifest/outline-document.ts';
import { describeVectors, vectorRows } from '../../../support/vectors.ts';

interface Case {
  readonly json: string;
  readonly sha1: string;
}
const cases = vectorRows<Case>('kkp.json', (text) => JSON.parse(text).specHash.cases);

/** The spec as it is read from a manifest. */
function written(spec: string): KkpSpec | undefined {
  const text = `{"apiVersion":"kubermatic.k8c.io/v1","kind":"Cluster","spec":{"encryptionConfiguration":${spec}}}`;
  const [cluster] = kkpClustersIn(outlineOf(text, { start: 0, end: text.length }), text);
  return cluster?.encryption && specOfText(cluster.encryption);
}

describeVectors("KKP's hash of an encryption spec", 'kkp.json', () => {
  it.each(cases)('is that of the published case $sha1', ({ json, sha1 }) => {
    expect(specHash(json)).toBe(sha1);
    expect(hashOfSpec(written(json))).toBe(sha1);
  });
});

const key = (more: object) => ({ name: '', value: '', secretRef: undefined, ...more });

// As Go 1.26.8 marshals KKP's structs.
it.each<readonly [string, KkpSpec, string]>([
  [
    'no resources and no provider',
    { enabled: false, resources: null, keys: undefined },
    '858a067c057fe11c3742cf5a4ef183ac38ef76fa',
  ],
  [
    'an empty list',
    { enabled: false, resources: [], keys: undefined },
    'cde68813245da0870e5f5c036432495ea9f6e6ae',
  ],
  [
    'a provider without keys',
    { enabled: false, resources: null, keys: [] },
    '36a40721c3bb3fc9af9e1e3018b3df0db2b97860',
  ],
  [
    'characters that Go writes for HTML, and what it leaves out',
    {
      enabled: true,
      resources: ['secrets', 'a<b>&c\u2028'],
      keys: [
        key({ name: 'k\b\f\n"é', value: 'v' }),
        key({ name: 'n', secretRef: { name: '', key: 'k', optional: false } }),
        key({ secretRef: { name: 's', key: '\u007f\u001f', optional: undefined } }),
      ],
    },
    'd98ac7bba20f91be23e587ab094e09a46fd61f9e',
  ],
])('a spec with %s has the hash that Go gives it', (_, spec, sha1) => {
  expect(hashOfSpec(spec)).toBe(sha1);
});
