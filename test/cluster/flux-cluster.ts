import { type Artifact, type ArtifactServer, startArtifactServer } from '../support/artifact-server.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { startKustomizeController } from '../support/kustomize-controller.ts';
import { untilAnswered } from '../support/until.ts';
import { condition, give } from './objects.ts';

/** What Flux says of what it was to apply: the `Ready` condition. */
interface Outcome {
  readonly status: string;
  readonly message: string;
}

interface Status {
  readonly lastAttemptedRevision?: string;
  readonly conditions?: readonly (Outcome & { readonly type: string })[];
}

/** What people write in an object. */
interface Content {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

export const namespace = 'apps';
const secretName = 'sops-age';

/** An API server at which the kustomize-controller of Flux applies what repositories hold, with keys to decrypt it. */
export class FluxCluster {
  readonly #api: KubeApi;
  readonly #artifacts: ArtifactServer;
  readonly #stopController: () => Promise<void>;

  private constructor(api: KubeApi, artifacts: ArtifactServer, stopController: () => Promise<void>) {
    this.#api = api;
    this.#artifacts = artifacts;
    this.#stopController = stopController;
  }

  /** @param identities the age key files of its decryption Secret, by their keys in it */
  static async start(identities: Readonly<Record<string, string>>): Promise<FluxCluster> {
    const api = await startKubeApi();
    try {
      await api.applyCrds('flux');
      const metadata = { name: secretName, namespace };
      await give(api, [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        { apiVersion: 'v1', kind: 'Secret', metadata, stringData: identities },
      ]);
      return new FluxCluster(api, await startArtifactServer(), await startKustomizeController(api));
    } catch (error) {
      await api.stop();
      throw error;
    }
  }

  get api(): KubeApi {
    return this.#api;
  }

  async stop(): Promise<void> {
    await this.#stopController();
    await this.#artifacts.stop();
    await this.#api.stop();
  }

  /**
   * Has Flux apply the files of a repository, and waits for what it says of them.
   * @param name of the Kustomization
   * @param files their texts by path
   * @param options whether it is told to decrypt, and with which Secret
   */
  async deploy(
    name: string,
    files: Readonly<Record<string, string>>,
    { decrypts = true, secret = secretName } = {},
  ): Promise<Outcome> {
    const artifact = this.#artifacts.archive(files);
    const decryption = { provider: 'sops', secretRef: { name: secret } };
    await give(this.#api, [
      repository(name, artifact),
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name, namespace },
        spec: {
          interval: '10m',
          path: './',
          prune: true,
          sourceRef: { kind: 'GitRepository', name },
          ...(decrypts ? { decryption } : {}),
        },
      },
    ]);
    const late = () => `Flux says nothing of ${name}`;
    return untilAnswered(() => this.#outcome(name, artifact.revision), 60, late);
  }

  async #outcome(name: string, revision: string): Promise<Outcome | undefined> {
    const kustomization = await this.#get('kustomization.kustomize.toolkit.fluxcd.io', name);
    const { status } = kustomization as { readonly status?: Status };
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (status?.lastAttemptedRevision !== revision || ready?.status === 'Unknown') return undefined;
    return ready && { status: ready.status, message: ready.message };
  }

  /** What an object holds, without what the cluster adds; undefined where there is none. */
  async content(kind: string, name: string): Promise<Content | undefined> {
    const object = await this.#get(kind, name);
    return object === undefined ? undefined : contentOf(object);
  }

  /** What an object in the clear would hold. */
  async meant(text: string): Promise<Content> {
    const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-'];
    return contentOf(JSON.parse(await this.#api.kubectl(args, text)));
  }

  async #get(kind: string, name: string): Promise<unknown> {
    const args = ['get', kind, name, '-n', namespace, '-o', 'json', '--ignore-not-found'];
    const found = await this.#api.kubectl(args);
    return found === '' ? undefined : JSON.parse(found);
  }
}

function repository(name: string, artifact: Artifact) {
  const ready = condition('Ready', 'True', 'Succeeded', 'stored artifact');
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: { interval: '10m', url: 'https://git.example.com/fleet' },
    status: { observedGeneration: 1, artifact, conditions: [ready] },
  };
}

function contentOf(object: unknown): Content {
  const { type, data, spec } = object as Content;
  return {
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
    ...(spec === undefined ? {} : { spec }),
  };
}
