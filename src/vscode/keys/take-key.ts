import type { DataTransferFile, Uri } from 'vscode';
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
  if (isPublic(source.bytes.exposeText() ?? '')) await addPublicKeyFrom(source, services);
  else await importFrom(source, services);
}

async function sourceOf(
  dropped: Uri | DataTransferFile,
  { files }: Pick<Services, 'files'>,
): Promise<KeySource> {
  const isFile = 'fsPath' in dropped;
  const bytes = isFile ? await files.read(dropped.fsPath) : await dropped.data();
  return { bytes: new Plaintext(bytes), ref: isFile ? dropped.fsPath : dropped.name, fromClipboard: false };
}

/** By how it begins: whether it can be used is for whoever takes it to say. */
function isPublic(text: string): boolean {
  return (
    (/-----BEGIN (?:RSA )?PUBLIC KEY-----|-----BEGIN CERTIFICATE-----/.test(text) &&
      !text.includes('PRIVATE KEY-----')) ||
    (/^\s*(?:age1|ssh-(?:ed25519|rsa) )/m.test(text) && !/AGE-SECRET-KEY-/.test(text))
  );
}
