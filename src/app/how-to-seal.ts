import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import { isSchemeId } from '../schemes/registry.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import type { KeyRing, ReferenceSite } from './key-ring.ts';
import { type PolicyAnswer, requireValid } from './policy-finder.ts';

/** What the person asked for in this command; policy decides what is not given. */
export interface SealingWish {
  readonly scheme: SchemeId | undefined;
  readonly keys: readonly KeyReference[];
  /** What paths among `keys` are relative to. */
  readonly site: ReferenceSite;
}

export interface HowToSeal {
  readonly scheme: SchemeId;
  readonly reference: KeyReference;
  readonly site: ReferenceSite;
  /** Whether the person named the key in this very command. */
  readonly named: boolean;
  /** The file itself is the secret. */
  readonly whole: boolean;
}

/**
 * Decides scheme and key for one file. Throws `policy.invalid`, `policy.none`, and `policy.scheme-unavailable` for a
 * scheme that is not built in yet: another one is never taken instead.
 */
export async function howToSeal(answer: PolicyAnswer, wish: SealingWish, keys: KeyRing): Promise<HowToSeal> {
  requireValid(answer);
  const { rule } = answer;
  if (rule === undefined && wish.scheme === undefined && answer.sopsFile !== undefined) {
    throw new Failure('policy.scheme-unavailable', { scheme: 'sops', file: '.sops.yaml' });
  }
  const [named] = wish.keys;
  const scheme = wish.scheme ?? rule?.scheme ?? (named && (await schemeOfKey(named, wish.site, keys)));
  if (scheme === undefined) throw new Failure('policy.none', {});
  if (!isSchemeId(scheme)) throw new Failure('policy.scheme-unavailable', { scheme, file: '.purser.yaml' });
  const whole = rule?.whole === true;
  if (named !== undefined) return { scheme, reference: named, site: wish.site, named: true, whole };
  const [first] = rule?.scheme === scheme ? rule.keys : [];
  if (first === undefined)
    throw new Failure('usage', {
      reason: `no rule names a ${scheme} key for this file: name one with --key`,
    });
  return { scheme, reference: first, site: { base: answer.base, root: answer.root }, named: false, whole };
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
