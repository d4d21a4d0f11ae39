import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { build } from 'esbuild';
import { temporaryFolder } from '../host/cache.mjs';
import { plaintextSecret } from './manifests.mjs';
import {
  atLeast,
  atMost,
  cpuSeconds,
  inMilliseconds,
  leastMilliseconds,
  rounded,
  shown,
} from './measure.mjs';
import { findPeer, notMeasured, runTool } from './peers.mjs';
import { seeded } from './random.mjs';

/** @import { Row } from './measure.mjs' */

const CHANGED = 200;
const SEALED = 1000;
const RULE = '^(data|stringData)$';

/**
 * Opening against its cryptography alone, changing and sealing against the `sops` process that people run for it.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function sops(sources) {
  const folder = await temporaryFolder();
  try {
    const holder = await holderOfKey(sources, folder.path);
    const program = findPeer('sops');
    return [
      ...(await opening(sources, holder, CHANGED)),
      ...(await opening(sources, holder, SEALED)),
      ...(program === undefined ? [notMeasured('sops')] : await againstSops(program, holder, folder.path)),
    ];
  } finally {
    await folder.remove();
  }
}

/** @typedef {Awaited<ReturnType<typeof holderOfKey>>} Holder */

/** Somebody with an age key, and what Purser does for them. @param {any} sources @param {string} folder */
async function holderOfKey(sources, folder) {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const keyFile = join(folder, 'keys.txt');
  writeFileSync(keyFile, `${identity}\n`, { mode: 0o600 });
  const { keys } = await sources.readAgeKeyFile(readFileSync(keyFile), 'bench', async () => undefined);
  const compile = await sources.loadRe2();
  const tools = { compile, sealer: sources.ageKeySealer, now: new Date() };
  const age = { kind: 'age', fields: new Map([['recipient', recipient]]) };
  const request = {
    rule: { name: 'encrypted_regex', text: RULE },
    macOnlyEncrypted: false,
    keys: { groups: [[age]], shamirThreshold: 0 },
  };
  const opened = async (/** @type {string} */ text) => {
    const file = sources.readSopsFile(text, 'yaml');
    const dataKey = await sources.recoverDataKey(file.metadata, sources.ageKeySource(keys));
    return { file, dataKey, selects: sources.selectionOf(file.metadata.rule, compile) };
  };
  return {
    identity,
    recipient,
    keyFile,
    /** @param {string} text @returns {Promise<string>} */
    seal: async (text) => sources.applyEdits(text, await sources.sealSops(text, 'yaml', request, tools)),
    /** @param {string} text */
    open: async (text) => {
      const { file, dataKey, selects } = await opened(text);
      return sources.openSops(file, dataKey, selects);
    },
    /** @param {string} text @param {string} key @param {string} value @returns {Promise<string>} */
    change: async (text, key, value) => {
      const typed = { type: 'str', bytes: new TextEncoder().encode(value) };
      const target = { document: 0, place: ['stringData', key] };
      const edits = sources.changeSopsValue(await opened(text), target, typed, new Date());
      return sources.applyEdits(text, edits);
    },
  };
}

/** @param {any} sources @param {Holder} holder @param {number} count @returns {Promise<Row[]>} */
async function opening(sources, holder, count) {
  const text = await holder.seal(plaintextSecret(seeded(3), count));
  const byHand = openByHand(sources, text, holder);
  if ((await byHand()) !== count) throw new Error('not every value was opened by hand');
  const subjects = {
    byHand,
    purser: () => holder.open(text),
    reader: () => sources.readSopsYaml(text),
    parser: () => sources.parseSopsYaml(text),
  };
  const cost = await cpuSeconds(subjects, 40);
  const yaml = `${inMilliseconds(cost.reader)} (${inMilliseconds(cost.parser)})`;
  return [
    shown(`key unwrap, AES-GCM and SHA-512 of ${count} values by hand, CPU`, inMilliseconds(cost.byHand)),
    atMost(
      `Purser opening the file of ${count} values, CPU, against that`,
      cost.purser / cost.byHand,
      1.5,
      ' ×',
    ),
    shown('of that, reading its YAML (the parser of npm, which is the judge of that, alone)', yaml),
  ];
}

