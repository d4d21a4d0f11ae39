/** Where an item of a SealedSecret may be unsealed: under its own name, anywhere in its namespace, anywhere in the cluster. */
export type SealingScope = 'strict' | 'namespace-wide' | 'cluster-wide';

/** The object that an item of a SealedSecret is sealed for. A part that the scope does not need may be empty. */
export interface SealingPlace {
  readonly namespace: string;
  readonly name: string;
  readonly scope: SealingScope;
}
