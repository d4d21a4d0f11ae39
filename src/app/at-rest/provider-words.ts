import type { ProviderKind } from '../../manifest/at-rest/configuration.ts';

/** How kube-apiserver's providers encrypt and how well (kubernetes/website, encrypt-data.md). */
export interface ProviderWords {
  readonly encryption: string;
  readonly strength: string;
  readonly speed: string;
  /** Length of its keys. */
  readonly key: string;
  readonly note: string;
}

export const providerWords: Readonly<Record<ProviderKind | 'kms v1', ProviderWords>> = {
  identity: {
    encryption: 'no encryption',
    strength: 'none',
    speed: 'as without',
    key: 'none',
    note: 'First, it writes in plaintext. Last, it reads what was stored before encryption was enabled.',
  },
  secretbox: {
    encryption: 'XSalsa20 and Poly1305',
    strength: 'strong',
    speed: 'faster',
    key: '32 bytes',
    note: 'It may not be acceptable where high levels of review are required.',
  },
  aesgcm: {
    encryption: 'AES-GCM with random nonce',
    strength: 'must be rotated every 200,000 writes',
    speed: 'fastest',
    key: '16, 24 or 32 bytes',
    note: 'Only where keys are rotated automatically.',
  },
  aescbc: {
    encryption: 'AES-CBC with PKCS#7 padding',
    strength: 'weak',
    speed: 'fast',
    key: '16, 24 or 32 bytes',
    note: 'Not recommended: CBC is open to padding oracle attacks.',
  },
  kms: {
    encryption: 'envelope, a data key of the API server (v2)',
    strength: 'strongest',
    speed: 'fast',
    key: 'stays in the key service',
    note: 'Stable since Kubernetes 1.29.',
  },
  'kms v1': {
    encryption: 'envelope, a data key for each object (v1)',
    strength: 'strongest',
    speed: 'slow',
    key: 'stays in the key service',
    note: 'Deprecated since Kubernetes 1.28, and refused since 1.29 unless its feature gate is on: use v2.',
  },
};
