import type { Certificate, ClusterSession, Reconciled } from '../../src/app/clusters/cluster-session.ts';
import type { FluxList, FluxObject, ObjectRef } from '../../src/app/clusters/flux-object.ts';
import type { Cluster } from '../../src/vscode/clusters/cluster.ts';
import { FakeSession, fluxObject, helmReleases, kustomizations } from './fake-clusters.ts';
import { EventEmitter } from './fake-vscode.ts';

export function kustomization(
  name: string,
  { namespace, ...more }: Partial<FluxObject> & { namespace?: string } = {},
): FluxObject {
  const revision = 'main@sha1:3f2a1c9e0d8b7a6f5e4d3c2b1a0f9e8d7c6b5a49';
  return fluxObject(kustomizations, name, { message: 'Applied revision', revision, ...more }, namespace);
}

export function helmRelease(name: string, namespace?: string): FluxObject {
  return fluxObject(helmReleases, name, {}, namespace);
}

/** A cluster in memory that does as it is told: what commands ask of it is kept, and what it answers is set. */
export class ActingSession extends FakeSession {
  override insecure = false;
  readonly commands: unknown[] = [];
  objects: readonly FluxObject[] = [];
  outcome: Reconciled = { ready: true, message: '', revision: undefined };
  yaml = 'kind: Kustomization\n';
  certificate: Certificate | undefined;
  /** What every request ends with, instead of an answer. */
  failure: unknown;

  override flux(): readonly FluxList[] {
    return [kustomizations, helmReleases].map((kind) => ({
      kind,
      state: 'watched',
      failure: undefined,
      objects: this.objects.filter(({ ref }) => ref.kind === kind.kind),
      truncated: false,
    }));
  }
  override live = async (ref: ObjectRef): Promise<string> => this.#answer(['live', ref.name], this.yaml);
  override reconcile: ClusterSession['reconcile'] = async (object, how) =>
    this.#answer(['reconcile', object.ref.name, how], this.outcome);
  override setSuspended = async (object: FluxObject, suspended: boolean): Promise<void> =>
    this.#answer([suspended ? 'suspend' : 'resume', object.ref.name], undefined);
  override fetchCertificate = async (): Promise<Certificate> =>
    this.#answer(['certificate'], this.certificate as Certificate);

  #answer<T>(command: unknown, answer: T): T {
    this.commands.push(command);
    if (this.failure !== undefined) throw this.failure;
    return answer;
  }
}

/** Clusters by title, which is their id as well. */
export class ListedClusters {
  readonly #changed = new EventEmitter<Cluster | undefined>();
  readonly onDidChange = this.#changed.event as never;
  readonly #clusters = new Map<string, Cluster>();

  all(): readonly Cluster[] {
    return [...this.#clusters.values()];
  }

  /** Opens a cluster, or closes it where there is no session. */
  set(title: string, session: ClusterSession | undefined): Cluster {
    const state = session === undefined ? 'closed' : 'open';
    const known = this.#clusters.get(title);
    const cluster: Cluster =
      known === undefined
        ? { id: title, title, source: { from: 'own' }, context: title, state, failure: undefined, session }
        : Object.assign(known, { state, session });
    this.#clusters.set(title, cluster);
    this.change();
    return cluster;
  }

  change(): void {
    this.#changed.fire(undefined);
  }
}
