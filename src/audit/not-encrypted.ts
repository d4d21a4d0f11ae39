import * as l10n from '@vscode/l10n';
import type { Matter } from './finding.ts';
import type { Verdict } from './judge/judge.ts';

/** What is the matter with a value that is a secret in clear, or may be one. */
export function notEncrypted(verdict: Verdict): Matter {
  return verdict.judgement === 'plaintext'
    ? (place) => l10n.t('{0} is not encrypted ({1})', place, verdict.reason)
    : (place) => l10n.t('{0} may be a secret and is not encrypted ({1})', place, verdict.reason);
}
