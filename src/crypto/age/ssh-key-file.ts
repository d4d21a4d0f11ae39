import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Identity } from 'age-encryption';
import { unusable } from '../unusable.ts';
import { type AgeKey, type AskPassphrase, kept, LockedKeys, passphraseOf, SshKey } from './age-key.ts';
import { privateKeyOf, readOpenSshKey, unlockOpenSshKey } from './openssh-key.ts';
import { sshRecipient } from './recipient.ts';
import { SshEd25519Identity } from './ssh-ed25519.ts';
import { readSshPublicKey, type SshPublicKey, sshTag } from './ssh-public-key.ts';
import { SshRsaIdentity } from './ssh-rsa.ts';
import { sshInteger, sshStrings } from './ssh-wire.ts';

/**
 * Reads a private key of SSH: OpenSSH's own format, PKCS#1 and PKCS#8. A passphrase is asked for when it is needed.
 * PKCS#8 under a passphrase is not read, as age does not.
 * @throws Failure `key.unusable`
 */
export function readSshKeyFile(pem: string, ref: string, ask: AskPassphrase): AgeKey {
  const [, label = '', body = ''] =
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([^]*?)-----END \1-----/.exec(pem) ?? [];
  switch (label) {
    case 'OPENSSH PRIVATE KEY':
      return openSshKey(body, ref, ask);
    case 'RSA PRIVATE KEY':
    case 'PRIVATE KEY':
      return body.includes('Proc-Type: 4,ENCRYPTED') ? lockedPem(pem, ref, ask) : clearPem(pem, ref);
    case 'ENCRYPTED PRIVATE KEY':
      throw unusable(ref, 'age does not read PKCS#8 under a passphrase; ssh-keygen -p -f FILE changes it');
    default:
      throw unusable(ref, 'it holds no SSH key that age reads: it takes Ed25519 and RSA');
  }
}

function openSshKey(body: string, ref: string, ask: AskPassphrase): AgeKey {
  const file = readOpenSshKey(body, ref);
  const { lock } = file;
  if (lock === undefined) {
    const identity = privateKeyOf(file, ref);
    return sshKey(file.publicKey, ref, false, () => Promise.resolve(identity));
  }
  const unlock = async () => unlockOpenSshKey(file, lock, await passphraseOf(ref, ask), ref);
  return sshKey(file.publicKey, ref, true, kept(unlock));
}

/** Such a file says nothing of its public half. */
function lockedPem(pem: string, ref: string, ask: AskPassphrase): AgeKey {
  const unlock = async () => [clearPem(pem, ref, await passphraseOf(ref, ask))];
  return new LockedKeys(ref, ['ssh-rsa'], kept(unlock));
}

function clearPem(pem: string, ref: string, passphrase?: string): AgeKey {
  const key = importPem(pem, ref, passphrase);
  const { kty, n = '', e = '', x = '', d = '' } = key.export({ format: 'jwk' });
  const number = (text: string) => sshInteger(fromUrl(text));
  const wire =
    kty === 'RSA' ? sshStrings('ssh-rsa', number(e), number(n)) : sshStrings('ssh-ed25519', fromUrl(x));
  const publicKey = readSshPublicKey(wire, ref);
  const identity =
    publicKey.kind === 'ssh-rsa'
      ? new SshRsaIdentity(publicKey, key)
      : new SshEd25519Identity(publicKey, fromUrl(d));
  return sshKey(publicKey, ref, false, () => Promise.resolve(identity));
}

function importPem(pem: string, ref: string, passphrase: string | undefined): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    // What the importer says may quote the key.
    throw unusable(
      ref,
      passphrase === undefined ? 'its PEM block is damaged' : 'its passphrase is another one',
    );
  }
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ed25519') return key;
  throw unusable(ref, 'it holds no SSH key that age reads: it takes Ed25519 and RSA');
}

function sshKey(key: SshPublicKey, ref: string, locked: boolean, identity: () => Promise<Identity>): AgeKey {
  return new SshKey({ ref, locked, recipient: sshRecipient(key), tag: sshTag(key) }, identity);
}

function fromUrl(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
