import { type DataTransferFile, l10n, Uri, workspace } from 'vscode';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { addPublicKeyFrom } from '../add-public-key.ts';
import { importFrom } from '../import-key.ts';
import type { KeySource } from '../key-source.ts';
import { requireTrust } from '../opening.ts';
import type { Services } from '../services.ts';

/** A key that was dropped: what is private is imported, what is public goes into the repository. */
export async function takeKey(dropped: Uri | DataTransferFile, services: Services): Promise<void> {
  requireTrust();
  const source = await sourceOf(dropped, services);
  if (await isPublic(source, services)) await addPublicKeyFrom(source, services);
  else await importFrom(source, services);
}

/** A path says which file it is only on this computer; a browser hands over content without one. */
async function sourceOf(
  dropped: Uri | DataTransferFile,
  { files }: Pick<Services, 'files'>,
): Promise<KeySource> {
  const file = dropped instanceof Uri ? dropped : dropped.uri;
  const isHere = file?.scheme === 'file';
  const ref = isHere ? file.fsPath : dropped instanceof Uri ? dropped.path : dropped.name;
  const bytes = isHere
    ? await files.read(file.fsPath)
    : await (dropped instanceof Uri ? readElsewhere(dropped) : dropped.data());
  return { bytes: new Plaintext(bytes), ref, fromClipboard: false };
}

/** A file of what another extension offers as files. */
async function readElsewhere(file: Uri): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(file);
  } catch {
    throw new Failure('key.unusable', { ref: file.path, reason: l10n.t('it cannot be reached from here') });
  }
}

async function isPublic({ bytes, ref }: KeySource, { registry }: Services): Promise<boolean> {
  const text = bytes.exposeText() ?? '';
  if (/^\s*(?:age1|ssh-(?:ed25519|rsa) )/m.test(text)) return !text.includes('AGE-SECRET-KEY-');
  const crypto = await registry.byId('jwe').load();
  try {
    return crypto.inspect({ ref, name: undefined, bytes }).kind === 'public';
  } catch (error) {
    // It is a key of another kind, or *Import Key* says what is wrong with it.
    if (error instanceof Failure) return false;
    throw error;
  }
}
