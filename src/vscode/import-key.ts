import { l10n, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { lockOf } from '../crypto/key-lock.ts';
import { tlsKeysIn } from '../manifest/tls-keys.ts';
import type { KeyFacts, KeyMaterial } from '../schemes/keys.ts';
import type { ValueSchemeId } from '../schemes/scheme.ts';
import { askKeyName, keepKey } from './ask-key.ts';
import { askPassphrase } from './ask-passphrase.ts';
import { askKeySource, type KeySource } from './key-source.ts';
import type { Services } from './services.ts';

/** Import Key: keeps a private or symmetric key from a file or the clipboard. */
export async function importKey(services: Services): Promise<void> {
  const source = await askKeySource(l10n.t('Where is the key?'), services);
  if (source !== undefined) await importFrom(source, services);
}

/** The same for a key that is at hand. */
export async function importFrom(source: KeySource, services: Services): Promise<void> {
  const read = await readSource(source, services);
  if (read === undefined) return;
  const name = await askKeyName(l10n.t('Name to keep the key under'));
  if (name === undefined) return;
  const isKept = await keepKey({ name, extension: read.extension }, read.bytes, services);
  if (isKept && source.fromClipboard) await services.clipboard.clear(source.bytes.exposeText() ?? '');
}

/** A key as it is to be kept. */
interface ReadKey {
  readonly extension: string;
  readonly bytes: Plaintext;
}

/** What kind of key it is; a 32-byte key may be for either symmetric scheme, so the person says. */
async function readSource(source: KeySource, services: Services): Promise<ReadKey | undefined> {
  const { bytes, ref } = source;
  const text = bytes.exposeText()?.trim() ?? '';
  if (isAgeKey(bytes, text)) {
    const { readAgeKeyFile } = await import('../crypto/age/key-file.ts');
    await readAgeKeyFile(bytes.expose(), ref, askPassphrase);
    return { extension: 'age', bytes };
  }
  if (/^(?:age1|ssh-)/.test(text)) throw isPublic(ref);
  const backedUp = tlsKeysIn(text);
  if (backedUp.length > 0) return controllerKeys(backedUp, source);
  const extension = await extensionOf({ ref, name: 'imported', bytes }, text, services);
  return extension === undefined ? undefined : { extension, bytes };
}

/** An identity, several with comments, a file of them under a passphrase, or a private key of SSH. */
function isAgeKey(bytes: Plaintext, text: string): boolean {
  const begin = Buffer.from(bytes.expose().subarray(0, 64)).toString('latin1');
  return (
    /^\s*AGE-SECRET-KEY-/m.test(text) ||
    begin.startsWith('age-encryption.org/') ||
    /^-----BEGIN (?:AGE ENCRYPTED FILE|OPENSSH PRIVATE KEY)-----/.test(text)
  );
}

/** The backup of a Sealed Secrets controller: Secrets, of which only the private keys are kept. */
async function controllerKeys(keys: readonly Plaintext[], { ref }: KeySource): Promise<ReadKey> {
  const { readUnsealingKeys } = await import('../crypto/unsealing-keys.ts');
  for (const key of keys) readUnsealingKeys(key.expose(), ref);
  const pem = keys.map((key) => key.exposeText() ?? '').join('\n');
  return { extension: 'pem', bytes: Plaintext.fromText(pem) };
}

async function extensionOf(
  material: KeyMaterial,
  text: string,
  services: Services,
): Promise<string | undefined> {
  const lock = lockOf(material.bytes.expose());
  // What leaves its password out is kept as it is.
  if (lock?.needs === 'password') return 'jwk';
  if (text.startsWith('{') || text.startsWith('-----BEGIN') || lock !== undefined) {
    const facts = await inspect('jwe', await services.keys.opened(material), services);
    if (facts.kind !== 'public') return text.startsWith('{') ? 'jwk' : 'pem';
    throw isPublic(material.ref);
  }
  await inspect('fernet', material, services);
  const uses = [
    { label: 'Fernet', description: 'flux-orchestrator, Python', extension: 'fernet' },
    { label: 'Secretbox', description: 'kube-apiserver, KKP', extension: 'secretbox' },
  ];
  return (await window.showQuickPick(uses, { placeHolder: l10n.t('What is this key for?') }))?.extension;
}

function isPublic(ref: string): Failure {
  return new Failure('key.unusable', {
    ref,
    reason: l10n.t('it is a public key; use Add Public Key to Repository'),
  });
}

async function inspect(
  scheme: ValueSchemeId,
  material: KeyMaterial,
  { registry }: Services,
): Promise<KeyFacts> {
  return (await registry.byId(scheme).load()).inspect(material);
}
