import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { fullAddress } from '../../manifest/address.ts';
import { decodeFile } from '../../manifest/file-text.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { EnvelopeGroup } from '../../schemes/scheme.ts';
import { type KeysFor, movedFrom, openGroups } from '../decrypt.ts';
import { ManifestText } from '../manifest-text.ts';
import { openWhole, requireNoBrokenToken, wholeMovedFrom } from '../whole-file.ts';
import type { SealedKubeconfig } from './kubeconfig-source.ts';

/** What opening works with. */
export interface KubeconfigOpening {
  readonly registry: SchemeRegistry;
  /** The keys of the file's rule, then the person's own. */
  readonly keysFor: KeysFor;
  /** Whether to open a ciphertext that was made for another place. */
  readonly mayOpenMoved: (boundTo: string) => Promise<boolean>;
}

/**
 * Opens a sealed kubeconfig in memory. Undefined where it was made for another place, and the person did not want it opened.
 * Throws `entry.not-encrypted` where what was found is there no more, `entry.ambiguous`, and what opening throws.
 *
 * @param bytes of its file, as they are now
 */
export async function openKubeconfig(
  sealed: SealedKubeconfig,
  bytes: Uint8Array,
  { registry, keysFor, mayOpenMoved }: KubeconfigOpening,
): Promise<Plaintext | undefined> {
  const { text } = decodeFile(bytes);
  if (sealed.entry === undefined) return openWholeFile(text, { registry, keysFor, mayOpenMoved });
  const manifest = ManifestText.read(text);
  const { group, index } = ciphertextAt(`${sealed.object ?? ''}#${sealed.entry}`, manifest, registry);
  const boundTo = movedFrom(group, registry);
  if (boundTo !== undefined && !(await mayOpenMoved(boundTo))) return undefined;
  const opened = (await openGroups(manifest, [group], keysFor, registry))[index];
  if (opened === undefined) throw new Failure('entry.not-encrypted', {});
  if (!opened.ok) throw opened.failure;
  return opened.value.plaintext;
}

/**
 * Opens a file that is nothing but one token. Undefined where it was made for another place, and the person did not want it opened.
 * Throws `ciphertext.malformed`, `entry.not-encrypted`, and what opening throws.
 */
export async function openWholeFile(
  text: string,
  { registry, keysFor, mayOpenMoved }: KubeconfigOpening,
): Promise<Plaintext | undefined> {
  requireNoBrokenToken(text, registry);
  const boundTo = wholeMovedFrom(text, registry);
  if (boundTo !== undefined && !(await mayOpenMoved(boundTo))) return undefined;
  return openWhole(text, keysFor, registry, { allowMoved: true });
}

/** A ciphertext among those that are opened together with it. */
interface InGroup {
  readonly group: EnvelopeGroup;
  readonly index: number;
}

function ciphertextAt(address: string, { manifest }: ManifestText, registry: SchemeRegistry): InGroup {
  const found: InGroup[] = [];
  for (const group of registry.find(manifest).groups)
    for (const [index, envelope] of group.envelopes.entries())
      if (fullAddress(envelope) === address) found.push({ group, index });
  const [first, ...others] = found;
  if (first === undefined) throw new Failure('entry.not-encrypted', {});
  if (others.length === 0) return first;
  throw new Failure('entry.ambiguous', { wanted: address, candidates: found.map(() => address) });
}
