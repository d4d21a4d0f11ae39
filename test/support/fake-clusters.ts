import { EventEmitter } from 'vscode';
import type { ClusterSession } from '../../src/app/clusters/cluster-session.ts';
import type { FluxKind, FluxList, FluxObject } from '../../src/app/clusters/flux-object.ts';
import type {
  ClusterConnector,
  ConnectionConsent,
  OpenedKubeconfig,
} from '../../src/app/clusters/kubeconfig.ts';
import type { KkpEncryption } from '../../src/app/kkp/kkp-encryption.ts';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { KubeconfigSources, RootSource } from '../../src/vscode/clusters/cluster.ts';
import { Clusters } from '../../src/vscode/clusters/clusters.ts';

export const kustomizations: FluxKind = {
  group: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  title: 'Kustomizations',
  section: 'workloads',
};
export const helmReleases: FluxKind = {
  group: 'helm.toolkit.fluxcd.io',
  kind: 'HelmRelease',
  title: 'HelmReleases',
  section: 'workloads',
};
export const gitRepositories: FluxKind = {
  group: 'source.toolkit.fluxcd.io',
  kind: 'GitRepository',
  title: 'GitRepositories',
  section: 'sources',
};

export function fluxObject(
  { group, kind }: FluxKind,
  name: string,
  more: Partial<FluxObject> = {},
  namespace = 'flux-system',
): FluxObject {
  return {
    ref: { apiVersion: `${group}/v1`, group, kind, namespace, name },
    uid: `${kind}/${namespace}/${name}`,
    state: 'ready',
    reason: '',
    message: '',
    since: undefined,
    revision: undefined,
    sources: [],
    dependsOn: [],
    kubeConfig: undefined,
    hasInventory: false,
    canSuspend: true,
    canReconcile: true,
    ...more,
  };
}

export function fluxList(
  kind: FluxKind,
  objects: readonly FluxObject[],
  more: Partial<FluxList> = {},
): FluxList {
  return { kind, state: 'watched', failure: undefined, objects, truncated: false, ...more };
}

/** A cluster in memory. What it is not given it has none of; what it is asked is counted. */
export class FakeSession implements ClusterSession {
  readonly server = 'https://cluster.test:6443';
  readonly insecure: boolean = false;
  readonly version = 'v1.36.3';
  readonly asked: string[] = [];
  readonly served = new Set<string>();
  readonly secrets = new Map<string, string>();
  closed = false;
  userClustersThere: Awaited<ReturnType<ClusterSession['userClusters']>> = [];
  inventoryOf: () => ReturnType<ClusterSession['inventory']> = async () => [];
  eventsOf: () => ReturnType<ClusterSession['events']> = async () => [];
  controllers: Awaited<ReturnType<ClusterSession['sealedSecrets']>> = [];
  #lists: readonly FluxList[];
  readonly #listeners = new Set<() => void>();

  constructor(lists: readonly FluxList[] = []) {
    this.#lists = lists;
  }

