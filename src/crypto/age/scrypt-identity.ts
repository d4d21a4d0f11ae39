import { type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Identity, Stanza } from 'age-encryption';
import { fromBase64 } from '../../core/bytes.ts';
import { unusable } from '../unusable.ts';
import { type AgeFile, malformed } from './age-file.ts';

const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

const label = 'age-encryption.org/v1/scrypt';
/** age writes 18, which takes a second; this takes four, and 1 GiB of memory. */
const mostWork = 20;

/**
 * Refuses a file that is not sealed with a passphrase, or that asks for too much work, before any work is done.
 * @throws Failure `key.unusable`
 */
export function requirePassphraseFile({ stanzas }: AgeFile, ref: string): void {
  const [stanza = [], ...others] = stanzas;
  if (stanza[0] !== 'scrypt' || others.length > 0)
    throw unusable(ref, 'it is encrypted, but not with a passphrase');
  const work = workFactor(stanza);
  if (work === undefined) throw unusable(ref, 'its passphrase stanza is damaged');
  if (work > mostWork)
    throw unusable(ref, `its passphrase takes work of 2^${work}; 2^${mostWork} is the most`);
}

/** Opens what is sealed with a passphrase, off the main thread. Source: age-encryption.org/v1. */
export class ScryptIdentity implements Identity {
  readonly #passphrase: string;

  constructor(passphrase: string) {
    this.#passphrase = passphrase;
  }

  async unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
    const [{ args, body } = { args: [], body: new Uint8Array() }] = stanzas;
    const work = workFactor(args);
    const salt = fromBase64(`${args[1] ?? ''}==`);
    if (stanzas.length !== 1 || args.length !== 3 || work === undefined || work > mostWork)
      throw malformed('its scrypt stanza is damaged');
    if (salt?.byteLength !== 16 || body.byteLength !== 32) throw malformed('its scrypt stanza is damaged');
    const N = 2 ** work;
    const options = { N, r: 8, p: 1, maxmem: 2 * 128 * N * 8 };
    const key = await derive(this.#passphrase, Buffer.concat([Buffer.from(label), salt]), 32, options);
    try {
      return chacha20poly1305(new Uint8Array(key), new Uint8Array(12)).decrypt(body);
    } catch {
      return null;
    }
  }
}

/** The logarithm of N, or undefined where it is not written as the format says. */
function workFactor([type, , work = '']: readonly string[]): number | undefined {
  return type === 'scrypt' && /^[1-9][0-9]{0,5}$/.test(work) ? Number(work) : undefined;
}
