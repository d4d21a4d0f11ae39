const ids = [
  'plaintext-secret',
  'plaintext-kubeconfig',
  'plaintext-in-template',
  'secret-generator-literal',
  'plaintext-in-values',
  'private-key-in-repo',
  'unencrypted-by-policy',
  'wrong-scheme',
  'wrong-recipient',
  'malformed-ciphertext',
  'moved-ciphertext',
  'copied-ciphertext',
  'no-cluster-opener',
  'value-pitfall',
  'flux/missing-decryption',
  'flux/unknown-decryption-secret',
  'flux/encrypted-metadata',
  'flux/comment-rule',
  'flux/file-too-large',
  'flux/cross-namespace-reference',
  'at-rest/invalid-configuration',
  'at-rest/masked-rule',
  'at-rest/identity-first',
  'at-rest/aescbc',
  'at-rest/aesgcm',
  'at-rest/kms-v1',
  'at-rest/sample-key',
  'kkp/invalid-encryption',
  'kkp/reused-key-name',
  'kkp/resources-changed',
  'kkp/feature-switched-off',
  'kkp/failed',
] as const;

/** The id of a finding's rule, as policies, scripts and ignore comments spell it. */
export type RuleId = (typeof ids)[number];

const known: ReadonlySet<string> = new Set(ids);
const families = /^(?:at-rest|kkp|flux)\/[a-z0-9-]+$/;

/** Whether this is, or could be, the id of a finding's rule. */
export function isRuleId(text: string): boolean {
  return known.has(text) || families.test(text);
}
