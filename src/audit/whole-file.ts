import * as l10n from '@vscode/l10n';
import type { Span } from '../core/span.ts';
import { isValueScheme, type SchemeRegistry } from '../schemes/registry.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Matter, type Place } from './finding.ts';
import { sealedFor } from './moved-ciphertext.ts';
import { otherRecipient } from './wrong-recipient.ts';
import { otherScheme } from './wrong-scheme.ts';

/** What stands in a file that is to be one token: `nothing` is not sealed, as no empty value is. */
export type WholeFile = 'token' | 'damaged' | 'nothing' | 'plaintext';

/** What a file is that is to be one token, white space around it ignored. Of bytes that are no text, any text will do. */
export function wholeFileIs(text: string, registry: SchemeRegistry): WholeFile {
  const token = text.trim();
  if (token === '') return 'nothing';
  if (registry.ofToken(token) !== undefined) return 'token';
  return registry.isDamaged(token) ? 'damaged' : 'plaintext';
}

/** Whether a rule makes one token of its files; the document schemes do not. */
export function makesOneToken({ rule }: AppliedPolicy): boolean {
  return rule.whole && isValueScheme(rule.scheme);
}

/** What is the matter with a file that is itself the secret. */
export function wholeFileFinding(
  text: string,
  policy: AppliedPolicy,
  registry: SchemeRegistry,
): Finding | undefined {
  const place = wholeFilePlace(text);
  const { scheme } = policy.rule;
  const state = wholeFileIs(text, registry);
  if (state === 'nothing') return undefined;
  if (state === 'token') return sealedOtherwise(text.trim(), place, policy, registry);
  if (state === 'damaged') {
    const matter = () => l10n.t('the file looks like a ciphertext and is damaged: nothing will open it');
    return new Finding(place, 'malformed-ciphertext', 'error', matter);
  }
  const matter = () =>
    l10n.t('the file is not encrypted, where policy says that it is one {0} ciphertext', scheme);
  return new Finding(place, 'unencrypted-by-policy', 'error', matter);
}

function sealedOtherwise(
  token: string,
  place: Place,
  policy: AppliedPolicy,
  registry: SchemeRegistry,
): Finding | undefined {
  const scheme = registry.ofToken(token);
  if (scheme?.token === undefined) return undefined;
  const description = scheme.token.describe(token);
  const { boundTo } = description;
  if (boundTo !== undefined)
    return new Finding(place, 'moved-ciphertext', 'warning', ofTheFile(sealedFor(boundTo)));
  const other = otherScheme(scheme.id, policy);
  if (other !== undefined) return new Finding(place, 'wrong-scheme', 'warning', ofTheFile(other));
  const key = otherRecipient(description, policy);
  return key === undefined ? undefined : new Finding(place, 'wrong-recipient', 'warning', ofTheFile(key));
}

function ofTheFile(matter: Matter): Matter {
  return () => matter(l10n.t('the file'));
}

/** The first line that is not blank stands for the file. */
export function wholeFilePlace(text: string): Place {
  return { span: firstLine(text), object: undefined, entry: undefined, located: undefined };
}

function firstLine(text: string): Span {
  const start = text.search(/\S/);
  if (start === -1) return { start: 0, end: 0 };
  const length = text.slice(start).search(/[\r\n]/);
  return { start, end: length === -1 ? text.length : start + length };
}
