import type { TextDocument } from 'vscode';
import { ManifestText } from '../app/manifest-text.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { ok, type Result } from '../core/result.ts';
import { entryName } from '../manifest/address.ts';
import type { EnvelopeGroup, Opened } from '../schemes/scheme.ts';
import { openItems } from './open-items.ts';
import { groupsAt, openForLooking } from './opening.ts';
import { type PeekValue, peekText, showPeek } from './peek-values.ts';
import { sealedAt, sealedNear } from './sealed-at.ts';
import type { Services } from './services.ts';
import { type Target, targetOf } from './targets.ts';

/** Peek: what is sealed here, one masked row a key. It is never a document, which every extension would see. */
export async function peek(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const values = await openValuesAt(target, services);
  if (values !== undefined) showPeek(values, services.clipboard);
}

/** Copy Value: the ciphertext under the cursor, opened to the clipboard. */
export async function copyValue(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const [value] = (await openValuesAt(target, services)) ?? [];
  if (value === undefined) return;
  if (!value.opened.ok) throw value.opened.failure;
  await services.clipboard.copy(peekText(value.opened.value), value.key);
}

/** Opens the ciphertext at a place, else all of the Secret or of the sealed document there. Undefined where the person gave up. */
async function openValuesAt(
  { document, offset }: Target,
  services: Services,
): Promise<readonly PeekValue[] | undefined> {
  const examined = services.manifests.examine(document);
  const place = sealedAt(examined, offset);
  if (place?.item !== undefined) return openItems(document, place.sealed, [place.item], services);
  const manifest = new ManifestText(examined.manifest);
  const groups = groupsAt(manifest, examined.groups, offset);
  const near = groups.length === 0 ? sealedNear(examined, offset) : undefined;
  if (near !== undefined) return openItems(document, near.sealed, near.sealed.items, services);
  const results = await openForLooking(manifest, groups, document, services);
  return results && valuesOf(document, groups, results);
}

function valuesOf(
  { uri }: TextDocument,
  groups: readonly EnvelopeGroup[],
  results: readonly Result<Opened>[],
): readonly PeekValue[] {
  return groups
    .flatMap(({ envelopes }) => envelopes)
    .map(({ entry }, index) => ({
      name: entryName(entry),
      key: entry.key,
      opened: plaintextIn(results[index]),
      at: { uri: uri.toString(), offset: entry.keySpan.start },
    }));
}

function plaintextIn(result: Result<Opened> | undefined): Result<Plaintext> {
  if (result === undefined) return { ok: false, failure: new Failure('entry.not-encrypted', {}) };
  return result.ok ? ok(result.value.plaintext) : result;
}
