import { toBase64 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { failed, ok, type Result } from '../../core/result.ts';
import type { Edit } from '../../core/span.ts';
import type { SopsValue } from '../../crypto/sops/value.ts';
import { isSecret } from '../../manifest/manifest.ts';
import { decodeData } from '../../manifest/secret.ts';
import type { SopsFormat } from '../../manifest/sops-tree.ts';
import type { ItemObject, SealedItem } from '../../schemes/document-scheme.ts';
import { typedLike } from '../../schemes/sops/canonical.ts';
import { reread, type SopsOpening, type SopsTarget } from '../../schemes/sops/change.ts';
import type { OpenedSopsValue } from '../../schemes/sops/opened.ts';
import { leafAt, placeName, type SopsPlace } from '../../schemes/sops/walk.ts';
import type { OpenedItem } from './document-work.ts';
import { isBase64 } from './sops-target.ts';

/** By the name, as sops goes by it (cmd/sops/formats of getsops/sops); what has none yet is YAML. Throws `sops.format`. */
export function formatOf(path: string): SopsFormat {
  const name = path.toLowerCase();
  if (name.endsWith('.json')) return 'json';
  if (/\.ya?ml$/.test(name) || !/\.[^./\\]+$/.test(name)) return 'yaml';
  const format = name.endsWith('.env') ? 'dotenv' : name.endsWith('.ini') ? 'INI' : 'binary';
  throw new Failure('sops.format', { format });
}

/** An item with what a workload would get of it: `data` is decoded. */
export function resultOf(item: SealedItem, value: OpenedSopsValue | undefined): Result<OpenedItem> {
  if (value === undefined) return failed(new Failure('entry.not-found', { wanted: item.name }));
  if (!isBase64(value.place, item.object)) return ok({ item, plaintext: value.plaintext });
  const bytes = decodeData(value.plaintext.exposeText() ?? '-');
  return bytes === undefined
    ? failed(new Failure('entry.not-base64', {}, { entry: item.name }))
    : ok({ item, plaintext: new Plaintext(bytes) });
}

/** A value as SOPS keeps it at a place: of the type of the old one, if it reads as that. Throws `value.not-text`. */
export function valueAt(
  plaintext: Plaintext,
  place: SopsPlace,
  object: ItemObject,
  old: OpenedSopsValue | undefined,
): SopsValue {
  const encoder = new TextEncoder();
  if (isBase64(place, object)) return { type: 'str', bytes: encoder.encode(toBase64(plaintext.expose())) };
  const text = plaintext.exposeText();
  if (text === undefined) {
    const key = isSecret(object) && place.at(-2) === 'stringData' ? String(place.at(-1)) : undefined;
    throw new Failure('value.not-text', { key }, { entry: placeName(place) });
  }
  return typedLike(old?.type ?? 'str', text);
}

/** What the file's rule leaves in the clear is not written: who sets a value means it to be secret. Throws `sops.unselected`. */
export function requireSealed(
  { file: { tree }, selects }: Pick<SopsOpening, 'file' | 'selects'>,
  edits: readonly Edit[],
  target: SopsTarget,
): void {
  const leaf = leafAt(reread(tree, edits), target);
  if (leaf === undefined || !selects(leaf, false))
    throw new Failure('sops.unselected', {}, { entry: placeName(target.place) });
}
