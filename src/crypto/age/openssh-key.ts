import { createDecipheriv } from 'node:crypto';
import { fromBase64 } from '../../core/bytes.ts';
import { unusable } from '../unusable.ts';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';
import { readPrivateBlock, type SshPrivateKey } from './ssh-private-block.ts';
import { readSshPublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { SshReader } from './ssh-wire.ts';

/** An `OPENSSH PRIVATE KEY`, whose public half is readable without its passphrase. Source: OpenSSH's PROTOCOL.key. */
export interface OpenSshKey {
  readonly publicKey: SshPublicKey;
  /** How it is unlocked; undefined where it has no passphrase. */
  readonly lock: Lock | undefined;
  readonly privateBlock: Uint8Array;
}

interface Lock {
  readonly cipher: 'aes-256-ctr' | 'aes-256-cbc';
  readonly salt: Uint8Array;
  readonly rounds: number;
}

const magic = 'openssh-key-v1\0';
const ciphers: ReadonlyMap<string, Lock['cipher']> = new Map([
  ['aes256-ctr', 'aes-256-ctr'],
  ['aes256-cbc', 'aes-256-cbc'],
]);
/** ssh-keygen takes 16 unless told otherwise; this is 64 times the work, some 10 seconds. */
const mostRounds = 1024;

/**
 * @param body of the PEM block, in base64
 * @throws Failure `key.unusable`
 */
export function readOpenSshKey(body: string, ref: string): OpenSshKey {
  const damaged = unusable(ref, 'its OPENSSH PRIVATE KEY block is damaged');
  const bytes = fromBase64(body.replace(/\s+/g, ''));
  if (bytes === undefined || Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic)
    throw damaged;
  const reader = new SshReader(bytes.subarray(magic.length), damaged);
  const [cipher, kdf, options] = [reader.text(), reader.text(), reader.string()];
  if (reader.uint32() !== 1) throw unusable(ref, 'it holds more than one key');
  const publicKey = readSshPublicKey(reader.string(), ref);
  const privateBlock = reader.string();
  reader.end();
  if (cipher === 'none' && kdf === 'none') return { publicKey, lock: undefined, privateBlock };
  return { publicKey, lock: readLock(cipher, kdf, new SshReader(options, damaged), ref), privateBlock };
}

function readLock(name: string, kdf: string, options: SshReader, ref: string): Lock {
  const cipher = ciphers.get(name);
  if (cipher === undefined || kdf !== 'bcrypt')
    throw unusable(ref, 'its cipher is none that age reads; ssh-keygen -p -Z aes256-ctr changes it');
  const [salt, rounds] = [options.string(), options.uint32()];
  options.end();
  if (rounds < 1 || rounds > mostRounds || salt.byteLength < 1 || salt.byteLength > 1024)
    throw unusable(ref, `its passphrase takes more work than ${mostRounds} rounds`);
  return { cipher, salt, rounds };
}

/**
 * The private key of a file without a passphrase.
 * @throws Failure `key.unusable`
 */
export function privateKeyOf({ publicKey, privateBlock }: OpenSshKey, ref: string): SshPrivateKey {
  return readPrivateBlock(privateBlock, publicKey, ref, 'its OPENSSH PRIVATE KEY block is damaged');
}

/**
 * The private key of a file under a passphrase.
 * @throws Failure `key.unusable`
 */
export async function unlockOpenSshKey(
  { publicKey, privateBlock }: OpenSshKey,
  { cipher, salt, rounds }: Lock,
  passphrase: string,
  ref: string,
): Promise<SshPrivateKey> {
  const wrong = 'its passphrase is another one';
  const derived = await bcryptPbkdf(new TextEncoder().encode(passphrase), salt, rounds, 48);
  const decipher = createDecipheriv(cipher, derived.subarray(0, 32), derived.subarray(32)).setAutoPadding(
    false,
  );
  if (privateBlock.byteLength % 16 !== 0) throw unusable(ref, 'its OPENSSH PRIVATE KEY block is damaged');
  const clear = Buffer.concat([decipher.update(privateBlock), decipher.final()]);
  return readPrivateBlock(new Uint8Array(clear), publicKey, ref, wrong);
}
