import type { Located } from '../manifest/address.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, placeOf } from './finding.ts';
import type { Verdict } from './judge/judge.ts';
import { isSealedByRule } from './to-be-sealed.ts';

/** A value that `encrypt` would seal by the rule that applies; undefined where none does, or it leaves the value alone. */
export function unencryptedByPolicy(
  located: Located,
  { judgement, reason }: Verdict,
  policy: AppliedPolicy | undefined,
  pitfall: string | undefined,
): Finding | undefined {
  if (policy === undefined || !isSealedByRule(located.entry, judgement, policy)) return undefined;
  const also = pitfall === undefined ? '' : `, and ${pitfall}`;
  const matter = `is not encrypted, where policy says ${policy.rule.scheme} (${reason})${also}`;
  return new Finding(placeOf(located), 'unencrypted-by-policy', 'error', matter);
}
