import { env, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { KeyFacts, KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { askKeyName, keepKey } from './ask-key.ts';
import { askKeySource, type KeySource } from './key-source.ts';
import type { Services } from './services.ts';

/** Import Key: keeps a private or symmetric key from a file or the clipboard. */
export async function importKey(services: Services): Promise<void> {
  const source = await askKeySource('Where is the key?', services);
  const extension = source && (await extensionOf(source, services));
  if (source === undefined || extension === undefined) return;
  const name = await askKeyName('Name to keep the key under');
  if (name === undefined) return;
  await keepKey({ name, extension }, source.bytes, services);
  if (source.fromClipboard) await env.clipboard.writeText('');
}

/** What kind of key it is; a 32-byte key may be for either symmetric scheme, so the person says. */
async function extensionOf(source: KeySource, services: Services): Promise<string | undefined> {
  const material: KeyMaterial = { ref: source.ref, name: 'imported', bytes: source.bytes };
  const text = source.bytes.exposeText()?.trim() ?? '';
  if (text.startsWith('{') || text.startsWith('-----BEGIN')) {
    const facts = await inspect('jwe', material, services);
    if (facts.kind !== 'public') return text.startsWith('{') ? 'jwk' : 'pem';
    throw new Failure('key.unusable', {
      ref: source.ref,
      reason: 'it is a public key; use Add Public Key to Repository',
    });
  }
  await inspect('fernet', material, services);
  const uses = [
    { label: 'Fernet', description: 'flux-orchestrator, Python', extension: 'fernet' },
    { label: 'Secretbox', description: 'kube-apiserver, KKP', extension: 'secretbox' },
  ];
  return (await window.showQuickPick(uses, { placeHolder: 'What is this key for?' }))?.extension;
}

async function inspect(scheme: SchemeId, material: KeyMaterial, { registry }: Services): Promise<KeyFacts> {
  return (await registry.byId(scheme).load()).inspect(material);
}
