import * as l10n from '@vscode/l10n';
import type { Located } from '../manifest/address.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Matter, placeOf } from './finding.ts';
import type { Verdict } from './judge/judge.ts';
import { type Pitfall, withPitfall } from './pitfall.ts';
import { isSealedByRule } from './to-be-sealed.ts';

/** A value that `encrypt` would seal by the rule that applies; undefined where none does, or it leaves the value alone. */
export function unencryptedByPolicy(
  located: Located,
  verdict: Verdict,
  policy: AppliedPolicy | undefined,
  pitfall: Pitfall | undefined,
): Finding | undefined {
  if (policy === undefined || !isSealedByRule(located.entry, verdict.judgement, policy)) return undefined;
  const { scheme } = policy.rule;
  const matter: Matter = (place) =>
    l10n.t('{0} is not encrypted, where policy says {1} ({2})', place, scheme, verdict.reason);
  return new Finding(placeOf(located), 'unencrypted-by-policy', 'error', withPitfall(matter, pitfall));
}
