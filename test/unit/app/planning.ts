import type { KeysFor } from '../../../src/app/decrypt.ts';
import { ManifestText } from '../../../src/app/manifest-text.ts';
import type { SealingKey } from '../../../src/app/sealing-key.ts';
import { Failure } from '../../../src/core/errors.ts';
import { schemeCases } from '../schemes/schemes.ts';

const row = schemeCases.find(({ title }) => title === 'fernet');
if (row === undefined) throw new TypeError('no fernet');
const { scheme, seals, opens } = row;

/** A fernet key ready to seal with, as `sealingKey` gives it. */
export const fernetKey: SealingKey = {
  scheme,
  material: seals,
  facts: {
    kind: 'symmetric',
    description: '256 bits',
    id: undefined,
    fingerprint: undefined,
    publicPem: undefined,
  },
  opensWith: opens,
};
export const fernetKeys: KeysFor = async () => [opens];

export const manifestOf = (text: string) => ManifestText.read(text);

/** What a promise failed with: its code, and the place it tells. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<Failure> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
