import { createHash } from 'node:crypto';

/**
 * How KKP marks the Secret that it rendered a Cluster's encryption into (label `kubermatic.k8c.io/encryption-spec-hash`): SHA-1, in hex,
 * of what Go's `json.Marshal` makes of `spec.encryptionConfiguration`, keys included (kubermatic, pkg/resources/apiserver/encryption.go).
 */
export function specHash(json: string): string {
  return createHash('sha1').update(json).digest('hex');
}
