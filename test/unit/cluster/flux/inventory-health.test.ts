import { afterEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../src/cluster/api/api.ts';
import { readInventory } from '../../../../src/cluster/flux/inventory-health.ts';
import { endlessContinue, silence, status } from '../../../support/lying-answers.ts';
import { condition, discovery, FluxApi, flux, type Obj, read } from './flux-api.ts';

const never = new AbortController().signal;
const apis: FluxApi[] = [];
afterEach(async () => {
  await Promise.all(apis.splice(0).map(({ server }) => server.stop()));
});

async function serve(ids: readonly string[], objects: readonly Obj[], spec: Obj = {}): Promise<FluxApi> {
  const entries = ids.map((id) => ({ id, v: 'v1' }));
  const api = await FluxApi.start(
    flux('Kustomization', { spec, status: { inventory: { entries } } }),
    ...objects,
  );
  apis.push(api);
  return api;
}

async function health(api: FluxApi, from: Discovery = discovery()) {
  const items = await readInventory(api.client, from, read('Kustomization'), never);
  return items.map(({ ref, health, message }) => [ref.name, health, message]);
}

function object(apiVersion: string, kind: string, name: string, rest: Obj = {}): Obj {
  return { apiVersion, kind, metadata: { name, namespace: 'apps' }, ...rest };
}

const running = {
  spec: { replicas: 1 },
  status: {
    replicas: 1,
    updatedReplicas: 1,
    availableReplicas: 1,
    readyReplicas: 1,
    conditions: [condition('Available', 'True')],
  },
};

describe('an inventory', () => {
  it('says how each of its objects is, in its order', async () => {
    const api = await serve(
      [
        'apps_web_apps_Deployment',
        'apps_gone_apps_Deployment',
        'apps_web__Service',
        'apps_db_helm.toolkit.fluxcd.io_HelmRelease',
      ],
      [
        object('apps/v1', 'Deployment', 'web', { ...running, spec: { replicas: 3 } }),
        object('v1', 'Service', 'web'),
        flux('HelmRelease', {
          metadata: { name: 'db' },
          status: { conditions: [condition('Ready', 'False', { message: 'install failed' })] },
        }),
      ],
    );
    expect(await health(api)).toEqual([
      ['web', 'progressing', '1 of 3 created.'],
      ['gone', 'missing', ''],
      ['web', 'healthy', ''],
      ['db', 'degraded', 'install failed'],
    ]);
  });

  it('takes one list for many objects of a kind and namespace', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `web-${index}`);
    const api = await serve(
      names.map((name) => `apps_${name}_apps_Deployment`),
      names.slice(1).map((name) => object('apps/v1', 'Deployment', name, running)),
    );
    const items = await health(api);
    expect(items[0]).toEqual(['web-0', 'missing', '']);
    expect(items.slice(1).every(([, told]) => told === 'healthy')).toBe(true);
    expect(api.server.count()).toBe(2);
  });

  it('fetches no values of Secrets and ConfigMaps', async () => {
    const secrets = Array.from({ length: 9 }, (_, index) => object('v1', 'Secret', `s${index}`));
    const api = await serve(
      [...secrets.map(({ metadata }) => `apps_${metadata?.name}__Secret`), 'apps_c__ConfigMap'],
      [...secrets, object('v1', 'ConfigMap', 'c')],
    );
    expect((await health(api)).every(([, told]) => told === 'healthy')).toBe(true);
    const others = api.server.asked.filter(({ path }) => !path.includes('kustomization'));
    expect(others).toHaveLength(2);
    for (const { headers } of others) expect(headers.accept).toMatch(/as=PartialObjectMetadata/);
  });

  it('is unknown where a kind may not be read, and only there', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `s${index}`);
    const api = await serve(
      [
        ...names.map((name) => `apps_${name}__Secret`),
        'apps_web_apps_Deployment',
        'apps_x_example.org_Widget',
      ],
      [object('apps/v1', 'Deployment', 'web', running)],
    );
    api.server.on(/secrets/, status(403, 'Forbidden', 'no'));
    const items = await health(api, discovery('Widget'));
    expect(items[0]?.[1]).toBe('unknown');
    expect(items[0]?.[2]).toMatch(/may not list secrets in apps/);
    expect(items.slice(6)).toEqual([
      ['web', 'healthy', ''],
      ['x', 'missing', 'The cluster does not serve its kind.'],
    ]);
  });

  it('does not look for what was applied to another cluster', async () => {
    const spec = { kubeConfig: { secretRef: { name: 'stage' } } };
    const api = await serve(['apps_web_apps_Deployment'], [], spec);
    expect(await health(api)).toEqual([['web', 'elsewhere', '']]);
    expect(api.server.count()).toBe(1);
  });

  it('asks for some thousand objects at most, and a few at a time', async () => {
    const names = Array.from({ length: 2_100 }, (_, index) => `n${index}`);
    const api = await serve(
      names.map((name) => `_${name}__Namespace`),
      [],
    );
    api.server.on('/api/v1/namespaces', endlessContinue([{ metadata: { name: 'other' } }]));
    const items = await health(api);
    expect(items[0]).toEqual(['n0', 'unknown', 'There are too many of its kind to look through.']);
    expect(items[2_000]).toEqual(['n2000', 'unknown', 'There are too many to ask for.']);
    expect(api.server.count()).toBeLessThan(40);
  });

  it('fails where the object itself cannot be read, and stops when it is aborted', async () => {
    const api = await serve([], []);
    const other = read('Kustomization', { metadata: { name: 'other' } });
    await expect(readInventory(api.client, discovery(), other, never)).rejects.toMatchObject({
      code: 'cluster.not-found',
    });
    const slow = await serve(['apps_web_apps_Deployment'], []);
    slow.server.on(/deployments/, silence());
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(
      readInventory(slow.client, discovery(), read('Kustomization'), abort.signal),
    ).rejects.toThrow('enough');
  });
});
