import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Edit } from '../core/span.ts';
import { type EntryAddress, findEntry, findObjects, type Located, objectName } from '../manifest/address.ts';
import { addEntry } from '../manifest/edit.ts';
import type { KubeObject, Manifest } from '../manifest/manifest.ts';
import { type Verification, verifySealed } from './encrypt.ts';
import { type AddedEntry, ManifestText } from './manifest-text.ts';
import type { SealingKey } from './sealing-key.ts';

export interface SetPlan {
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly verification: Verification;
  readonly added: boolean;
}

/** Seals a value into an entry that is there, replacing what it held. */
export async function planSet(
  manifest: ManifestText,
  located: Located,
  plaintext: Plaintext,
  key: SealingKey,
): Promise<SetPlan> {
  manifest.requireEditable(located);
  requireText(located.entry, plaintext);
  const crypto = await key.scheme.load();
  const request = { text: manifest.text, values: [{ ...located, plaintext }] };
  const edits = await crypto.seal(request, key.material, new AbortController().signal);
  const edited = manifest.withEdits(edits, new Set([located.entry]));
  const now = edited.after.get(located.entry);
  if (now === undefined) throw new Failure('edit.unverified', {});
  const verification = await verifySealed([{ plaintext, located: now }], key);
  return { text: edited.text, edits, verification, added: false };
}

/** Seals a value into an entry that is not there yet, at the end of its map. */
export async function planAdd(
  manifest: ManifestText,
  object: KubeObject,
  address: EntryAddress,
  plaintext: Plaintext,
  key: SealingKey,
): Promise<SetPlan> {
  const { map, key: name } = address;
  requireSecretKey(name);
  requireText(address, plaintext);
  const added: AddedEntry = { after: object.span.start, map, key: name };
  const empty = manifest.withEdits([addEntry(manifest.text, object, map, name, '')], new Set(), added);
  if (empty.added?.entry.refusal !== undefined || empty.added === undefined)
    throw new Failure('edit.unverified', {});
  const { text, verification } = await planSet(new ManifestText(empty.manifest), empty.added, plaintext, key);
  return { text, edits: [difference(manifest.text, text)], verification, added: true };
}

/** What `stringData` could not hold once it is opened is not sealed into it. Throws `value.not-text`. */
function requireText({ map, key }: Pick<EntryAddress, 'map' | 'key'>, plaintext: Plaintext): void {
  if (map === 'data' || plaintext.exposeText() !== undefined) return;
  throw new Failure('value.not-text', { key }, { entry: `${map}.${key}` });
}

/** Throws `usage` for what the API server takes for no key of a Secret. */
export function requireSecretKey(name: string): void {
  if (/^[-._a-zA-Z0-9]{1,253}$/.test(name)) return;
  throw new Failure('usage', {
    reason: 'a key of a Secret is letters, digits, dots, dashes and underscores',
  });
}

/** The entry an address means, or the one object it would be added to. Throws `entry.not-found`, `entry.ambiguous`. */
export function findOrPlace(
  manifest: Manifest,
  address: EntryAddress,
  spelled: string,
): Located | KubeObject {
  try {
    return findEntry(manifest, address, spelled);
  } catch (error) {
    if (!Failure.is(error, 'entry.not-found')) throw error;
    const [object, ...others] = findObjects(manifest, address);
    if (object === undefined) throw error;
    if (others.length === 0) return object;
    const candidates = [object, ...others].map(
      (candidate) => `${objectName(candidate)}#${address.map}.${address.key}`,
    );
    throw new Failure('entry.ambiguous', { wanted: spelled, candidates });
  }
}

/** The one edit that makes `before` into `after`. */
function difference(before: string, after: string): Edit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before.at(-1 - tail) === after.at(-1 - tail)
  )
    tail++;
  return { span: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) };
}
