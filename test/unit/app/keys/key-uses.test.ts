import { describe, expect, it } from 'vitest';
import { usesOf, valuesIn } from '../../../../src/app/keys/key-uses.ts';
import { joinKnown, type KnownKey } from '../../../../src/app/keys/known-key.ts';

const key = (more: Partial<KnownKey> & Pick<KnownKey, 'id' | 'title'>): KnownKey => ({
  schemes: ['jwe'],
  description: 'RSA 2048',
  fingerprint: undefined,
  opens: false,
  names: [],
  places: [],
  ...more,
});
const vault = { in: 'vault', vault: 'the key folder', key: { name: 'prod', extension: 'pem' } } as const;
const file = { in: 'repository', path: '/r/prod.pub.pem', ref: 'prod.pub.pem' } as const;

describe('keys that stand in several places', () => {
  it('are one, called as in the repository, and open where one half is private', () => {
    const [joined, ...others] = joinKnown([
      key({ id: 'a', title: 'local:prod', opens: true, places: [vault] }),
      key({ id: 'a', title: 'prod.pub.pem', places: [file], names: [{ scheme: 'jwe', name: 'kid' }] }),
    ]);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ title: 'prod.pub.pem', opens: true, places: [file, vault] });
    expect(joined?.names).toEqual([{ scheme: 'jwe', name: 'kid' }]);
  });
});

describe('what is sealed to keys', () => {
  const sealedTo = (recipient: string | undefined, values: number) =>
    ({ scheme: 'jwe', kind: undefined, recipient, values, line: 3 }) as const;

  it('is counted by the name that ciphertexts give, one place a file', () => {
    const known = [key({ id: 'a', title: 'a', names: [{ scheme: 'jwe', name: 'one' }] })];
    const { byKey, unknown } = usesOf(known, [
      { path: '/r/x.yaml', sealedTo: [sealedTo('one', 2), sealedTo('two', 1)] },
      { path: '/r/y.yaml', sealedTo: [sealedTo('one', 5), sealedTo(undefined, 4)] },
    ]);
    expect(byKey.get('a')).toEqual([
      { path: '/r/x.yaml', values: 2, line: 3 },
      { path: '/r/y.yaml', values: 5, line: 3 },
    ]);
    expect(valuesIn(byKey.get('a') ?? [])).toBe(7);
    expect(unknown.map(({ recipient, uses }) => [recipient, valuesIn(uses)])).toEqual([
      ['two', 1],
      [undefined, 4],
    ]);
  });

  it('is not taken for the key of another scheme that has the same name', () => {
    const known = [key({ id: 'a', title: 'a', names: [{ scheme: 'secretbox', name: 'one' }] })];
    const { byKey, unknown } = usesOf(known, [{ path: '/r/x.yaml', sealedTo: [sealedTo('one', 2)] }]);
    expect(byKey.size).toBe(0);
    expect(unknown).toHaveLength(1);
  });
});
