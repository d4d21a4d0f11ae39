import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import { type DocumentSchemeId, isDocumentScheme } from '../schemes/document-scheme.ts';
import type { SchemeId, ValueSchemeId } from '../schemes/scheme.ts';
import type { KeyRing, ReferenceSite } from './key-ring.ts';
import { type PolicyAnswer, requireValid } from './policy-finder.ts';

/** What the person asked for in this command; policy decides what is not given. */
export interface SealingWish {
  readonly scheme: SchemeId | undefined;
  readonly keys: readonly KeyReference[];
  /** What paths among `keys` are relative to. */
  readonly site: ReferenceSite;
}

/** With a scheme that seals single values, or one that seals documents, whose keys `DocumentWork` finds. */
export type HowToSeal = HowToSealValues | HowToSealDocuments;

export interface HowToSealValues {
  readonly unit: 'value';
  readonly scheme: ValueSchemeId;
  readonly reference: KeyReference;
  readonly site: ReferenceSite;
  /** Whether the person named the key in this very command. */
  readonly named: boolean;
  /** The file itself is the secret. */
  readonly whole: boolean;
}

export interface HowToSealDocuments {
  readonly unit: 'document';
  readonly scheme: DocumentSchemeId;
}

/** Decides scheme and key for one file. Throws `policy.invalid` and `policy.none`. */
export async function howToSeal(answer: PolicyAnswer, wish: SealingWish, keys: KeyRing): Promise<HowToSeal> {
  requireValid(answer);
  const { rule } = answer;
  const [named] = wish.keys;
  const scheme =
    wish.scheme ?? statedScheme(answer) ?? (named && (await schemeOfKey(named, wish.site, keys)));
  if (scheme === undefined) throw new Failure('policy.none', {});
  if (isDocumentScheme(scheme)) return { unit: 'document', scheme };
  const whole = rule?.whole === true;
  if (named !== undefined)
    return { unit: 'value', scheme, reference: named, site: wish.site, named: true, whole };
  const [first] = rule?.scheme === scheme ? rule.keys : [];
  if (first === undefined) throw noKeyNamed(scheme);
  const site = { base: answer.base, root: answer.root };
  return { unit: 'value', scheme, reference: first, site, named: false, whole };
}

/** Where neither the person nor a rule names a key to seal with. */
export function noKeyNamed(scheme: SchemeId): Failure<'usage'> {
  return new Failure('usage', {
    reason: `no rule names a ${scheme} key for this file: name one with --key`,
  });
}

/** The scheme that policy states for a file: by a rule, else by a `.sops.yaml`. */
export function statedScheme({
  rule,
  sopsFile,
}: Pick<PolicyAnswer, 'rule' | 'sopsFile'>): SchemeId | undefined {
  return rule?.scheme ?? (sopsFile === undefined ? undefined : 'sops');
}

/** The scheme a key can only be for: a public or JSON key is for jwe, a named one for secretbox. */
async function schemeOfKey(
  reference: KeyReference,
  site: ReferenceSite,
  keys: KeyRing,
): Promise<SchemeId | undefined> {
  if (reference.kind === 'path' && reference.name !== undefined) return 'secretbox';
  if (reference.kind !== 'path') return undefined;
  const { bytes } = await keys.resolve(reference, 'jwe', site);
  const text = utf8(bytes.expose());
  return text === undefined || /^\s*(?:\{|-----BEGIN )/.test(text) ? 'jwe' : undefined;
}
