import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canOpen } from '../../../../src/cluster/sealed-secrets/can-open.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { status, text } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const { signal } = new AbortController();
const controller = { namespace: 'kube-system', name: 'sealed-secrets', port: 'http', keys: undefined };
const path = '/api/v1/namespaces/kube-system/services/http:sealed-secrets:http/proxy/v1/verify';
const sealed = {
  place: { namespace: 'prod', name: 'db', scope: 'namespace-wide' },
  items: new Map([['password', 'AgAA']]),
} as const;

describe('a controller that is asked whether it can open a SealedSecret', () => {
  let server: LyingServer;
  beforeAll(async () => {
    server = await LyingServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => void server.on(path, text('', 'text/plain')));

  const asked = () => canOpen(impatientClient(server.access()), controller, sealed, signal);

  it('is sent its items and what they are sealed for, and nothing else of it', async () => {
    expect(await asked()).toBe(true);
    const request = server.asked.at(-1);
    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: {
        name: 'db',
        namespace: 'prod',
        annotations: { 'sealedsecrets.bitnami.com/namespace-wide': 'true' },
      },
      spec: { encryptedData: { password: 'AgAA' }, template: {} },
    });
  });

  it('says that it cannot', async () => {
    server.on(path, (response) => {
      response.writeHead(409).end();
    });
    expect(await asked()).toBe(false);
  });

  it.each([
    [429, 'cluster.refused'],
    [500, 'cluster.refused'],
    [403, 'cluster.forbidden'],
    [404, 'cluster.not-found'],
  ])('does not say where %i is answered', async (code, failure) => {
    server.on(path, status(code, 'Failure', 'no'));
    expect(await rejection(asked())).toMatchObject({ code: failure });
  });
});
