import type { Located } from '../manifest/address.ts';
import { Finding, placeOf } from './finding.ts';
import type { Verdict } from './judge/judge.ts';
import { notEncrypted } from './not-encrypted.ts';
import { type Pitfall, withPitfall } from './pitfall.ts';

/**
 * A Secret's value that anyone who reads the file can use. Values with no evidence either way are warnings. A pitfall
 * is told along with it, because once the value is sealed nobody can see it.
 */
export function plaintextSecret(located: Located, verdict: Verdict, pitfall?: Pitfall): Finding | undefined {
  const { judgement } = verdict;
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return undefined;
  const level = judgement === 'plaintext' ? 'error' : 'warning';
  const matter = withPitfall(notEncrypted(verdict), pitfall);
  return new Finding(placeOf(located), 'plaintext-secret', level, matter);
}
