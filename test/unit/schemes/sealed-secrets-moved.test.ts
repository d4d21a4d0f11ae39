import { describe, expect, it } from 'vitest';
import { movedItems } from '../../../src/schemes/sealed-secrets/moved-items.ts';

const sealed = (metadata: string, items: string) =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n${metadata}spec:\n  encryptedData:\n${items}`;
const prod = '  name: db\n  namespace: prod\n';
const wide = (scope: string) => `  annotations:\n    sealedsecrets.bitnami.com/${scope}: "true"\n`;
const items = '    a: AgAA\n    b: AgBB\n';
const told = (before: string, now: string) =>
  movedItems(before, now).map(({ entry: { key }, from }) => [key, from.namespace, from.name, from.scope]);

describe('items of SealedSecrets that stood elsewhere', () => {
  it.each([
    ['another name', prod.replace('db', 'other')],
    ['another namespace', prod.replace('prod', 'stage')],
    ['no namespace', '  name: db\n'],
    ['another scope', prod + wide('namespace-wide')],
  ])('are those that now have %s', (_name, metadata) => {
    expect(told(sealed(prod, items), sealed(metadata, items))).toEqual([
      ['a', 'prod', 'db', 'strict'],
      ['b', 'prod', 'db', 'strict'],
    ]);
  });

  it('are only those whose ciphertext is the same', () => {
    const now = sealed(prod.replace('db', 'other'), items.replace('AgBB', 'AgCC').replace('a:', 'c:'));
    expect(told(sealed(prod, items), now)).toEqual([['c', 'prod', 'db', 'strict']]);
  });

  it.each([
    [
      'the name in a namespace-wide one',
      prod.replace('db', 'other') + wide('namespace-wide'),
      'namespace-wide',
    ],
    ['everything in a cluster-wide one', '  name: other\n' + wide('cluster-wide'), 'cluster-wide'],
  ])('are none after a change of %s', (_name, metadata, scope) => {
    expect(told(sealed(prod + wide(scope), items), sealed(metadata, items))).toEqual([]);
  });

  it('are none where they stand in the old place too, in another order, or are new', () => {
    const [one, other] = [sealed(prod, items), sealed(prod.replace('db', 'other'), '    x: AgXX\n')];
    expect(told(`${one}---\n${other}`, `${other}---\n# moved\n${one}`)).toEqual([]);
    expect(told('', one)).toEqual([]);
    expect(told(one, '{{ broken')).toEqual([]);
    expect(told(sealed(prod, '    a:\n'), sealed('  name: x\n', '    a:\n'))).toEqual([]);
  });
});
