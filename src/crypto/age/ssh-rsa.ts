import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { type SshRsaPublicKey, sshTag } from './ssh-public-key.ts';

/** Seals a file key to an SSH key. Source: age's `agessh`. */
export class SshRsaRecipient implements Recipient {
  readonly #key: SshRsaPublicKey;

  constructor(key: SshRsaPublicKey) {
    this.#key = key;
  }

  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    const body = publicEncrypt({ key: this.#key.key, ...oaep() }, fileKey);
    return [new Stanza([this.#key.kind, sshTag(this.#key)], new Uint8Array(body))];
  }
}

/** Opens what is sealed to an SSH key. */
export class SshRsaIdentity implements Identity {
  readonly #key: SshRsaPublicKey;
  readonly #privateKey: KeyObject;

  constructor(key: SshRsaPublicKey, privateKey: KeyObject) {
    this.#key = key;
    this.#privateKey = privateKey;
  }

  unwrapFileKey(stanzas: readonly Stanza[]): Uint8Array | null {
    for (const { args, body } of stanzas) {
      if (args[0] !== this.#key.kind || args[1] !== sshTag(this.#key)) continue;
      try {
        return new Uint8Array(privateDecrypt({ key: this.#privateKey, ...oaep() }, body));
      } catch {
        // Another key may have the same tag.
      }
    }
    return null;
  }
}

function oaep() {
  return {
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: 'sha256',
    oaepLabel: new TextEncoder().encode('age-encryption.org/v1/ssh-rsa'),
  };
}
