import { hkdfSync, randomBytes } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { fromBase64Url } from '../../core/bytes.ts';
import { malformed } from './age-file.ts';
import { type SshEd25519PublicKey, sshTag } from './ssh-public-key.ts';

const label = 'age-encryption.org/v1/ssh-ed25519';

/** Seals a file key to an SSH key. Electron has lacked Node's ChaCha20-Poly1305: this one is JavaScript. Source: age's `agessh`. */
export class SshEd25519Recipient implements Recipient {
  readonly #key: SshEd25519PublicKey;

  constructor(key: SshEd25519PublicKey) {
    this.#key = key;
  }

  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    const ephemeral = new Uint8Array(randomBytes(32));
    const share = x25519.getPublicKey(ephemeral);
    const shared = x25519.scalarMult(ephemeral, this.#key.montgomery);
    const body = cipher(this.#key, share, shared).encrypt(fileKey);
    return [new Stanza([this.#key.kind, sshTag(this.#key), base64NoPad(share)], body)];
  }
}

/** Opens what is sealed to an SSH key. */
export class SshEd25519Identity implements Identity {
  readonly #key: SshEd25519PublicKey;
  readonly #scalar: Uint8Array;

  /** @param seed 32 bytes: the private key as RFC 8032 has it */
  constructor(key: SshEd25519PublicKey, seed: Uint8Array) {
    this.#key = key;
    this.#scalar = ed25519.utils.toMontgomerySecret(seed);
  }

  unwrapFileKey(stanzas: readonly Stanza[]): Uint8Array | null {
    for (const { args, body } of stanzas) {
      if (args[0] !== this.#key.kind || args[1] !== sshTag(this.#key)) continue;
      const share = fromBase64NoPad(args[2] ?? '');
      if (share?.byteLength !== 32 || args.length !== 3) throw malformed('its ssh-ed25519 stanza is damaged');
      try {
        return cipher(this.#key, share, x25519.scalarMult(this.#scalar, share)).decrypt(body);
      } catch {
        // Another key may have the same tag.
      }
    }
    return null;
  }
}

function cipher(key: SshEd25519PublicKey, share: Uint8Array, shared: Uint8Array) {
  const tweak = new Uint8Array(hkdfSync('sha256', new Uint8Array(), key.wire, label, 32));
  const salt = Buffer.concat([share, key.montgomery]);
  const wrappingKey = hkdfSync('sha256', x25519.scalarMult(tweak, shared), salt, label, 32);
  return chacha20poly1305(new Uint8Array(wrappingKey), new Uint8Array(12));
}

function base64NoPad(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

/** Standard base64 without padding, canonical. */
function fromBase64NoPad(text: string): Uint8Array | undefined {
  if (/[-_=]/.test(text)) return undefined;
  return fromBase64Url(text.replaceAll('+', '-').replaceAll('/', '_'));
}