  /** As if a watch told of a change. */
  change(...lists: readonly FluxList[]): void {
    this.#lists = this.#lists.map((list) => lists.find(({ kind }) => kind === list.kind) ?? list);
    for (const listener of this.#listeners) listener();
  }

  flux(): readonly FluxList[] {
    return this.#lists;
  }
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  async listed(): Promise<void> {}
  async serves(group: string): Promise<boolean> {
    return this.served.has(group);
  }
  inventory(object: FluxObject): ReturnType<ClusterSession['inventory']> {
    this.asked.push(`inventory of ${object.ref.name}`);
    return this.inventoryOf();
  }
  events(object: FluxObject): ReturnType<ClusterSession['events']> {
    this.asked.push(`events of ${object.ref.name}`);
    return this.eventsOf();
  }
  async sealedSecrets(): ReturnType<ClusterSession['sealedSecrets']> {
    return this.controllers;
  }
  async userClusters(): ReturnType<ClusterSession['userClusters']> {
    return this.userClustersThere;
  }
  readonly kkpThere = new Map<string, KkpEncryption>();
  async kkpEncryption(id: string): ReturnType<ClusterSession['kkpEncryption']> {
    this.asked.push(`kkp encryption of ${id}`);
    return this.kkpThere.get(id);
  }
  async readSecret(secret: { namespace: string; name: string }): Promise<Plaintext> {
    return Plaintext.fromText(this.secrets.get(`${secret.namespace}/${secret.name}`) ?? '');
  }
  close(): void {
    this.closed = true;
  }
  encryptionThere: ClusterSession['encryption'] = unexpected;
  encryption(signal: AbortSignal): ReturnType<ClusterSession['encryption']> {
    this.asked.push('encryption');
    return this.encryptionThere(signal);
  }
  waysToReEncrypt: ClusterSession['waysToReEncrypt'] = unexpected;
  reEncrypt: ClusterSession['reEncrypt'] = unexpected;
  decryption: ClusterSession['decryption'] = unexpected;
  live: ClusterSession['live'] = unexpected;
  reconcile: ClusterSession['reconcile'] = unexpected;
  setSuspended: ClusterSession['setSuspended'] = unexpected;
  fetchCertificate: ClusterSession['fetchCertificate'] = unexpected;
  canOpen: ClusterSession['canOpen'] = unexpected;
}

async function unexpected(): Promise<never> {
  throw new Error('the tree asked for what only commands ask for');
}

/** Kubeconfigs whose text is the names of their contexts, and the clusters those lead to. */
export class FakeWorld {
  readonly changed = new EventEmitter<void>();
  readonly opened: string[] = [];
  readonly connected: string[] = [];
  /** Texts by path; `own` is the person's own. */
  readonly kubeconfigs = new Map<string, string>();
  /** By context. */
  readonly sessions = new Map<string, FakeSession>();
  /** What connecting to a context does instead. */
  readonly instead = new Map<string, (signal: AbortSignal) => Promise<FakeSession>>();
  readonly bugs: unknown[] = [];
  readonly clusters: Clusters;
  connectorLoads = 0;

  constructor() {
    const consent: ConnectionConsent = { mayRun: async () => false, mayGoUnchecked: async () => false };
    this.clusters = new Clusters({
      sources: this.#sources(),
      connector: async () => {
        this.connectorLoads += 1;
        return this.#connector();
      },
      consent,
      tellBug: (error) => void this.bugs.push(error),
    });
  }

  /** Adds a sealed kubeconfig with one context, and the cluster it leads to. */
  cluster(path: string, session: FakeSession): FakeSession {
    this.kubeconfigs.set(path, path);
    this.sessions.set(path, session);
    return session;
  }

  #sources(): KubeconfigSources {
    return {
      onDidChange: this.changed.event as never,
      list: async () =>
        [...this.kubeconfigs.keys()].map(
          (path): RootSource =>
            path === 'own'
              ? { from: 'own' }
              : {
                  from: 'workspace',
                  sealed: { path, scheme: 'fernet', entry: undefined, object: undefined },
                },
        ),
      open: async (source) => {
        const path = source.from === 'own' ? 'own' : source.sealed.path;
        this.opened.push(path);
        return [
          { title: path, text: Plaintext.fromText(this.kubeconfigs.get(path) ?? ''), files: undefined },
        ];
      },
    };
  }

  #connector(): ClusterConnector {
    const namesIn = ({ text }: OpenedKubeconfig) => (text.exposeText() ?? '').split(' ');
    return {
      contexts: (kubeconfig) =>
        namesIn(kubeconfig).map((name, index) => ({
          name,
          server: 'https://cluster.test',
          isCurrent: index === 0,
        })),
      summary: () => ({ contexts: [], clusters: [], users: [] }),
      standalone: unexpected,
      connect: async (kubeconfig, context, _consent, signal) => {
        const name = context ?? namesIn(kubeconfig)[0] ?? '';
        this.connected.push(name);
        const instead = this.instead.get(name);
        const session = instead === undefined ? this.sessions.get(name) : await instead(signal);
        if (session === undefined) throw new Error(`no cluster ${name}`);
        session.closed = false;
        return session;
      },
    };
  }
}
