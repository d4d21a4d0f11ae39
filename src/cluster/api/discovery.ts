import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource, ResourceDiscovery } from './api.ts';
import { groupsIn, type ServedGroup } from './discovery-groups.ts';
import { groupVersionResources, type Served } from './discovery-resources.ts';
import { unlessAborted } from './pause.ts';
import { encodeSegment } from './selection.ts';

/** Both versions of the aggregated form (kubernetes.io, KEP-3352), and the plain one that every server has. */
const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Discovery that asks once: everything in one answer where the server can, else what is looked for, group by group. */
export class ApiDiscovery implements ResourceDiscovery {
  readonly #client: ApiClient;
  #groups: Promise<ReadonlyMap<string, ServedGroup>> | undefined;
  readonly #resources = new Map<string, Promise<readonly Served[]>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  refresh(): void {
    this.#groups = undefined;
    this.#resources.clear();
  }

  find(group: string, kind: string, signal: AbortSignal): Promise<ApiResource | undefined> {
    return this.#first(group, (resource) => resource.kind === kind, signal);
  }

  findPlural(group: string, plural: string, signal: AbortSignal): Promise<ApiResource | undefined> {
    return this.#first(group, (resource) => resource.plural === plural, signal);
  }

  async #first(
    group: string,
    isIt: (resource: Served) => boolean,
    signal: AbortSignal,
  ): Promise<ApiResource | undefined> {
    const served = group === '' ? core : (await unlessAborted(this.#allGroups(), signal)).get(group);
    for (const { version, resources } of served?.versions ?? []) {
      const known = resources ?? (await unlessAborted(this.#resourcesOf(group, version), signal));
      const found = known.find(isIt);
      if (found !== undefined) return { group, version, ...found };
    }
    return undefined;
  }

  #allGroups(): Promise<ReadonlyMap<string, ServedGroup>> {
    if (this.#groups !== undefined) return this.#groups;
    const asked = this.#get('/apis', aggregated, groupsIn);
    this.#groups = asked;
    asked.catch(() => {
      if (this.#groups === asked) this.#groups = undefined;
    });
    return asked;
  }

  #resourcesOf(group: string, version: string): Promise<readonly Served[]> {
    const path = group === '' ? `/api/${version}` : `/apis/${encodeSegment(group)}/${encodeSegment(version)}`;
    const known = this.#resources.get(path);
    if (known !== undefined) return known;
    const asked = this.#get(path, 'application/json', groupVersionResources).catch(noneIfAbsent);
    this.#resources.set(path, asked);
    asked.catch(() => {
      if (this.#resources.get(path) === asked) this.#resources.delete(path);
    });
    return asked;
  }

  /** For everybody who waits for it: nobody's signal ends it but the closing of the client. */
  async #get<T>(path: string, accept: string, read: (answer: unknown) => T | undefined): Promise<T> {
    const signal = new AbortController().signal;
    const found = read(await this.#client.json({ method: 'GET', path, accept, signal }));
    if (found !== undefined) return found;
    const { server } = this.#client;
    throw new Failure('cluster.bad-answer', {
      server,
      reason: l10n.t('it is no list of what the cluster serves'),
    });
  }
}

const core: ServedGroup = { versions: [{ version: 'v1', resources: undefined }] };

function noneIfAbsent(error: unknown): readonly Served[] {
  if (Failure.is(error, 'cluster.not-found')) return [];
  throw error;
}
