import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Result } from '../core/result.ts';
import type { Edit } from '../core/span.ts';
import { replaceValue } from '../manifest/edit.ts';
import { plaintextValue } from '../manifest/secret.ts';
import { bindingOf, boundElsewhere } from '../schemes/binding.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup, Opened, ValueSchemeId } from '../schemes/scheme.ts';
import type { ManifestText } from './manifest-text.ts';

/** The keys to try for a scheme, the most likely first. */
export type KeysFor = (scheme: ValueSchemeId) => Promise<readonly KeyMaterial[]>;

export interface DecryptPlan {
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly opened: number;
}

/** What the ciphertext says it was made for, where that is not where it stands. */
export function movedFrom(group: EnvelopeGroup, registry: SchemeRegistry): string | undefined {
  const [envelope] = group.envelopes;
  return envelope && boundElsewhere(envelope, registry.byId(group.scheme).describe(group).boundTo);
}

/** Opens groups for looking at: one result an envelope, each failure with its place. */
export async function openGroups(
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  keysFor: KeysFor,
  registry: SchemeRegistry,
): Promise<readonly Result<Opened>[]> {
  const results: Result<Opened>[] = [];
  // Keys are asked for once: a lock that a person is asked to open is one lock for all values.
  const known = new Map<ValueSchemeId, readonly KeyMaterial[]>();
  for (const group of groups) {
    const crypto = await registry.byId(group.scheme).load();
    const keys = known.get(group.scheme) ?? (await keysFor(group.scheme));
    known.set(group.scheme, keys);
    for (const [index, result] of (await crypto.open(group, keys)).entries()) {
      const envelope = group.envelopes[index];
      results.push(
        result.ok || envelope === undefined
          ? result
          : { ok: false, failure: manifest.placed(result.failure, envelope) },
      );
    }
  }
  return results;
}

/**
 * Opens all these groups into the text, or none: throws the first failure, with its line. A ciphertext that was made
 * for another place throws `entry.moved`, unless the person has said to open it all the same.
 */
export async function planDecrypt(
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  keysFor: KeysFor,
  registry: SchemeRegistry,
  options: { readonly allowMoved: boolean },
): Promise<DecryptPlan> {
  for (const group of groups) requireOpenable(manifest, group, registry, options.allowMoved);
  const opened = (await openGroups(manifest, groups, keysFor, registry)).map((result) => {
    if (!result.ok) throw result.failure;
    return result.value;
  });
  const edits = opened.flatMap(({ envelope, plaintext }) =>
    replaceValue(manifest.text, envelope.entry, plaintextIn(manifest, envelope, plaintext)),
  );
  const edited = manifest.withEdits(edits, new Set(opened.map(({ envelope }) => envelope.entry)));
  for (const { envelope, plaintext } of opened) {
    const now = edited.after.get(envelope.entry);
    if (now?.entry.text !== plaintextValue(envelope.entry.map, plaintext))
      throw new Failure('edit.unverified', {});
  }
  return { text: edited.text, edits, opened: opened.length };
}

function requireOpenable(
  manifest: ManifestText,
  group: EnvelopeGroup,
  registry: SchemeRegistry,
  allowMoved: boolean,
): void {
  const boundTo = allowMoved ? undefined : movedFrom(group, registry);
  for (const envelope of group.envelopes) {
    manifest.requireEditable(envelope);
    if (boundTo === undefined) continue;
    throw manifest.placed(new Failure('entry.moved', { boundTo, standsAt: bindingOf(envelope) }), envelope);
  }
}

function plaintextIn(manifest: ManifestText, envelope: Opened['envelope'], plaintext: Plaintext): string {
  try {
    return plaintextValue(envelope.entry.map, plaintext);
  } catch (error) {
    throw error instanceof Failure ? manifest.placed(error, envelope) : error;
  }
}
