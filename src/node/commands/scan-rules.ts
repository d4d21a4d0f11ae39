import type { RuleId } from '../../policy/rule-ids.ts';

/** What a list of findings says of a rule: what is the matter, and what to do. */
export interface RuleText {
  readonly title: string;
  readonly help: string;
}

const encryptIt =
  'Encrypt the value (purser encrypt -i FILE). If it was committed before, change it: it stays in the history.';

/** Every rule in words; docs/rules has a page for each. */
export const ruleTexts: { readonly [R in RuleId]: RuleText } = {
  'plaintext-secret': { title: 'A Secret holds a value in plaintext.', help: encryptIt },
  'plaintext-kubeconfig': {
    title: 'A kubeconfig holds credentials in plaintext.',
    help: 'Keep it out of the repository, or encrypt the whole file (purser encrypt --whole). Revoke credentials that were committed.',
  },
  'plaintext-in-template': {
    title: 'A template that a Secret is made from holds a value in plaintext.',
    help: 'Move the value to where it is encrypted, or refer to it. If it was committed before, change it.',
  },
  'secret-generator-literal': {
    title: 'A kustomize secretGenerator takes a value from plaintext in the repository.',
    help: 'Replace the generator by an encrypted Secret, or encrypt the file that it reads.',
  },
  'plaintext-in-values': {
    title: 'Helm values hold what looks like a secret.',
    help: 'Have the chart read it from an existing Secret, and encrypt that one.',
  },
  'private-key-in-repo': {
    title: 'Private key material stands in the repository.',
    help: 'Keep the key in your key folder or encrypt it, and replace it: whoever has read the repository has it.',
  },
  'unencrypted-by-policy': {
    title: 'The policy says that this must be encrypted, and it is not.',
    help: encryptIt,
  },
  'wrong-scheme': {
    title: 'A value is encrypted in another way than the policy says.',
    help: 'Decrypt it and encrypt it again, or correct the policy.',
  },
  'wrong-recipient': {
    title: 'A value is encrypted to a key that the policy does not name.',
    help: 'Seal it to the right ones (purser rotate), or correct the policy.',
  },
  'malformed-ciphertext': {
    title: 'Ciphertext is damaged.',
    help: 'Restore it from version control, or set the value again (purser set).',
  },
  'moved-ciphertext': {
    title: 'Ciphertext stands at another place than it was made for.',
    help: 'Find out who moved it, or set the value again (purser set).',
  },
  'copied-ciphertext': {
    title: 'The same ciphertext stands at two places.',
    help: 'Set each value on its own (purser set), so that one cannot be taken for the other.',
  },
  'no-cluster-opener': {
    title: 'Nothing in the cluster decrypts this value: the workload would get the ciphertext.',
    help: 'Say in .purser.yaml what opens it (opened-by: webhook or pipeline), or use a scheme that a controller opens.',
  },
  'value-pitfall': {
    title: 'A value is probably not what was meant.',
    help: 'Look at its final newline, its base64 and the spelling of its map.',
  },
  'flux/missing-decryption': {
    title: 'A Flux Kustomization applies a Secret that SOPS encrypted, and is not told to decrypt it.',
    help: 'Add spec.decryption to the Kustomization: provider sops, and the Secret with the keys.',
  },
  'flux/unknown-decryption-secret': {
    title: 'Nothing in the repository makes the Secret that a Flux Kustomization decrypts with.',
    help: 'See to it that the cluster has this Secret, in the namespace of the Kustomization.',
  },
  'flux/encrypted-metadata': {
    title: 'SOPS encrypted what Flux must read of a manifest.',
    help: 'Say encrypted_regex: ^(data|stringData)$ in .sops.yaml, and encrypt the file again.',
  },
  'flux/comment-rule': {
    title: 'Comments say what SOPS encrypted in a manifest, and Flux sees no comments.',
    help: 'Say it by names, with encrypted_regex, and encrypt the file again.',
  },
  'flux/file-too-large': {
    title: 'A SOPS file is too large for Flux to decrypt.',
    help: 'Split it into files of less than 5 MiB.',
  },
  'flux/cross-namespace-reference': {
    title: 'An object of Flux refers to another namespace, which clusters of several teams refuse.',
    help: 'Put both into one namespace, or leave it where the cluster allows such references.',
  },
  'at-rest/invalid-configuration': {
    title: 'kube-apiserver would not start with this EncryptionConfiguration.',
    help: 'Correct what the message names: it is the one that kube-apiserver would give.',
  },
  'at-rest/masked-rule': {
    title: 'A rule of an EncryptionConfiguration has no effect, because an earlier one covers its resource.',
    help: 'Put wildcards last, and name a resource once.',
  },
  'at-rest/identity-first': {
    title: 'An EncryptionConfiguration has resources written in plaintext.',
    help: 'Put another provider first, and identity last as long as there is old plaintext to read.',
  },
  'at-rest/aescbc': {
    title: 'Resources are encrypted with aescbc, which Kubernetes advises against.',
    help: 'Rotate to secretbox or kms v2.',
  },
  'at-rest/aesgcm': {
    title: 'Resources are encrypted with aesgcm, whose key must be rotated every 200,000 writes.',
    help: 'Rotate the key automatically, or rotate to secretbox or kms v2.',
  },
  'at-rest/kms-v1': {
    title:
      'An EncryptionConfiguration uses kms v1, which kube-apiserver refuses unless it is told otherwise.',
    help: 'Use a KMS plugin of v2, and rotate to it.',
  },
  'at-rest/sample-key': {
    title: "An encryption key is a sample of Kubernetes' documentation.",
    help: 'Make a key of your own (head -c 32 /dev/urandom | base64), and rotate to it.',
  },
  'kkp/invalid-encryption': {
    title: 'KKP refuses the encryption at rest of a Cluster.',
    help: 'Correct what the message names: it is the one that KKP would give.',
  },
  'kkp/reused-key-name': {
    title: 'Two encryption keys of a KKP Cluster have one name.',
    help: 'Give each new key a name that no key had before: KKP keeps the value that a name had first.',
  },
  'kkp/resources-changed': {
    title: 'The encrypted resources of a KKP Cluster cannot be changed while it is encrypted.',
    help: 'Disable encryption, wait until everything is decrypted, and enable it with the other resources.',
  },
  'kkp/feature-switched-off': {
    title: 'A KKP Cluster switches encryption and its feature gate off at once.',
    help: 'Switch encryption off, wait until everything is decrypted, and then switch off the feature gate.',
  },
  'kkp/failed': {
    title: 'The encryption at rest of a KKP Cluster has failed, which KKP never leaves by itself.',
    help: 'Find out why the Job data-encryption-… failed, and reset status.encryption by hand.',
  },
};
