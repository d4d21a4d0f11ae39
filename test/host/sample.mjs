import { createHash, generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder, exists } from './cache.mjs';
import { sealingCertificate } from './certificate.mjs';
import { build, root } from './pack.mjs';
import { run } from './process.mjs';
import { keyFolderIn } from './server.mjs';

/**
 * @typedef {object} Sample
 * @property {string} home keeps everything of the sample; user data may go here too
 * @property {string} folder the workspace to open
 */

/**
 * A copy of `examples/` to play with, in the cache, with keys made for it. What was done to it stays until it is removed.
 *
 * The private keys are where Purser looks with `home/config` as `XDG_CONFIG_HOME`, `home/home` as `HOME` (macOS) and
 * `home/config` as `%AppData%`; the public one is in the workspace.
 *
 * @param {{ fresh: boolean }} options `fresh` removes what is there first
 * @returns {Promise<Sample>}
 */
export async function makeSample({ fresh }) {
  // Two checkouts do not share one.
  const name = `start-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  if (fresh) await rm(join(cacheFolder(), name), { recursive: true, force: true });
  const home = await cached(name, async (partial) => {
    const folder = join(partial, 'sample');
    await cp(join(root, 'examples'), folder, { recursive: true });
    await makeKeys(keyFolderIn(partial), join(folder, '.purser', 'keys'));
    await makeFluxKeys(keyFolderIn(partial), folder);
    // The git root is where Purser's search for .purser.yaml ends. Without git the opened folder is.
    await run('git', ['init', '--quiet'], { cwd: folder }).catch(() => undefined);
  });
  return { home, folder: join(home, 'sample') };
}

/** @param {string[]} args of `purser keygen` */
async function keygen(...args) {
  const cli = join(root, 'dist', 'cli.js');
  if (!(await exists(cli))) await build();
  await run(process.execPath, [cli, 'keygen', ...args]);
}

/** @param {string} privateKeys @param {string} publicKeys */
async function makeKeys(privateKeys, publicKeys) {
  await mkdir(privateKeys, { recursive: true, mode: 0o700 });
  await mkdir(publicKeys, { recursive: true });
  const prod = ['-o', join(privateKeys, 'prod.pem'), '--public-out', join(publicKeys, 'prod.pub.pem')];
  await keygen('jwe', '--name', 'prod', ...prod);
  await keygen('secretbox', '--name', 'dev-2026', '-o', join(privateKeys, 'dev-2026.secretbox'));
  await keygen('fernet', '--name', 'kubeconfig', '-o', join(privateKeys, 'kubeconfig.fernet'));
}

/** What Flux and the Sealed Secrets controller of the sample's cluster would have. @param {string} privateKeys @param {string} folder */
async function makeFluxKeys(privateKeys, folder) {
  const age = join(privateKeys, 'flux.age');
  await keygen('age', '--name', 'flux', '-o', age);
  const recipient = /age1\w+/.exec(await readFile(age, 'utf8'))?.[0];
  await writeFile(join(folder, '.sops.yaml'), sopsConfig([recipient ?? '']));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 4096,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(join(privateKeys, 'controller.pem'), privateKey, { mode: 0o600 });
  await mkdir(join(folder, '.purser', 'certs'), { recursive: true });
  await writeFile(join(folder, '.purser', 'certs', 'prod.pem'), sealingCertificate(privateKey));
}

/** The `.sops.yaml` of the sample. @param {readonly string[]} recipients of age */
export function sopsConfig(recipients) {
  return `creation_rules:
  # What Flux applies: the values of Secrets, and nothing else, so that reviews show the rest.
  - path_regex: ^flux/apps/.*\\.(yaml|json)$
    encrypted_regex: ^(data|stringData)$
    age: ${recipients.join(',')}
`;
}
