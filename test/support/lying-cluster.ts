import type { ClientLimits } from '../../src/cluster/api/http-client.ts';
import { fluxKinds } from '../../src/cluster/flux/flux-kinds.ts';
import { type FluxWatchTiming, fluxWatchTiming } from '../../src/cluster/flux-watch.ts';
import { ApiSession } from '../../src/cluster/session.ts';
import { impatientClient } from './impatient-client.ts';
import { json } from './lying-answers.ts';
import { type Answer, LyingServer } from './lying-server.ts';
import { ServedObjects } from './served-objects.ts';

/** Looks again at once for what is missing or failed. */
export const impatientWatch: FluxWatchTiming = {
  absent: 100,
  failed: 100,
  reflect: { ...fluxWatchTiming.reflect, least: 50, most: 200, slow: 100 },
};

/** A cluster on a `LyingServer`: it tells its version, what it serves, and objects of some Flux kinds, until a test says otherwise. */
export class LyingCluster {
  readonly server: LyingServer;
  /** Also after it was stopped. */
  readonly #url: URL;
  readonly #kinds = new Map<string, ServedObjects>();

  static async start(): Promise<LyingCluster> {
    return new LyingCluster(await LyingServer.start());
  }

  private constructor(server: LyingServer) {
    this.server = server;
    this.#url = server.url;
    this.server.on('/version', json({ gitVersion: 'v1.36.3' }));
    this.server.on('/apis', (...asked) => json(this.#discovery())(...asked));
  }

  /** Serves so many objects of a Flux kind from now on, `make` each; gives what tells watches of changes. */
  serve(kind: string, count = 1, make: (index: number) => ReturnType<typeof named> = named): ServedObjects {
    const served = new ServedObjects(count, make);
    this.#kinds.set(kind, served);
    this.server.on(pathOf(kind), served.answer);
    return served;
  }

  /** What lists of a kind are answered with, and its watches. */
  on(kind: string, answer: Answer): void {
    this.serve(kind);
    this.server.on(pathOf(kind), answer);
  }

  /** The kind is no longer installed. */
  remove(kind: string): void {
    this.#kinds.delete(kind);
    this.server.on(pathOf(kind), json({ kind: 'Status', code: 404 }, 404));
  }

  open(limits: Partial<ClientLimits> = {}, timing = impatientWatch): Promise<ApiSession> {
    const access = this.server.access({ server: this.#url });
    return ApiSession.open(access, impatientClient(access, limits), AbortSignal.timeout(10_000), timing);
  }

  #discovery() {
    const kinds = [...this.#kinds.keys()];
    return {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items: [...new Set(kinds.map(groupOf))].map((group) => {
        const resources = kinds.filter((kind) => groupOf(kind) === group).map(discovered);
        return { metadata: { name: group }, versions: [{ version: 'v1', resources }] };
      }),
    };
  }
}

/** An object of any kind: ready, and with what it was made from. */
export function named(index: number) {
  const conditions = [{ type: 'Ready', status: 'True', reason: 'Succeeded', message: 'applied' }];
  return {
    metadata: { name: `object-${index}`, namespace: 'apps', uid: `uid-${index}`, generation: 1 },
    spec: { sourceRef: { kind: 'GitRepository', name: 'fleet' } },
    status: { observedGeneration: 1, conditions },
  };
}

export function pathOf(kind: string): string {
  return `/apis/${groupOf(kind)}/v1/${pluralOf(kind)}`;
}

function groupOf(kind: string): string {
  return fluxKinds.find((each) => each.kind === kind)?.group ?? 'bitnami.com';
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`.replace(/ys$/, 'ies').replace(/xs$/, 'xes');
}

function discovered(kind: string) {
  return {
    resource: pluralOf(kind),
    responseKind: { group: groupOf(kind), version: 'v1', kind },
    scope: 'Namespaced',
    verbs: ['get', 'list', 'watch', 'patch'],
  };
}
