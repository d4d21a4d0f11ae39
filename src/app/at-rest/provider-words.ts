import * as l10n from '@vscode/l10n';
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

export const providerWords: Readonly<Record<ProviderKind | 'kms v1', () => ProviderWords>> = {
  identity: () => ({
    encryption: l10n.t('no encryption'),
    strength: l10n.t('none'),
    speed: l10n.t('as without'),
    key: l10n.t('none'),
    note: l10n.t(
      'First, it writes in plaintext. Last, it reads what was stored before encryption was enabled.',
    ),
  }),
  secretbox: () => ({
    encryption: l10n.t('XSalsa20 and Poly1305'),
    strength: l10n.t('strong'),
    speed: l10n.t('faster'),
    key: l10n.t('32 bytes'),
    note: l10n.t('It may not be acceptable where high levels of review are required.'),
  }),
  aesgcm: () => ({
    encryption: l10n.t('AES-GCM with random nonce'),
    strength: l10n.t('must be rotated every 200,000 writes'),
    speed: l10n.t('fastest'),
    key: l10n.t('16, 24 or 32 bytes'),
    note: l10n.t('Only where keys are rotated automatically.'),
  }),
  aescbc: () => ({
    encryption: l10n.t('AES-CBC with PKCS#7 padding'),
    strength: l10n.t('weak'),
    speed: l10n.t('fast'),
    key: l10n.t('16, 24 or 32 bytes'),
    note: l10n.t('Not recommended: CBC is open to padding oracle attacks.'),
  }),
  kms: () => ({
    encryption: l10n.t('envelope, a data key of the API server (v2)'),
    strength: l10n.t('strongest'),
    speed: l10n.t('fast'),
    key: l10n.t('stays in the key service'),
    note: l10n.t('Stable since Kubernetes 1.29.'),
  }),
  'kms v1': () => ({
    encryption: l10n.t('envelope, a data key for each object (v1)'),
    strength: l10n.t('strongest'),
    speed: l10n.t('slow'),
    key: l10n.t('stays in the key service'),
    note: l10n.t(
      'Deprecated since Kubernetes 1.28, and refused since 1.29 unless its feature gate is on: use v2.',
    ),
  }),
};

/** The same on one line, to choose a provider by. */
export function providerInShort(kind: keyof typeof providerWords): string {
  const { encryption, strength, speed, note } = providerWords[kind]();
  return l10n.t('{0} · {1} · {2}. {3}', encryption, strength, speed, note);
}
