import * as l10n from '@vscode/l10n';
import { HAS, type Shape } from './shape.ts';
import type { Phrase } from './verdict.ts';

const SOPS_VALUE = 'ENC[AES256_GCM,';
/** Version, public key, nonce and box (ejson, crypto/boxed_message.go). */
const EJSON = /^EJ\[1:[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{32}:[A-Za-z0-9+/=]+\]$/;

/** Whether a scalar is one that SOPS has encrypted. */
export function isSopsValue(text: string): boolean {
  return text.startsWith(SOPS_VALUE);
}

/**
 * Ciphertext of everyone but our own value schemes, recognised by its fixed marks alone. Returns what it is, for
 * a person; undefined where it is not certain. Forms: facts of sops (stores/*), age (armor and binary header),
 * kube-apiserver (`k8s:enc:<provider>:<version>:`), Vault transit, ansible-vault, hiera-eyaml, EJSON, Spring, jasypt,
 * OpenSSL `enc`, RFC 7516 JSON serialisation.
 */
export function foreignCiphertext(text: string, shape: Shape): Phrase | undefined {
  switch (text.charCodeAt(0)) {
    case 0x45: // E
      if (isSopsValue(text)) return () => l10n.t('a SOPS value');
      if (/^ENC\[[A-Z0-9_]+,[A-Za-z0-9+/=\s]+\]$/.test(text)) return () => l10n.t('an eyaml value');
      if (EJSON.test(text)) return () => l10n.t('an EJSON value');
      if (/^ENC\([A-Za-z0-9+/=]{16,}\)$/.test(text)) return () => l10n.t('a jasypt value');
      break;
    case 0x24: // $
      if (text.startsWith('$ANSIBLE_VAULT;')) return () => l10n.t('an ansible-vault file');
      break;
    case 0x6b: // k
      if (/^k8s:enc:[a-z]+:v\d+:/.test(text)) return () => l10n.t('a value as the API server stores it');
      break;
    case 0x76: // v
      if (/^vault:v\d+:[A-Za-z0-9+/]+={0,2}$/.test(text)) return () => l10n.t('a Vault transit value');
      break;
    case 0x61: // a
      if (text.startsWith('age-encryption.org/v1')) return () => l10n.t('an age file');
      break;
    case 0x53: // S
      if (text.startsWith('Salted__')) return () => l10n.t('an OpenSSL enc file');
      break;
    case 0x55: // U
      if (text.startsWith('U2FsdGVkX1')) return () => l10n.t('an OpenSSL enc file');
      break;
    case 0x7b: // {
      if (/^\{cipher\}\S/.test(text)) return () => l10n.t('a Spring Cloud Config value');
      if (isGeneralJwe(text)) return () => l10n.t('a JWE');
      break;
    case 0x41: // A
      if (text.length >= SHORTEST_SEALED_BASE64 && isSealedItem(text))
        return () => l10n.t('a SealedSecret item');
      break;
  }
  return (shape.mask & HAS.bracket) !== 0 && isSopsDocument(text) ? () => l10n.t('a SOPS file') : undefined;
}

/** The markers kustomize-controller looks for (internal/decryptor/decryptor.go). */
function isSopsDocument(text: string): boolean {
  if (!text.includes(SOPS_VALUE)) return false;
  return (
    /\bmac["']?\s{0,8}[:=]\s{0,8}["']?ENC\[/.test(text) ||
    text.includes('sops_mac=ENC[') ||
    text.includes('[sops]')
  );
}

function isGeneralJwe(text: string): boolean {
  if (!text.includes('"ciphertext"') || !text.includes('"iv"')) return false;
  return text.includes('"recipients"') || text.includes('"protected"') || text.includes('"encrypted_key"');
}

const SHORTEST_SEALED = 2 + 256 + 16;
const SHORTEST_SEALED_BASE64 = Math.ceil(SHORTEST_SEALED / 3) * 4;

/** base64 of u16be(RSA length) ‖ RSA ‖ AES-GCM (sealed-secrets, pkg/crypto), for RSA 2048, 3072 and 4096. */
function isSealedItem(text: string): boolean {
  const compact = text.slice(0, 8);
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return false;
  const head = Buffer.from(compact, 'base64');
  return isSealedHead(head, Math.floor((text.length * 3) / 4));
}

function isSealedHead(head: Uint8Array, total: number): boolean {
  const rsa = ((head[0] ?? 0) << 8) | (head[1] ?? 0);
  return (rsa === 256 || rsa === 384 || rsa === 512) && total >= 2 + rsa + 16;
}

/** Ciphertext that is bytes: SealedSecret items, git-crypt, OpenSSL, age, OpenPGP (RFC 9580 packet 1 v3, packet 3 v4). */
export function binaryCiphertext(bytes: Uint8Array): Phrase | undefined {
  if (startsWith(bytes, '\0GITCRYPT\0')) return () => l10n.t('a git-crypt file');
  if (startsWith(bytes, 'Salted__')) return () => l10n.t('an OpenSSL enc file');
  if (startsWith(bytes, 'age-encryption.org/v1')) return () => l10n.t('an age file');
  if (bytes.length >= SHORTEST_SEALED && isSealedHead(bytes, bytes.length))
    return () => l10n.t('a SealedSecret item');
  if (isPgpMessage(bytes)) return () => l10n.t('a PGP message');
  return undefined;
}

function isPgpMessage(bytes: Uint8Array): boolean {
  const [tag, second, third, fourth] = bytes;
  if (tag === 0x85) return fourth === 3 && isPgpAlgorithm(bytes[12]);
  if (tag === 0x84) return third === 3 && isPgpAlgorithm(bytes[11]);
  if (tag === 0xc1) {
    const long = (second ?? 0) >= 192;
    return long ? fourth === 3 && isPgpAlgorithm(bytes[12]) : third === 3 && isPgpAlgorithm(bytes[11]);
  }
  if (tag === 0x8c || tag === 0xc3)
    return second === 0x0d && third === 4 && fourth !== undefined && fourth <= 10;
  return false;
}

function isPgpAlgorithm(algorithm: number | undefined): boolean {
  return algorithm === 1 || algorithm === 2 || algorithm === 16 || algorithm === 18 || algorithm === 25;
}

function startsWith(bytes: Uint8Array, mark: string): boolean {
  for (let i = 0; i < mark.length; i++) if (bytes[i] !== mark.charCodeAt(i)) return false;
  return true;
}
