import { createCipheriv, createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CompactEncrypt } from 'jose';
import nacl from 'tweetnacl';
import { plaintextSecret } from './manifests.mjs';
import { atLeast, atMost, cpuSeconds, shown } from './measure.mjs';
import { seeded } from './random.mjs';

/** @import { Row } from './measure.mjs' */

const VALUES = 1000;
/** How many values Purser seals before other work gets a turn; the library called directly is given the same. */
const BATCH = 64;

/**
 * Sealing through the scheme a command uses, against the libraries called directly with the same key, values and
 * concurrency.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function sealing(sources) {
  const manifest = sources.ManifestText.read(plaintextSecret(seeded(1), VALUES));
  return [...(await jwe(sources, manifest)), ...(await fernet(sources)), ...(await secretbox(sources))];
}

/** @param {any} sources @param {any} manifest @returns {Promise<Row[]>} */
async function jwe(sources, manifest) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 4096 });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const material = { ref: 'bench', name: undefined, bytes: sources.Plaintext.fromText(pem) };
  const scheme = sources.jweScheme();
  const registry = new sources.SchemeRegistry([scheme]);
  const crypto = await scheme.load();
  const { signal } = new AbortController();
  const values = manifest.entries().map((/** @type {any} */ located) => ({
    ...located,
    plaintext: sources.plaintextOf(located.entry),
  }));
  const key = { scheme, material, facts: crypto.inspect(material), opensWith: undefined };
  const choice = { which: 'plaintext', among: manifest.entries() };
  const plan = () => sources.planEncrypt(manifest, choice, key, registry, signal);
  const cost = await cpuSeconds({
    library: () => joseDirectly(pair.publicKey, values),
    purser: () => crypto.seal({ text: manifest.text, values }, material, signal),
    command: plan,
  });
  const verifying = await cpuSeconds({
    run: () => sealAndVerify(plan, { ...key, opensWith: material }, sources),
  });
  const blocked = await longestBlock(() => crypto.seal({ text: manifest.text, values }, material, signal));
  return [
    shown(`${VALUES} values to RSA-4096, jose called directly, CPU`, inMilliseconds(cost.library)),
    atMost('Purser sealing them, CPU, against that', cost.purser / cost.library, 1.1, ' ×'),
    shown(
      'the whole command, its edit computed and checked, against that',
      `${(cost.command / cost.library).toFixed(2)} ×`,
    ),
    shown(
      'verification on top (one value opened again), CPU',
      inMilliseconds(Math.max(0, verifying.run - cost.command)),
    ),
    atMost('longest time the event loop is blocked by sealing', blocked, 16, ' ms'),
  ];
}

/** @param {import('node:crypto').KeyObject} key @param {readonly any[]} values */
async function joseDirectly(key, values) {
  for (let at = 0; at < values.length; at += BATCH) {
    const batch = values
      .slice(at, at + BATCH)
      .map(({ plaintext }) =>
        new CompactEncrypt(plaintext.expose())
          .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', kid: 'bench' })
          .encrypt(key),
      );
    await Promise.all(batch);
  }
}

/** @param {() => Promise<any>} plan @param {any} key @param {any} sources */
async function sealAndVerify(plan, key, sources) {
  const { text } = await plan();
  const located = sources.ManifestText.read(text).entries();
  const [first] = located;
  const token = first.entry.text;
  const crypto = await key.scheme.load();
  await crypto.open({ scheme: 'jwe', envelopes: [{ ...first, token }] }, [key.material]);
}

/** @param {() => Promise<unknown>} run @returns {Promise<number>} milliseconds, the least of five runs */
async function longestBlock(run) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.reset();
    await run();
    delay.disable();
    least = Math.min(least, delay.max / 1e6);
  }
  return least;
}

/** @param {any} sources @returns {Promise<Row[]>} */
async function fernet({ sealFernet, readFernetKey }) {
  const secret = randomBytes(32);
  const key = readFernetKey(Buffer.from(secret.toString('base64')), 'bench');
  const plaintext = randomBytes(64);
  const now = new Date(0);
  const signing = createSecretKey(secret.subarray(0, 16));
  const encryption = createSecretKey(secret.subarray(16));
  const cost = await cpuSeconds({
    byHand: () => repeat(() => fernetByHand(plaintext, signing, encryption)),
    purser: () => repeat(() => sealFernet(plaintext, key, { now })),
  });
  return [atLeast('Fernet, speed against node:crypto by hand', cost.byHand / cost.purser, 0.9, ' ×')];
}

/**
 * @param {Buffer} plaintext
 * @param {import('node:crypto').KeyObject} signing
 * @param {import('node:crypto').KeyObject} encryption
 */
function fernetByHand(plaintext, signing, encryption) {
  const iv = randomBytes(16);
  const head = Buffer.alloc(9);
  head[0] = 0x80;
  const cipher = createCipheriv('aes-128-cbc', encryption, iv);
  const signed = Buffer.concat([head, iv, cipher.update(plaintext), cipher.final()]);
  const hmac = createHmac('sha256', signing).update(signed).digest();
  return Buffer.concat([signed, hmac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** @param {any} sources @returns {Promise<Row[]>} */
async function secretbox({ sealSecretbox, readSecretboxKey }) {
  const secret = randomBytes(32);
  const key = readSecretboxKey(Buffer.from(secret.toString('base64')), 'bench', 'bench');
  const plaintext = new Uint8Array(randomBytes(64));
  const bytes = new Uint8Array(secret);
  const cost = await cpuSeconds({
    library: () => repeat(() => secretboxDirectly(plaintext, bytes)),
    purser: () => repeat(() => sealSecretbox(plaintext, key)),
  });
  return [
    atLeast('secretbox, speed against tweetnacl called directly', cost.library / cost.purser, 0.9, ' ×'),
  ];
}

/** @param {Uint8Array} plaintext @param {Uint8Array} key */
function secretboxDirectly(plaintext, key) {
  const nonce = new Uint8Array(randomBytes(nacl.secretbox.nonceLength));
  return Buffer.concat([nonce, nacl.secretbox(plaintext, nonce, key)]).toString('base64');
}

/** @param {() => unknown} run */
function repeat(run) {
  for (let count = 0; count < 20_000; count++) run();
}

/** @param {number} seconds */
function inMilliseconds(seconds) {
  return `${(seconds * 1000).toFixed(0)} ms`;
}
