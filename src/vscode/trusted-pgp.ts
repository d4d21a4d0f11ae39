import type { PgpKeys } from '../crypto/sops/key-sources.ts';
import { requireTrust } from './opening.ts';

/**
 * PGP keys of which none is used in Restricted Mode: using one runs gpg.
 *
 * @param load finds out how to run it; asked when a key is first used
 */
export function trustedPgp(load: () => Promise<PgpKeys>): PgpKeys {
  let loaded: Promise<PgpKeys> | undefined;
  const keys = () => {
    requireTrust();
    loaded ??= load();
    return loaded;
  };
  return {
    unwrap: async (stanza) => (await keys()).unwrap(stanza),
    wrap: async (recipient, part) => (await keys()).wrap(recipient, part),
  };
}
