import * as l10n from '@vscode/l10n';
import type { HeldKey } from '../app/clusters/decryption.ts';
import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { readAgeKeyFile } from '../crypto/age/key-file.ts';
import type { KeyKind } from '../crypto/sops/stanza.ts';
import { readPgpKeys } from './decryption-pgp.ts';

/** By the names that Flux looks for. */
const services: ReadonlyMap<string, KeyKind> = new Map([
  ['sops.vault-token', 'hc_vault'],
  ['sops.aws-kms', 'kms'],
  ['sops.azure-kv', 'azure_kv'],
  ['sops.gcp-kms', 'gcp_kms'],
]);

/**
 * What Flux makes of one key of a decryption Secret; undefined for what it passes over and is no private key
 * (fluxcd/kustomize-controller v1.9 internal/decryptor ImportKeys). Of a private key nothing but its public half is given.
 */
export async function heldKey(name: string, value: Plaintext): Promise<HeldKey | undefined> {
  const service = services.get(name);
  if (service !== undefined) return { name, kind: 'service', service };
  const bytes = value.expose();
  if (name.endsWith('.agekey')) return ageKey(name, bytes);
  if (name.endsWith('.asc')) return pgpKey(name, bytes);
  const text = Buffer.from(bytes).toString('latin1');
  if (/^AGE-SECRET-KEY-/m.test(text)) {
    const key = await ageKey(name, bytes);
    return { name, kind: 'passed-over', holds: 'age', recipients: key.kind === 'age' ? key.recipients : [] };
  }
  if (!text.includes('-----BEGIN PGP PRIVATE KEY BLOCK-----')) return undefined;
  return { name, kind: 'passed-over', holds: 'pgp', recipients: [] };
}

/** One identity a line, as SOPS imports them (getsops/sops v3.13 age/keysource.go parseIdentities). */
async function ageKey(name: string, bytes: Uint8Array): Promise<HeldKey> {
  const unusable = (reason: string): HeldKey => ({ name, kind: 'unusable', reason });
  const lines = utf8(bytes)
    ?.split('\n')
    .map((line) => line.replace(/\r$/, ''));
  if (lines === undefined) return unusable(l10n.t('it is not text'));
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0) return { name, kind: 'inert', reason: l10n.t('it holds no age identity') };
  if (/^-----BEGIN|^age-encryption\.org/.test(identities[0] ?? ''))
    return unusable(
      l10n.t('it is a key of another kind or under a passphrase, and Flux takes age identities only'),
    );
  const odd = lines.findIndex((line) => !line.startsWith('#') && /\s/.test(line));
  if (odd !== -1)
    return unusable(l10n.t('line {0} has white space in it, which Flux does not skip', odd + 1));
  // Flux takes plugins' identities, and has no plugins to open anything with.
  const native = lines.map((line) => (isPlugin(line) ? '' : line)).join('\n');
  if (identities.every(isPlugin)) return { name, kind: 'inert', reason: l10n.t('it needs a plugin of age') };
  try {
    const { keys, refused } = await readAgeKeyFile(Buffer.from(native), name, async () => undefined);
    if (refused[0] !== undefined) return unusable(refused[0].details.reason);
    const recipients = keys.flatMap(({ recipient }) => recipient?.id ?? []);
    return { name, kind: 'age', recipients: [...new Set(recipients)] };
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return unusable(error.details.reason);
    throw error;
  }
}

function isPlugin(line: string): boolean {
  return line.startsWith('AGE-PLUGIN-');
}

function pgpKey(name: string, bytes: Uint8Array): HeldKey {
  const found = readPgpKeys(bytes);
  if (found.state === 'private') return { name, kind: 'pgp', fingerprints: found.fingerprints };
  return { name, kind: found.state === 'inert' ? 'inert' : 'unusable', reason: found.reason };
}
