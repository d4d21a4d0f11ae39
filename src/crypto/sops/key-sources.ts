import type { AgeKey } from '../age/age-key.ts';
import { ageKeySealer, ageKeySource } from './age-keys.ts';
import type { DataKeySealer, DataKeySource } from './data-key.ts';

/** PGP keys, wherever they are: nothing here opens or wraps for them. */
export type PgpKeys = DataKeySource & DataKeySealer;

/** Opens what is wrapped for age recipients and PGP keys. */
export function dataKeySource(keys: {
  readonly age: readonly AgeKey[];
  readonly pgp: DataKeySource;
}): DataKeySource {
  const age = ageKeySource(keys.age);
  return { unwrap: (stanza) => (stanza.kind === 'age' ? age : keys.pgp).unwrap(stanza) };
}

/** Wraps for age recipients and PGP keys. */
export function dataKeySealer({ pgp }: { readonly pgp: DataKeySealer }): DataKeySealer {
  return {
    wrap: (recipient, part) => (recipient.kind === 'age' ? ageKeySealer : pgp).wrap(recipient, part),
  };
}