/**
 * The cryptography of opening a file and nothing else: its values are taken apart beforehand.
 *
 * @param {any} sources
 * @param {string} text
 * @param {Holder} holder
 */
function openByHand(sources, text, { identity }) {
  const { tree, metadata } = sources.readSopsFile(text, 'yaml');
  /** @type {any[]} */
  const values = [];
  sources.walkSops(tree, (/** @type {any} */ { node, path }) => {
    if (node.text.startsWith('ENC['))
      values.push({ ...sources.readSopsToken(node.text), aad: Buffer.from(`${path.join(':')}:`) });
  });
  const [[stanza]] = metadata.groups;
  return async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const dataKey = await decrypter.decrypt(armor.decode(stanza.enc));
    const hash = createHash('sha512');
    for (const { data, iv, tag, aad } of values) {
      const decipher = createDecipheriv('aes-256-gcm', dataKey, iv);
      decipher.setAAD(aad);
      decipher.setAuthTag(tag);
      hash.update(decipher.update(data));
      decipher.final();
    }
    hash.digest();
    return values.length;
  };
}

/** @param {string} program @param {Holder} holder @param {string} folder @returns {Promise<Row[]>} */
async function againstSops(program, holder, folder) {
  const env = { SOPS_AGE_KEY_FILE: holder.keyFile };
  const [plain, theirs, ours] = ['plain.yaml', 'theirs.yaml', 'ours.yaml'].map((name) => join(folder, name));
  const text = await holder.seal(plaintextSecret(seeded(3), CHANGED));
  const many = plaintextSecret(seeded(3), SEALED);
  writeFileSync(plain ?? '', many);
  for (const path of [theirs, ours]) writeFileSync(path ?? '', text);
  const script = await bundledChange(folder);
  const encrypt = ['encrypt', '--age', holder.recipient, '--encrypted-regex', RULE, plain ?? ''];
  const took = await leastMilliseconds(
    {
      set: () => runTool(program, ['set', theirs ?? '', '["stringData"]["password"]', '"new"'], { env }),
      change: () => holder.change(text, 'password', 'new'),
      started: () => runTool(process.execPath, [script, ours ?? '', holder.keyFile, 'password', 'new']),
      encrypt: () => runTool(program, encrypt, { env }),
      seal: () => holder.seal(many),
      sealByHand: () => sealByHand(holder.recipient),
    },
    12,
  );
  if (!runTool(program, ['decrypt', ours ?? ''], { env }).includes('password: new\n'))
    throw new Error('sops does not read what Purser has changed');
  return [
    shown(`sops set, one of ${CHANGED} values`, `${took.set.toFixed(0)} ms`),
    atLeast('Purser changing it, MAC checked and made anew, times as fast', took.set / took.change, 10, ' ×'),
    shown('in a Node process started for it, times as fast', `${rounded(took.set / took.started)} ×`),
    shown(`sops encrypt, ${SEALED} values`, `${took.encrypt.toFixed(0)} ms`),
    atLeast('Purser sealing them and reading them again, times as fast', took.encrypt / took.seal, 10, ' ×'),
    shown('key wrap and AES-GCM by hand, times as fast', `${rounded(took.encrypt / took.sealByHand)} ×`),
  ];
}

/** The cryptography of sealing and nothing else. @param {string} recipient */
async function sealByHand(recipient) {
  const dataKey = randomBytes(32);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  await encrypter.encrypt(dataKey);
  const [value, aad] = [Buffer.alloc(24, 'x'), Buffer.from('stringData:password:')];
  for (let count = 0; count < SEALED; count++) {
    const cipher = createCipheriv('aes-256-gcm', dataKey, randomBytes(32));
    cipher.setAAD(aad);
    cipher.update(value);
    cipher.final();
    cipher.getAuthTag();
  }
}

/** `sops-change.mjs` with everything it takes, as the command line is shipped. @param {string} folder */
async function bundledChange(folder) {
  const outfile = join(folder, 'sops-change.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('sops-change.mjs', import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: 'const require = (id) => process.getBuiltinModule(id);' },
    logLevel: 'warning',
  });
  return outfile;
}
