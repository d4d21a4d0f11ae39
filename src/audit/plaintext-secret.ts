import type { Located } from '../manifest/address.ts';
import { Finding, placeOf } from './finding.ts';
import type { Verdict } from './judge/judge.ts';

/**
 * A Secret's value that anyone who reads the file can use. Values with no evidence either way are warnings. A pitfall
 * is told along with it, because once the value is sealed nobody can see it.
 */
export function plaintextSecret(
  located: Located,
  { judgement, reason }: Verdict,
  pitfall?: string,
): Finding | undefined {
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return undefined;
  const also = pitfall === undefined ? '' : `, and ${pitfall}`;
  const certain = judgement === 'plaintext';
  const matter = `${certain ? 'is' : 'may be a secret and is'} not encrypted (${reason})${also}`;
  return new Finding(placeOf(located), 'plaintext-secret', certain ? 'error' : 'warning', matter);
}
