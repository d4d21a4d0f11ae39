import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../host/pack.mjs';

/** What the benchmarks use of src. */
const EXPORTS = `
export { planEncrypt, verifySealed } from './src/app/encrypt.ts';
export { ManifestText } from './src/app/manifest-text.ts';
export { audit } from './src/audit/audit.ts';
export { Plaintext } from './src/core/plaintext.ts';
export { clusterConnector } from './src/cluster/connector.ts';
export { generateFernetKey, sealFernet, readFernetKey } from './src/crypto/fernet.ts';
export { readJweKey } from './src/crypto/jwe-key.ts';
export { sealSecretbox, readSecretboxKey } from './src/crypto/secretbox.ts';
export { rescan, scan } from './src/manifest/scan.ts';
export { plaintextOf } from './src/manifest/secret.ts';
export { fernetScheme } from './src/schemes/fernet.ts';
export { jweScheme } from './src/schemes/jwe.ts';
export { secretboxScheme } from './src/schemes/secretbox.ts';
export { SchemeRegistry } from './src/schemes/registry.ts';
export { missing, startKubeApi } from './test/support/kube-api.ts';
`;

/**
 * The sources as a module. npm packages stay outside, so that both sides of a comparison use the same copy of them.
 *
 * @param {string} folder to build into; it must be below the repository, for Node to find the packages
 * @returns {Promise<any>}
 */
export async function loadSources(folder) {
  const outfile = join(folder, 'sources.mjs');
  await build({
    stdin: { contents: EXPORTS, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  // Where the sources look themselves, from where they stand.
  process.env['PURSER_CRDS'] ??= join(root, '..', 'shared', 'crds');
  return import(pathToFileURL(outfile).href);
}
