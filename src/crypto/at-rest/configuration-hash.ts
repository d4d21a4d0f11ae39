import { createHash } from 'node:crypto';

/**
 * The hash of a configuration file as kube-apiserver tells it in `apiserver_encryption_config_controller_last_config_info`
 * (pkg/server/options/encryptionconfig, `computeEncryptionConfigHash`): `sha256:` and hex, of the file's bytes as they are.
 */
export function configurationHash(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
