import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../../src/cluster/api/api.ts';
import { resourcePath } from '../../../../src/cluster/api/selection.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { runs } from '../../../support/arbitraries.ts';

const pods: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: [],
};
const roles: ApiResource = {
  ...pods,
  group: 'rbac.authorization.k8s.io',
  plural: 'clusterroles',
  namespaced: false,
};

describe('the path of an object', () => {
  it('is made of its kind, namespace and name', () => {
    expect(resourcePath(pods, undefined)).toBe('/api/v1/pods');
    expect(resourcePath(pods, 'app', 'web')).toBe('/api/v1/namespaces/app/pods/web');
    expect(resourcePath(roles, undefined, 'system:node')).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    );
  });

  // The API server takes `%2F` for a slash, and an empty name for the list.
  it.each(['', '.', '..', 'a/b', 'kube-system/secrets/db', 'a%2fb', 'a'.repeat(254)])(
    'is none for %j, which no object can be called',
    (name) => {
      for (const path of [() => resourcePath(pods, 'app', name), () => resourcePath(pods, name, 'web')])
        expect(path).toThrow(expect.toSatisfy((error) => Failure.is(error, 'cluster.not-found')));
    },
  );

  it('leads to nothing but that object, whatever it is called', () => {
    const name = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(name, name, (namespace, called) => {
        try {
          const path = decodeURIComponent(resourcePath(pods, namespace, called));
          expect(path.split('/')).toHaveLength(7);
          expect(path.startsWith('/api/v1/namespaces/')).toBe(true);
        } catch (error) {
          if (!Failure.is(error, 'cluster.not-found')) throw error;
        }
      }),
      runs(500),
    );
    expect(() => resourcePath(pods, 'app', 'half a \ud800 pair')).not.toThrow(URIError);
  });
});
