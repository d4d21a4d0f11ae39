import { Plaintext } from '../../core/plaintext.ts';
import type { SecretField } from '../../manifest/at-rest/configuration.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';

/** What Kubernetes' documentation and its tests have in the place of keys (kubernetes/website, encrypt-data.md; kubernetes/apiserver). */
const samples: readonly Plaintext[] = [
  'secret is secure',
  'this is password',
  'abcdefghijklmnopqrstuvwxyz123456',
  'secret is secure, is it?',
  'secret is secure, or is it?\n',
  'secret is secure, I think',
].map((text) => Plaintext.fromText(text));

/** Whether a key is one that everybody can look up. */
export function isSampleKey(secret: SecretField): boolean {
  const bytes = keyBytes(secret);
  return bytes !== undefined && samples.some((sample) => sample.equals(bytes));
}
