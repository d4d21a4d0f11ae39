import * as l10n from '@vscode/l10n';
import type { Located } from '../manifest/address.ts';
import type { ValueSchemeId } from '../schemes/scheme.ts';
import { type AppliedPolicy, appliedPolicy } from './audited-file.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter, type Place, placeOf } from './finding.ts';
import { isSopsValue } from './judge/encrypted.ts';

/** What is the matter with a ciphertext of this scheme, where policy says another one. */
export function otherScheme(
  scheme: ValueSchemeId | 'sops' | 'sealed-secrets',
  { rule }: AppliedPolicy,
): Matter | undefined {
  if (rule.scheme === scheme) return undefined;
  return (place) => l10n.t('{0} is sealed with {1}, where policy says {2}', place, scheme, rule.scheme);
}

/** A ciphertext of another scheme than policy says. */
export function wrongScheme(
  place: Place,
  scheme: ValueSchemeId | 'sops' | 'sealed-secrets',
  policy: AppliedPolicy,
): Finding | undefined {
  const matter = otherScheme(scheme, policy);
  return matter === undefined ? undefined : new Finding(place, 'wrong-scheme', 'warning', matter);
}

/** The first value of a Secret that SOPS has encrypted. */
export function sopsWhereOther(located: Located, policy: AppliedPolicy): Finding | undefined {
  return isSopsValue(located.entry.text) ? wrongScheme(placeOf(located), 'sops', policy) : undefined;
}

/** SealedSecrets where policy says otherwise. They are told by their kind: what is in them is not looked at. */
export const sealedSecretsWhereOther: FieldRule = {
  words: ['SealedSecret'],
  concerns: (_text, file) => file.policy?.rule !== undefined,
  *findings({ fields, object, file }) {
    if (object.kind !== 'SealedSecret') return;
    const kind = fields.find(({ name }) => name === 'kind');
    const policy = appliedPolicy(file.policy);
    if (kind === undefined || policy === undefined) return;
    const place = { span: kind.span, object, entry: undefined, located: undefined };
    const finding = wrongScheme(place, 'sealed-secrets', policy);
    if (finding !== undefined) yield finding;
  },
};
