/** Where an item of a SealedSecret may be unsealed: under its own name, anywhere in its namespace, anywhere in the cluster. */
export type SealingScope = 'strict' | 'namespace-wide' | 'cluster-wide';

/** The object that an item of a SealedSecret is sealed for. A part that the scope does not need may be empty. */
export interface SealingPlace {
  readonly namespace: string;
  readonly name: string;
  readonly scope: SealingScope;
}

/**
 * What RSA-OAEP binds an item to (`EncryptionLabel` of bitnami/sealed-secrets, pkg/apis/sealedsecrets/v1alpha1): the item opens
 * only where namespace and name give the same label.
 */
export function sealingLabel({ namespace, name, scope }: SealingPlace): string {
  if (scope === 'cluster-wide') return '';
  return scope === 'namespace-wide' ? namespace : `${namespace}/${name}`;
}
