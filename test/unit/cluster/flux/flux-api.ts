import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { FluxObject } from '../../../../src/app/clusters/flux-object.ts';
import type { Discovery } from '../../../../src/cluster/api/api.ts';
import { HttpClient } from '../../../../src/cluster/api/http-client.ts';
import { resourcePath } from '../../../../src/cluster/api/selection.ts';
import { fluxKind, fluxKinds } from '../../../../src/cluster/flux/flux-kinds.ts';
import { readFluxObject } from '../../../../src/cluster/flux/flux-object.ts';
import { json, notFound } from '../../../support/lying-answers.ts';
import { type Asked, LyingServer } from '../../../support/lying-server.ts';

type Part = Record<string, unknown>;

/** An object as tests write it. */
export interface Obj extends Part {
  apiVersion?: string;
  kind?: string;
  metadata?: Part & { name?: string; namespace?: string; annotations?: Record<string, string> };
  spec?: Part;
  status?: Part;
}

export function kindOf(name: string) {
  const group = fluxKinds.find(({ kind }) => kind === name)?.group ?? '';
  const kind = fluxKind(group, name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

/** An object of a Flux kind, with a namespace and a generation. */
export function flux(kind: string, rest: Obj = {}): Obj {
  const { metadata, ...others } = rest;
  return {
    apiVersion: `${kindOf(kind).group}/v1`,
    kind,
    metadata: { name: 'podinfo', namespace: 'apps', uid: 'u-1', generation: 1, ...metadata },
    ...others,
  };
}

export function read(kind: string, rest: Obj = {}): FluxObject {
  const object = readFluxObject(kindOf(kind), flux(kind, rest));
  if (object === undefined) throw new Error('not an object');
  return object;
}

export function condition(type: string, status: string, rest: Part = {}): Part {
  return { type, status, reason: 'Succeeded', message: 'as it should be', ...rest };
}

const clusterScoped: ReadonlySet<string> = new Set(['Namespace', 'ClusterRole', 'CustomResourceDefinition']);

/** Every kind is served, but for those named. */
export function discovery(...absent: readonly string[]): Discovery {
  return {
    refresh: () => {},
    find: (group, kind) =>
      Promise.resolve(
        absent.includes(kind)
          ? undefined
          : {
              group,
              version: 'v1',
              kind,
              plural: `${kind.toLowerCase()}s`,
              namespaced: !clusterScoped.has(kind),
              verbs: [],
            },
      ),
  };
}

const listPath = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/[^/]+)?\/[^/]+$/;

/** An API server with these objects. Lists are answered from them, patches change them. */
export class FluxApi {
  readonly server: LyingServer;
  readonly client: HttpClient;
  readonly objects = new Map<string, Obj>();
  /** Runs after a patch, as a controller would. */
  controller: (object: Obj, api: FluxApi) => void = () => {};

  static async start(...objects: readonly Obj[]): Promise<FluxApi> {
    return new FluxApi(await LyingServer.start(), objects);
  }

  private constructor(server: LyingServer, objects: readonly Obj[]) {
    this.server = server;
    this.client = new HttpClient(server.access(), { http, https });
    for (const object of objects) this.objects.set(pathOf(object), structuredClone(object));
    server.on(/./, (response, asked, nth) => {
      const found = this.#answer(asked);
      return (found === undefined ? notFound() : json(found))(response, asked, nth);
    });
  }

  get patches(): readonly Obj[] {
    return this.server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body));
  }

  #answer({ method, path, body }: Asked): unknown {
    const object = this.objects.get(path);
    if (object === undefined) {
      if (!listPath.test(path)) return undefined;
      const items = [...this.objects].filter(([at]) => at.slice(0, at.lastIndexOf('/')) === path);
      // As in a real list, objects do not say their kind.
      const bare = items.map(([, { kind: _kind, apiVersion: _version, ...rest }]) => rest);
      return { kind: 'List', metadata: { resourceVersion: '1' }, items: bare };
    }
    if (method === 'PATCH') {
      merge(object, JSON.parse(body));
      this.controller(object, this);
    }
    return object;
  }
}

export function pathOf({ apiVersion, kind, metadata }: Obj): string {
  const [version, group = ''] = String(apiVersion).split('/').reverse();
  const plural = `${String(kind).toLowerCase()}s`;
  const resource = { group, version: version ?? '', kind: String(kind), plural, namespaced: true, verbs: [] };
  return resourcePath(resource, metadata?.namespace, metadata?.name);
}

/** RFC 7396. */
function merge(target: Part, patch: Part): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else if (typeof value === 'object' && !Array.isArray(value)) {
      target[key] ??= {};
      merge(target[key] as Part, value as Part);
    } else target[key] = value;
  }
}
