import type { Plaintext } from '../core/plaintext.ts';
import { isSecret } from './manifest.ts';
import { scan } from './scan.ts';
import { plaintextOf } from './secret.ts';

/**
 * The `tls.key` of every Secret in a file: how the keys of Sealed Secrets controllers are backed up, one Secret or a List of them
 * (`kubectl get secret -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml`).
 * @throws Failure `entry.not-base64`
 */
export function tlsKeysIn(text: string): readonly Plaintext[] {
  return scan(text).documents.flatMap(({ objects }) =>
    objects
      .filter(isSecret)
      .flatMap(({ entries }) => entries.filter(({ key }) => key === 'tls.key').map(plaintextOf)),
  );
}
