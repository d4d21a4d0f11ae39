import { constants, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../host/cache.mjs';
import { plaintextSecret } from './manifests.mjs';
import { atLeast, leastMilliseconds, rounded, shown } from './measure.mjs';
import { findPeer, notMeasured, runTool } from './peers.mjs';
import { seeded } from './random.mjs';

/** @import { Row } from './measure.mjs' */

const ITEMS = 1000;
const PLACE = { name: 'many', namespace: 'prod', scope: 'strict' };

/**
 * Sealing Secrets against the `kubeseal` process that people run for it.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function sealedSecrets(sources) {
  const kubeseal = findPeer('kubeseal');
  const openssl = findPeer('openssl');
  if (kubeseal === undefined) return [notMeasured('kubeseal')];
  if (openssl === undefined) return [notMeasured('openssl')];
  const folder = await temporaryFolder();
  try {
    return await against(kubeseal, await certificateIn(folder.path, openssl), sources);
  } finally {
    await folder.remove();
  }
}

/** As a controller makes its own: RSA of 4096 bits. @param {string} folder @param {string} openssl */
async function certificateIn(folder, openssl) {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const made = ['req', '-x509', '-newkey', 'rsa:4096', '-nodes', '-subj', '/CN=bench', '-days', '2'];
  runTool(openssl, [...made, '-keyout', key, '-out', cert]);
  return cert;
}

/** @param {string} kubeseal @param {string} cert @param {any} sources @returns {Promise<Row[]>} */
async function against(kubeseal, cert, sources) {
  const text = plaintextSecret(seeded(3), ITEMS);
  const certificate = sources.readSealingCertificate(readFileSync(cert), 'bench');
  const options = { namespace: undefined, scope: undefined, sealedWith: undefined, allowEmpty: false };
  const { signal } = new AbortController();
  const seal = async () => {
    const { edits } = await sources.sealSecret(text, 0, certificate, options, signal);
    return sources.applyEdits(text, edits);
  };
  const sealed = await seal();
  const [secret] = sources.findSealedSecrets(sources.scan(sealed));
  const one = { key: 'password', plaintext: sources.Plaintext.fromText('new'), place: secret.place };
  const raw = ['--raw', '--cert', cert, '--name', PLACE.name, '--namespace', PLACE.namespace];
  const value = join(dirname(cert), 'value');
  writeFileSync(value, 'new');
  const took = await leastMilliseconds(
    {
      whole: () => runTool(kubeseal, ['--cert', cert, '--format', 'yaml'], { input: text }),
      seal,
      rsa: () => rsaAlone(certificate.publicKey),
      item: () => runTool(kubeseal, [...raw, '--from-file', value]),
      set: () => sources.setSealedValue(sealed, secret, one, certificate),
    },
    5,
  );
  return [
    shown(`kubeseal, a Secret of ${ITEMS} keys`, `${took.whole.toFixed(0)} ms`),
    atLeast('Purser sealing it, times as fast', took.whole / took.seal, 10, ' ×'),
    shown(
      'RSA-OAEP of its keys by node:crypto and nothing else, times as fast',
      `${rounded(took.whole / took.rsa)} ×`,
    ),
    shown('kubeseal --raw, one item', `${took.item.toFixed(0)} ms`),
    shown(
      `${ITEMS} items so, against Purser sealing them`,
      `${((took.item * ITEMS) / took.seal).toFixed(0)} ×`,
    ),
    shown(
      `Purser putting one among ${ITEMS} others in their file, and checking it`,
      `${took.set.toFixed(0)} ms`,
    ),
  ];
}

/** The least that sealing takes. @param {import('node:crypto').KeyObject} key */
function rsaAlone(key) {
  const oaepLabel = Buffer.from(`${PLACE.namespace}/${PLACE.name}`);
  const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel };
  for (let count = 0; count < ITEMS; count++) publicEncrypt(options, randomBytes(32));
}
