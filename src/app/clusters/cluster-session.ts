import type { Plaintext } from '../../core/plaintext.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import type { KkpEncryption, ListedKkpPhase } from '../kkp/kkp-encryption.ts';
import type { EncryptionSession } from './cluster-encryption.ts';
import type { ClusterDecryption } from './decryption.ts';
import type { FluxList, FluxObject, InventoryItem, KubernetesEvent, ObjectRef } from './flux-object.ts';

/**
 * An open connection to one cluster. Every method that asks the cluster throws `cluster.…` failures, and the signal's reason when
 * it is aborted. Nothing of it is kept on disk.
 */
export interface ClusterSession extends EncryptionSession {
  /** `https://host:port` of the API server. */
  readonly server: string;
  /** Whether its certificate is not checked: the kubeconfig says so, and the person agreed. */
  readonly insecure: boolean;
  /** `v1.36.3`; empty where the server does not tell who asks. */
  readonly version: string;
  /** Every Flux kind, in the tree's order, as far as it is known. */
  flux(): readonly FluxList[];
  /** Calls the listener when what `flux()` gives has changed. Returns how to stop. */
  onDidChange(listener: () => void): () => void;
  /** Resolves when every kind was listed once, or failed. */
  listed(): Promise<void>;
  /** Whether the cluster serves a kind, as its discovery says; one request a group at most. */
  serves(group: string, kind: string, signal: AbortSignal): Promise<boolean>;
  inventory(object: FluxObject, signal: AbortSignal): Promise<readonly InventoryItem[]>;
  /** Newest first, at most 50. */
  events(object: FluxObject, signal: AbortSignal): Promise<readonly KubernetesEvent[]>;
  /** The object as YAML, for reading: values of Secrets masked, without `managedFields` and the last applied configuration. */
  live(ref: ObjectRef, signal: AbortSignal): Promise<string>;
  /** Asks for a reconciliation, and waits until the controller has handled it. Throws `flux.suspended`. */
  reconcile(object: FluxObject, how: ReconcileOptions, signal: AbortSignal): Promise<Reconciled>;
  /** Throws `cluster.not-found` where the object is gone. */
  setSuspended(object: FluxObject, suspended: boolean, signal: AbortSignal): Promise<void>;
  /** The controllers that open SealedSecrets here. */
  sealedSecrets(signal: AbortSignal): Promise<readonly SealedSecretsController[]>;
  fetchCertificate(controller: SealedSecretsController, signal: AbortSignal): Promise<Certificate>;
  /**
   * Whether a controller can open every item of a SealedSecret. Controllers answer two such questions a second and refuse more
   * (`cluster.refused`).
   */
  canOpen(controller: SealedSecretsController, sealed: SealedItems, signal: AbortSignal): Promise<boolean>;
  /** The user clusters of a KKP seed; undefined where this is none. */
  userClusters(signal: AbortSignal): Promise<readonly UserCluster[] | undefined>;
  /** What a KKP seed tells of the encryption of a user cluster, by its `UserCluster.id`; undefined where this is none. */
  kkpEncryption(id: string, signal: AbortSignal): Promise<KkpEncryption | undefined>;
  /**
   * One key of a Secret. Without a key: `value`, then `value.yaml`, as Flux reads `spec.kubeConfig.secretRef`.
   * Throws `cluster.not-found`.
   */
  readSecret(
    secret: { readonly namespace: string; readonly name: string; readonly key: string | undefined },
    signal: AbortSignal,
  ): Promise<Plaintext>;
  /** What a Kustomization decrypts with: public halves of keys, never private ones. */
  decryption(kustomization: ObjectRef, signal: AbortSignal): Promise<ClusterDecryption>;
  close(): void;
}

export interface ReconcileOptions {
  /** Its sources first. */
  readonly withSource: boolean;
  /** HelmRelease only: install or upgrade though nothing changed. */
  readonly force: boolean;
  /** HelmRelease only: forget the failures counted so far. */
  readonly reset: boolean;
}

/** What came of a reconciliation. */
export interface Reconciled {
  readonly ready: boolean;
  readonly message: string;
  readonly revision: string | undefined;
}

export interface SealedSecretsController {
  readonly namespace: string;
  /** Of its Service. */
  readonly name: string;
  readonly port: string;
  /** Newest first; undefined where they may not be listed. */
  readonly keys: readonly SealingKeyInCluster[] | undefined;
}

/** What a SealedSecret is sealed for, and the ciphertexts in it by their keys. */
export interface SealedItems {
  readonly place: SealingPlace;
  readonly items: ReadonlyMap<string, string>;
}

/** A sealing key of a controller, by the name of its Secret: the Secret itself is not read. */
export interface SealingKeyInCluster {
  readonly name: string;
  readonly createdAt: Date | undefined;
  /** `active`, or `compromised`, as its label says. */
  readonly state: string;
}

/** An X.509 certificate to seal to. */
export interface Certificate {
  readonly pem: string;
  readonly subject: string;
  /** `SHA256:<base64>` of its SPKI, as policies pin it. */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

export interface UserCluster {
  /** The name of its Cluster object. */
  readonly id: string;
  readonly title: string;
  /** `Running`; empty where it does not say. */
  readonly phase: string;
  /** Of the Secret `admin-kubeconfig`. */
  readonly namespace: string;
  /** `status.encryption.phase`; undefined where its encryption at rest was never on, or is off again. */
  readonly encryption: ListedKkpPhase;
}
