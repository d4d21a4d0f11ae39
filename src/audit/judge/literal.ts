import type { Field } from '../../manifest/fields.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { Finding, type Place } from '../finding.ts';
import { notEncrypted } from '../not-encrypted.ts';
import { judgeNamed } from './field.ts';
import type { Verdict } from './judge.ts';
import { type KeyRole, keyEvidence } from './keys.ts';

/** A value under the name that says what it is. */
export interface NamedLiteral {
  readonly key: string;
  readonly value: Pick<Field, 'text' | 'style'>;
  /** Whether it is base64, as in a Secret's `data`. */
  readonly map: 'data' | 'stringData';
  /** Whether all that stands in its place is meant to be secret, so that a doubtful value is told under any name. */
  readonly secretByPlace: boolean;
}

const tellingRoles: ReadonlySet<KeyRole> = new Set(['credential', 'leaning', 'secret-id']);

/** What the judge says of a literal, where that is worth telling: a doubtful value only where place or name speak for it. */
export function judgeLiteral(literal: NamedLiteral, registry: SchemeRegistry): Verdict | undefined {
  const verdict = judgeNamed(literal.key, literal.value, literal.map, registry);
  if (verdict.judgement === 'plaintext') return verdict;
  if (verdict.judgement !== 'ambiguous') return undefined;
  return literal.secretByPlace || tellingRoles.has(keyEvidence(literal.key).role) ? verdict : undefined;
}

/** The finding of a rule whose plaintext is an error and whose doubtful values are warnings. */
export function literalFinding(place: Place, rule: RuleId, verdict: Verdict): Finding {
  const level = verdict.judgement === 'plaintext' ? 'error' : 'warning';
  return new Finding(place, rule, level, notEncrypted(verdict));
}
