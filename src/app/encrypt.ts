import { isSealed, judgeEntry } from '../audit/judge/entry.ts';
import { isLiteral, isSealedUnasked } from '../audit/to-be-sealed.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Edit } from '../core/span.ts';
import type { Located } from '../manifest/address.ts';
import { plaintextOf, tokenOf } from '../manifest/secret.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup, NewValue } from '../schemes/scheme.ts';
import type { ManifestText } from './manifest-text.ts';
import type { SealingKey } from './sealing-key.ts';

/** Which entries to seal: those judged to need it, every literal, or just these. */
export type EncryptChoice =
  | { readonly which: 'plaintext'; readonly among: readonly Located[] }
  | { readonly which: 'all-literals'; readonly among: readonly Located[] }
  | { readonly which: 'these'; readonly among: readonly Located[] };

/** How far a new ciphertext was checked before the edit: opened again, or only read again. */
export type Verification = 'opened' | 'read';

export interface EncryptPlan {
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly sealed: number;
  /** Entries among the chosen that were left alone because they are sealed already. */
  readonly alreadySealed: number;
  readonly verification: Verification;
}

/** The entries a choice comes to, sealed ones left out. */
export function entriesToSeal(choice: EncryptChoice, registry: SchemeRegistry): readonly Located[] {
  const open = choice.among.filter((located) => !isSealed(located, registry));
  if (choice.which === 'these') return open;
  // Sealed once more, damaged ciphertext would only be hidden.
  const whole = open.filter(({ entry }) => !registry.isDamaged(tokenOf(entry) ?? ''));
  const isWanted = choice.which === 'plaintext' ? isSealedUnasked : isLiteral;
  return whole.filter((located) => isWanted(judgeEntry(located, registry).judgement));
}

/**
 * Seals the chosen entries: the whole change computed and checked before anything is written. Throws what refuses an
 * entry (with its line), and `edit.unverified` where the result would not read back.
 */
export async function planEncrypt(
  manifest: ManifestText,
  choice: EncryptChoice,
  key: SealingKey,
  registry: SchemeRegistry,
  signal: AbortSignal,
): Promise<EncryptPlan> {
  const chosen = entriesToSeal(choice, registry);
  const alreadySealed = choice.among.filter((located) => isSealed(located, registry)).length;
  const values = chosen.map(
    (located): NewValue => ({ ...located, plaintext: readPlaintext(manifest, located) }),
  );
  const crypto = await key.scheme.load();
  const edits = await crypto.seal({ text: manifest.text, values }, key.material, signal);
  const edited = manifest.withEdits(edits, new Set(chosen.map(({ entry }) => entry)));
  const sealed = values.map(({ plaintext, entry }) => ({
    plaintext,
    located: edited.after.get(entry) as Located,
  }));
  const verification = await verifySealed(sealed, key);
  return { text: edited.text, edits, sealed: values.length, alreadySealed, verification };
}

function readPlaintext(manifest: ManifestText, located: Located): Plaintext {
  manifest.requireEditable(located);
  try {
    return plaintextOf(located.entry);
  } catch (error) {
    throw error instanceof Failure ? manifest.placed(error, located) : error;
  }
}

/** A value as it was to be sealed, and the entry that now holds its ciphertext. */
export interface SealedValue {
  readonly plaintext: Plaintext;
  readonly located: Located;
}

/**
 * Checks that every new value is a ciphertext of the key's scheme and opens to what was sealed: all of them for a
 * symmetric key and where the old ones are gone for good, one for an asymmetric key whose private half is at hand.
 * Throws `edit.unverified`.
 */
export async function verifySealed(
  values: readonly SealedValue[],
  key: SealingKey,
  { all } = { all: key.scheme.traits.sealsWith === 'symmetric' },
): Promise<Verification> {
  const groups = values.map(({ located }) => groupOf(located, key));
  const { opensWith } = key;
  if (opensWith === undefined) return 'read';
  const crypto = await key.scheme.load();
  const checked = all ? values.length : Math.min(1, values.length);
  for (const [index, group] of groups.slice(0, checked).entries()) {
    const [opened] = await crypto.open(group, [opensWith]);
    const plaintext = values[index]?.plaintext;
    if (opened?.ok !== true || plaintext === undefined || !opened.value.plaintext.equals(plaintext)) {
      throw new Failure('edit.unverified', {});
    }
  }
  return 'opened';
}

function groupOf(located: Located, { scheme }: SealingKey): EnvelopeGroup {
  const token = tokenOf(located.entry);
  if (token === undefined || scheme.token?.recognise(token).is !== 'yes')
    throw new Failure('edit.unverified', {});
  return { scheme: scheme.id, envelopes: [{ ...located, token }] };
}
