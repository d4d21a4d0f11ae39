import { expect, it } from 'vitest';
import { whyDiffers } from '../../../../src/app/kkp/compare-manifest.ts';
import type { KkpEncryption } from '../../../../src/app/kkp/kkp-encryption.ts';
import { kkpPatch } from '../../../../src/app/kkp/kkp-patch.ts';
import { hashOfSpec, specOfText } from '../../../../src/app/kkp/kkp-spec.ts';
import { editableClusters } from '../../../../src/manifest/kkp/rotation-edit.ts';

const value = Buffer.alloc(32, 3).toString('base64');
const keys = [
  { name: 'a', value },
  { name: 'b', secretRef: { name: 's', key: 'b' } },
];

function written(encryption: object) {
  const text = JSON.stringify({
    apiVersion: 'kubermatic.k8c.io/v1',
    kind: 'Cluster',
    metadata: { name: 'abc' },
    spec: { encryptionConfiguration: encryption },
  });
  const [cluster] = editableClusters(text, 'abc');
  if (cluster?.encryption === undefined) throw new Error('no encryption');
  return cluster.encryption;
}
const stated = { enabled: true, resources: ['secrets'], secretbox: { keys } };
const live: KkpEncryption = {
  cluster: 'abc',
  hash: hashOfSpec(specOfText(written(stated))),
  feature: true,
  spec: {
    enabled: true,
    resources: ['secrets'],
    keys: [
      { name: 'a', from: 'value' },
      { name: 'b', from: { secret: 's', key: 'b' } },
    ],
  },
  status: undefined,
  conditions: [],
  rollout: undefined,
};

it('a manifest that says what the seed has is the same, however it is written', () => {
  expect(whyDiffers(written(stated), live)).toBeUndefined();
});

it.each([
  ['keys in another order', { ...stated, secretbox: { keys: keys.toReversed() } }],
  ['a key less', { ...stated, secretbox: { keys: keys.slice(1) } }],
  [
    'another Secret',
    { ...stated, secretbox: { keys: [keys[0], { name: 'b', secretRef: { name: 't', key: 'b' } }] } },
  ],
  ['another switch', { ...stated, enabled: false }],
  ['other resources', { ...stated, resources: ['configmaps'] }],
])('a manifest with %s is another', (_, encryption) => {
  expect(whyDiffers(written(encryption), live)).toContain('another encryption');
});

it('a manifest that gives a name another value is told that KKP keeps the first', () => {
  const other = { name: 'a', value: Buffer.alloc(32, 4).toString('base64') };
  const encryption = written({ ...stated, secretbox: { keys: [other, keys[1]] } });
  expect(whyDiffers(encryption, live)).toContain('keeps the value that a name had first');
});

it('a patch relies on the order that was seen, and holds no key of the Cluster', () => {
  const patch = kkpPatch(live, { step: 'remove', key: 'b' });
  const root = '/spec/encryptionConfiguration/secretbox/keys';
  expect(JSON.parse(patch)).toEqual([
    { op: 'test', path: `${root}/0/name`, value: 'a' },
    { op: 'test', path: `${root}/1/name`, value: 'b' },
    { op: 'remove', path: `${root}/1` },
  ]);
  expect(patch).not.toContain(value);
});
