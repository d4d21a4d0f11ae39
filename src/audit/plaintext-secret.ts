import type { Located } from '../manifest/address.ts';
import { Finding } from './finding.ts';
import type { Verdict } from './judge.ts';

/** A Secret's value that anyone who reads the file can use. Values with no evidence either way are warnings. */
export function plaintextSecret(located: Located, { judgement, reason }: Verdict): Finding | undefined {
  if (judgement === 'plaintext') {
    return new Finding(located, 'plaintext-secret', 'error', `is not encrypted (${reason})`);
  }
  if (judgement !== 'ambiguous') return undefined;
  return new Finding(
    located,
    'plaintext-secret',
    'warning',
    `may be a secret and is not encrypted (${reason})`,
  );
}
