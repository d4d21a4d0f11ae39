import type { KeyKind } from '../../crypto/sops/stanza.ts';

/** What a Kustomization in a cluster says of decryption, and what the cluster has for it. Nothing of it is secret. */
export interface ClusterDecryption {
  /** `spec.path`, as it is written; empty where it is not stated. */
  readonly path: string;
  /** `sops`; undefined where no `spec.decryption` says any. */
  readonly provider: string | undefined;
  /** Where its keys are; undefined where nothing names a Secret. */
  readonly secret: DecryptionSecret | undefined;
}

/** A Secret with keys to decrypt with. */
export interface DecryptionSecret {
  readonly namespace: string;
  readonly name: string;
  /** Whether the controller names it for all Kustomizations, with `--sops-age-secret`, and not this Kustomization. */
  readonly ofController: boolean;
  readonly state: 'read' | 'missing' | 'forbidden';
  /** In the order of their names; empty unless it was read. */
  readonly keys: readonly HeldKey[];
}

/** One key of that Secret, as Flux takes it by its name (fluxcd/kustomize-controller internal/decryptor ImportKeys). */
export type HeldKey = { readonly name: string } & (
  | {
      readonly kind: 'age';
      /** Of its identities, as they stand in SOPS files. */
      readonly recipients: readonly string[];
    }
  | {
      readonly kind: 'pgp';
      /** Of its primary keys and subkeys, in hex; empty where they cannot be told. */
      readonly fingerprints: readonly string[];
    }
  /** Credentials of a service: what they may do there is not known here. */
  | { readonly kind: 'service'; readonly service: KeyKind }
  /** Flux fails at it, and decrypts nothing. The reason quotes nothing. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Flux takes it, and can decrypt nothing with it. */
  | { readonly kind: 'inert'; readonly reason: string }
  /** Holds a private key under a name that Flux passes over; `recipients` of an age identity. */
  | {
      readonly kind: 'passed-over';
      readonly holds: 'age' | 'pgp';
      readonly recipients: readonly string[];
    }
);
