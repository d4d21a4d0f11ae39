import { setMaxListeners } from 'node:events';
import type {
  ClusterEncryption,
  ReEncrypted,
  ReEncryptionProgress,
  ReEncryptionWay,
} from '../app/clusters/cluster-encryption.ts';
import type {
  Certificate,
  ClusterSession,
  Reconciled,
  ReconcileOptions,
  SealedItems,
  SealedSecretsController,
  UserCluster,
} from '../app/clusters/cluster-session.ts';
import type { ClusterDecryption } from '../app/clusters/decryption.ts';
import type {
  FluxList,
  FluxObject,
  InventoryItem,
  KubernetesEvent,
  ObjectRef,
} from '../app/clusters/flux-object.ts';
import type { KkpEncryption } from '../app/kkp/kkp-encryption.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { GroupResource } from '../manifest/at-rest/group-resource.ts';
import type { ApiAccess, ApiClient, ResourceDiscovery } from './api/api.ts';
import { ApiDiscovery } from './api/discovery.ts';
import { objectOf } from './api/json.ts';
import { readEncryption } from './at-rest/encryption.ts';
import { reEncrypt, waysToReEncrypt } from './at-rest/re-encrypt.ts';
import { readDecryption } from './decryption.ts';
import { eventsOf } from './flux/events.ts';
import { readInventory } from './flux/inventory-health.ts';
import { liveYaml } from './flux/live-object.ts';
import { findPath } from './flux/object-request.ts';
import { reconcile, systemTiming } from './flux/reconcile.ts';
import { setSuspended } from './flux/suspend.ts';
import { FluxWatch, type FluxWatchTiming } from './flux-watch.ts';
import { readKkpEncryption } from './kkp/encryption.ts';
import { listUserClusters } from './kkp/user-clusters.ts';
import { readSecret, type SecretKey } from './read-secret.ts';
import { canOpen } from './sealed-secrets/can-open.ts';
import { fetchCertificate } from './sealed-secrets/certificate.ts';
import { findControllers } from './sealed-secrets/controllers.ts';
import { readVersion } from './version.ts';

/** A `ClusterSession` over the Kubernetes API. */
export class ApiSession implements ClusterSession {
  readonly server: string;
  readonly insecure: boolean;
  readonly version: string;
  readonly #client: ApiClient;
  readonly #discovery: ResourceDiscovery;
  readonly #flux: FluxWatch;

  /**
   * Asks for the version first: what is no cluster, or does not accept who asks, fails here. Throws `cluster.…` and the signal's
   * reason; the client is closed then.
   */
  static async open(
    access: ApiAccess,
    client: ApiClient,
    signal: AbortSignal,
    timing?: FluxWatchTiming,
  ): Promise<ApiSession> {
    try {
      const version = await readVersion(client, signal);
      return new ApiSession(access, client, version, timing);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  private constructor(access: ApiAccess, client: ApiClient, version: string, timing?: FluxWatchTiming) {
    this.server = access.server.origin;
    this.insecure = access.insecure;
    this.version = version;
    this.#client = client;
    this.#discovery = new ApiDiscovery(client);
    this.#flux = new FluxWatch(client, this.#discovery, timing);
  }

  flux(): readonly FluxList[] {
    return this.#flux.lists;
  }

  onDidChange(listener: () => void): () => void {
    return this.#flux.onDidChange(listener);
  }

  listed(): Promise<void> {
    return this.#flux.listed;
  }

  async serves(group: string, kind: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#discovery.find(group, kind, signal)) !== undefined;
  }

  inventory(object: FluxObject, signal: AbortSignal): Promise<readonly InventoryItem[]> {
    // Each of many requests listens to it.
    setMaxListeners(0, signal);
    return readInventory(this.#client, this.#discovery, object, signal);
  }

  events(object: FluxObject, signal: AbortSignal): Promise<readonly KubernetesEvent[]> {
    return eventsOf(this.#client, object, signal);
  }

  async live(ref: ObjectRef, signal: AbortSignal): Promise<string> {
    const path = await findPath(this.#discovery, ref, signal);
    const object = objectOf(await this.#client.json({ method: 'GET', path, signal }));
    // What was asked for decides what is masked, whatever the answer calls itself.
    return liveYaml({ ...object, kind: ref.kind }, this.#client.server);
  }

  reconcile(object: FluxObject, how: ReconcileOptions, signal: AbortSignal): Promise<Reconciled> {
    return reconcile(this.#client, this.#discovery, object, how, signal, systemTiming);
  }

  setSuspended(object: FluxObject, suspended: boolean, signal: AbortSignal): Promise<void> {
    return setSuspended(this.#client, this.#discovery, object, suspended, signal, systemTiming);
  }

  sealedSecrets(signal: AbortSignal): Promise<readonly SealedSecretsController[]> {
    setMaxListeners(0, signal);
    return findControllers(this.#client, this.#discovery, signal);
  }

  fetchCertificate(controller: SealedSecretsController, signal: AbortSignal): Promise<Certificate> {
    return fetchCertificate(this.#client, controller, signal);
  }

  canOpen(controller: SealedSecretsController, sealed: SealedItems, signal: AbortSignal): Promise<boolean> {
    return canOpen(this.#client, controller, sealed, signal);
  }

  userClusters(signal: AbortSignal): Promise<readonly UserCluster[] | undefined> {
    return listUserClusters(this.#client, this.#discovery, signal);
  }

  kkpEncryption(id: string, signal: AbortSignal): Promise<KkpEncryption | undefined> {
    return readKkpEncryption(this.#client, this.#discovery, id, signal);
  }

  readSecret(secret: SecretKey, signal: AbortSignal): Promise<Plaintext> {
    return readSecret(this.#client, secret, signal);
  }

  decryption(kustomization: ObjectRef, signal: AbortSignal): Promise<ClusterDecryption> {
    return readDecryption(this.#client, this.#discovery, kustomization, signal);
  }

  encryption(signal: AbortSignal): Promise<ClusterEncryption> {
    return readEncryption(this.#client, signal);
  }

  waysToReEncrypt(resource: GroupResource, signal: AbortSignal): Promise<readonly ReEncryptionWay[]> {
    return waysToReEncrypt(this.#discovery, resource, signal);
  }

  reEncrypt(
    resource: GroupResource,
    way: ReEncryptionWay,
    tell: (progress: ReEncryptionProgress) => void,
    signal: AbortSignal,
  ): Promise<ReEncrypted> {
    setMaxListeners(0, signal);
    return reEncrypt(this.#client, this.#discovery, { resource, way }, tell, signal, systemTiming);
  }

  close(): void {
    this.#flux.close();
    this.#client.close();
  }
}
