import type { ApiResource } from './api/api.ts';

/** Kinds of the core group, which every cluster serves in the one version there is. */
export const secrets: ApiResource = core('Secret', 'secrets');
export const services: ApiResource = core('Service', 'services');
export const pods: ApiResource = core('Pod', 'pods');

function core(kind: string, plural: string): ApiResource {
  return { group: '', version: 'v1', kind, plural, namespaced: true, verbs: ['get', 'list'] };
}
