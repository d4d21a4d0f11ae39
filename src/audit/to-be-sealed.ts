import type { Entry } from '../manifest/manifest.ts';
import type { AppliedPolicy } from './audited-file.ts';
import type { Judgement } from './judge/judge.ts';

/** Whether `encrypt` seals a value of this judgement without being told to. */
export function isSealedUnasked(judgement: Judgement): boolean {
  return judgement === 'plaintext' || judgement === 'ambiguous';
}

/** Whether a judgement is of a literal: a value that is what it says, secret or not. */
export function isLiteral(judgement: Judgement): boolean {
  return isSealedUnasked(judgement) || judgement === 'public';
}

/**
 * Whether `encrypt` seals an entry by a rule. SealedSecrets hold every literal of a Secret; SOPS encrypts every one
 * that its own rules select.
 */
export function isSealedByRule(
  { map, key }: Entry,
  judgement: Judgement,
  { rule: { scheme }, sops }: AppliedPolicy,
): boolean {
  if (scheme === 'sealed-secrets') return isLiteral(judgement);
  if (scheme === 'sops') return isLiteral(judgement) && sops?.encrypts([map, key]) === true;
  return isSealedUnasked(judgement);
}
