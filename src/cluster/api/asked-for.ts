import * as l10n from '@vscode/l10n';
import type { ApiRequest } from './api.ts';

/** What a request is about, in words: taken from its own path, not from what the server says. */
export interface AskedFor {
  /** `list`, `get`, `watch`, `patch`, `create`, `delete`, as RBAC calls it. */
  readonly verb: string;
  /**
   * `secrets in flux-system`, `helmreleases.helm.toolkit.fluxcd.io flux-system/podinfo`, `services/proxy kube-system/http:x:http`;
   * else the path.
   */
  readonly what: string;
  /** Whether the answer may hold values of Secrets. */
  readonly secrets: boolean;
}

/** Paths of the Kubernetes API: `/api/v1/…` and `/apis/GROUP/VERSION/…`. */
const resourcePath =
  /^\/(?:api\/[^/]+|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+)(?<proxy>\/proxy(?=\/|$))?)?/;

const written: { readonly [M in ApiRequest['method']]: string | undefined } = {
  DELETE: 'delete',
  GET: undefined,
  PATCH: 'patch',
  POST: 'create',
};

export function askedFor({ method, path, query }: ApiRequest): AskedFor {
  const { group, namespace, plural, name, proxy } = resourcePath.exec(path)?.groups ?? {};
  if (plural === undefined) return { verb: 'get', what: path, secrets: false };
  const verb =
    written[method] ?? (name !== undefined ? 'get' : query?.['watch'] === undefined ? 'list' : 'watch');
  const part = proxy === undefined ? plural : `${plural}/proxy`;
  const resource = group === undefined ? part : `${part}.${decoded(group)}`;
  return { verb, what: inPlace(resource, namespace, name), secrets: plural === 'secrets' };
}

function inPlace(resource: string, namespace: string | undefined, name: string | undefined): string {
  if (name === undefined)
    return namespace === undefined ? resource : l10n.t('{0} in {1}', resource, decoded(namespace));
  const place = namespace === undefined ? decoded(name) : `${decoded(namespace)}/${decoded(name)}`;
  return `${resource} ${place}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
