import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Discovery } from '../../../src/cluster/api/api.ts';
import { readDecryption } from '../../../src/cluster/decryption.ts';
import { impatientClient, rejection } from '../../support/impatient-client.ts';
import { json, redirect, status } from '../../support/lying-answers.ts';
import { LyingServer } from '../../support/lying-server.ts';

const group = 'kustomize.toolkit.fluxcd.io';
const ref = { apiVersion: `${group}/v1`, group, kind: 'Kustomization', namespace: 'apps', name: 'shop' };
const discovery: Discovery = {
  refresh: () => undefined,
  find: async () => ({
    group,
    version: 'v1',
    kind: 'Kustomization',
    plural: 'kustomizations',
    namespaced: true,
    verbs: ['get'],
  }),
};
const path = `/apis/${group}/v1/namespaces/apps/kustomizations/shop`;
const secretPath = '/api/v1/namespaces/apps/secrets/keys';
const controllerPath = '/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller';
const named = { decryption: { provider: 'sops', secretRef: { name: 'keys' } } };

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

function read(spec: unknown) {
  server.on(path, json({ kind: 'Kustomization', spec }));
  return readDecryption(impatientClient(server.access()), discovery, ref, new AbortController().signal);
}

it.each([
  [undefined],
  [null],
  [[]],
  [{ decryption: null }],
  [{ decryption: 'sops' }],
  [{ path: 7, decryption: { provider: 7, secretRef: [] } }],
])('a Kustomization of %j decrypts with nothing', async (spec) => {
  expect(await read(spec)).toEqual({ path: '', provider: undefined, secret: undefined });
});

it.each([
  [{ spec: { template: { spec: { containers: [null, { args: 'x' }, { args: [7, '--other'] }] } } } }],
  [{ spec: null }],
  [[]],
])('a controller of %j has no Secret for all', async (deployment) => {
  server.on(controllerPath, json(deployment));
  expect((await read({ decryption: { provider: 'sops' } })).secret).toBeUndefined();
});

it('a Secret whose values are no base64 is refused, and not quoted', async () => {
  server.on(secretPath, json({ kind: 'Secret', data: { 'a.agekey': 'AGE-SECRET-KEY-1CANARY' } }));
  const failure = await rejection(read(named));
  expect(failure).toMatchObject({ code: 'cluster.bad-answer' });
  expect(JSON.stringify(failure)).not.toContain('CANARY');
});

it('a Secret elsewhere is not fetched', async () => {
  server.on(secretPath, redirect('https://elsewhere.test/'));
  expect(await rejection(read(named))).toMatchObject({ code: 'cluster.redirected' });
});

it.each([
  [404, 'NotFound', 'missing'],
  [403, 'Forbidden', 'forbidden'],
])('a Secret that is answered with %s %s is %s', async (code, reason, state) => {
  server.on(secretPath, status(code, reason, 'no'));
  expect((await read(named)).secret).toEqual({
    namespace: 'apps',
    name: 'keys',
    ofController: false,
    state,
    keys: [],
  });
});
