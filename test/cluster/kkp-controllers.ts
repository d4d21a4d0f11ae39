import { createHash } from 'node:crypto';
import type { KubeApi } from '../support/kube-api.ts';

/** A key of a Cluster, by reference: its value is in no object of the test. */
interface Key {
  readonly name: string;
}

/**
 * What KKP's controllers do about one Cluster, step by step instead of on their own: render the Secret, roll the API servers, run the
 * Job and write the status (kubermatic, its encryption controller and pkg/resources/apiserver).
 */
export class KkpControllers {
  readonly #api: KubeApi;
  readonly #id: string;
  readonly #namespace: string;

  constructor(api: KubeApi, id: string) {
    this.#api = api;
    this.#id = id;
    this.#namespace = `cluster-${id}`;
  }

  async create(): Promise<void> {
    await this.#apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.#namespace } });
    await this.#apply({
      apiVersion: 'kubermatic.k8c.io/v1',
      kind: 'Cluster',
      metadata: { name: this.#id },
      spec: {
        humanReadableName: 'Shop',
        version: '1.33.1',
        exposeStrategy: 'NodePort',
        cloud: { dc: 'test', providerName: 'bringyourown', bringyourown: {} },
        clusterNetwork: {
          services: { cidrBlocks: ['10.1.0.0/20'] },
          pods: { cidrBlocks: ['10.2.0.0/16'] },
          proxyMode: 'ipvs',
          dnsDomain: 'cluster.local',
        },
        containerRuntime: 'containerd',
        features: { encryptionAtRest: true },
      },
    });
    await this.status({ namespaceName: this.#namespace, phase: 'Running', userEmail: 'a@example.com' });
  }

  /** What an administrator does, after KKP's webhook: a merge patch of the spec. */
  async spec(keys: readonly Key[], enabled = true): Promise<void> {
    const secretbox = {
      keys: keys.map(({ name }) => ({ name, secretRef: { name: 'encryption-key-cluster-abc', key: name } })),
    };
    await this.patch({
      spec: { encryptionConfiguration: { enabled, resources: ['secrets'], secretbox } },
    });
  }

  async patch(patch: object): Promise<void> {
    await this.#api.kubectl([
      'patch',
      'clusters.kubermatic.k8c.io',
      this.#id,
      '--type=merge',
      '-p',
      JSON.stringify(patch),
    ]);
  }

  async status(status: object): Promise<void> {
    const resource = 'clusters.kubermatic.k8c.io';
    const args = ['patch', resource, this.#id, '--subresource=status', '--type=merge', '-p'];
    await this.#api.kubectl([...args, JSON.stringify({ status })]);
  }

  /** `status.encryption`, and the condition that goes with it. */
  async phase(phase: string, activeKey: string, since = '2026-11-01T10:00:00Z'): Promise<void> {
    const initialised = {
      status: 'True',
      kubermaticVersion: 'test',
      lastHeartbeatTime: since,
      lastTransitionTime: since,
      message: 'Cluster data encryption has been initialized',
    };
    await this.status({
      encryption: { phase, activeKey, encryptedResources: activeKey === 'identity' ? [] : ['secrets'] },
      conditions: { EncryptionInitialized: initialised },
    });
  }

  async removed(): Promise<void> {
    await this.status({
      encryption: null,
      conditions: {
        EncryptionInitialized: {
          status: 'False',
          message: 'Cluster data encryption has been removed',
        },
      },
    });
  }

  /** Renders the Secret of what the Cluster says now; its content is a mark that nobody may read. */
  async render(): Promise<void> {
    const told = await this.#api.kubectl(['get', 'clusters.kubermatic.k8c.io', this.#id, '-o', 'json']);
    const spec = JSON.parse(told).spec.encryptionConfiguration;
    const keys = spec?.secretbox?.keys?.map(({ name, secretRef }: { name: string; secretRef: Ref }) => ({
      name,
      secretRef: { name: secretRef.name, key: secretRef.key },
    }));
    const json = JSON.stringify(
      spec && { enabled: spec.enabled, resources: spec.resources, secretbox: { keys } },
    );
    const labels = {
      'kubermatic.k8c.io/encryption-spec-hash': createHash('sha1')
        .update(json ?? 'null')
        .digest('hex'),
    };
    await this.#apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'apiserver-encryption-configuration', namespace: this.#namespace, labels },
      stringData: { 'encryption-configuration.yaml': `canary ${json}` },
    });
  }

  /** Rolls these pods of the API server to the Secret as it is. */
  async roll(...pods: readonly string[]): Promise<void> {
    const args = ['get', 'secret', 'apiserver-encryption-configuration', '-n', this.#namespace];
    const revision = await this.#api.kubectl([...args, '-o', 'jsonpath={.metadata.resourceVersion}']);
    for (const name of pods)
      await this.#apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace: this.#namespace,
          labels: { app: 'apiserver', 'apiserver-encryption-configuration-secret-revision': revision },
        },
        spec: { containers: [{ name: 'apiserver', image: 'registry.example.com/apiserver:1' }] },
      });
  }

  async #apply(object: object): Promise<void> {
    await this.#api.kubectl(
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      JSON.stringify(object),
    );
  }
}

interface Ref {
  readonly name: string;
  readonly key: string;
}
