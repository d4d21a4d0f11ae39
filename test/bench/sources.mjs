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
export { applyEdits } from './src/core/span.ts';
export { clusterConnector } from './src/cluster/connector.ts';
export { readAgeKeyFile } from './src/crypto/age/key-file.ts';
export { generateFernetKey, sealFernet, readFernetKey } from './src/crypto/fernet.ts';
export { readJweKey } from './src/crypto/jwe-key.ts';
export { sealSecretbox, readSecretboxKey } from './src/crypto/secretbox.ts';
export { ageKeySealer, ageKeySource } from './src/crypto/sops/age-keys.ts';
export { recoverDataKey } from './src/crypto/sops/data-key.ts';
export { selectionOf } from './src/core/sops-selection.ts';
export { readSopsToken } from './src/crypto/sops-token.ts';
export { sealItem } from './src/crypto/sealed-secrets.ts';
export { readSealingCertificate } from './src/crypto/x509.ts';
export { rescan, scan } from './src/manifest/scan.ts';
export { findSealedSecrets } from './src/manifest/sealed-secret.ts';
export { plaintextOf } from './src/manifest/secret.ts';
export { readSopsYaml } from './src/manifest/sops-yaml.ts';
export { parseSopsYaml } from './src/manifest/sops-yaml-tree.ts';
export { loadRe2 } from './src/policy/re2.ts';
export { fernetScheme } from './src/schemes/fernet.ts';
export { jweScheme } from './src/schemes/jwe.ts';
export { sealSecret, setSealedValue } from './src/schemes/sealed-secrets/sealing.ts';
export { secretboxScheme } from './src/schemes/secretbox.ts';
export { SchemeRegistry } from './src/schemes/registry.ts';
export { readSopsFile } from './src/schemes/sops/file.ts';
export { openSops } from './src/schemes/sops/open.ts';
export { sealSops } from './src/schemes/sops/seal.ts';
export { changeSopsValue } from './src/schemes/sops/set-value.ts';
export { walkSops } from './src/schemes/sops/walk.ts';
export { GitHistory } from './src/node/git-history.ts';
export { auditScope } from './src/app/at-rest/audit-scope.ts';
export { lintConfiguration } from './src/app/at-rest/lint.ts';
export { lookThroughSnapshot } from './src/node/snapshot-file.ts';
export { BoltFile } from './test/support/bolt-file.ts';
export { etcdRecord } from './test/support/etcd-records.ts';
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
