import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterConnector } from '../../../src/cluster/connector.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { rejection } from '../../support/impatient-client.ts';
import { json, onlyFor, silence } from '../../support/lying-answers.ts';
import { LyingCluster } from '../../support/lying-cluster.ts';

const connector = clusterConnector({ env: {}, home: tmpdir(), workspace: [] }, { http, https });
const nobodyAsked = () => Promise.reject(new Error('nobody is to be asked'));
const consent = { mayRun: nobodyAsked, mayGoUnchecked: nobodyAsked };
const token = 'token-of-the-test';

let cluster: LyingCluster;
beforeEach(async () => {
  cluster = await LyingCluster.start();
});
afterEach(() => cluster.server.stop());

function kubeconfig() {
  const text = JSON.stringify({
    kind: 'Config',
    clusters: [
      { name: 'here', cluster: { server: cluster.server.url.origin } },
      { name: 'there', cluster: { server: 'https://there.example:6443' } },
    ],
    users: [{ name: 'me', user: { token } }],
    contexts: [
      { name: 'mine', context: { cluster: 'here', user: 'me' } },
      { name: 'other', context: { cluster: 'there', user: 'me' } },
    ],
    'current-context': 'mine',
  });
  return { title: 'test.kubeconfig', text: Plaintext.fromText(text), files: undefined };
}
const connect = (context?: string, signal = AbortSignal.timeout(10_000)) =>
  connector.connect(kubeconfig(), context, consent, signal);

describe('a kubeconfig', () => {
  it('tells its contexts without a connection', () => {
    expect(connector.contexts(kubeconfig())).toEqual([
      { name: 'mine', server: cluster.server.url.origin, isCurrent: true },
      { name: 'other', server: 'https://there.example:6443', isCurrent: false },
    ]);
    expect(cluster.server.count()).toBe(0);
  });

  it('connects to the cluster of its current context, with its credentials', async () => {
    cluster.server.on('/version', onlyFor(token, json({ gitVersion: 'v1.36.3' })));
    cluster.serve('Kustomization', 2);
    const session = await connect();
    await session.listed();
    expect(session).toMatchObject({ server: cluster.server.url.origin, insecure: false, version: 'v1.36.3' });
    expect(session.flux()[0]?.objects).toHaveLength(2);
    session.close();
  });

  it('gives a kubeconfig of one context that connects by itself', async () => {
    const alone = await connector.standalone(kubeconfig(), 'mine');
    expect(alone.exposeText()).not.toContain('there.example');
    const opened = { title: 'alone', text: alone, files: undefined };
    const session = await connector.connect(opened, undefined, consent, AbortSignal.timeout(10_000));
    expect(session.server).toBe(cluster.server.url.origin);
    session.close();
  });

  it('without the context that is wanted connects to nothing', async () => {
    expect(await rejection(connect('missing'))).toMatchObject({ code: 'kubeconfig.no-context' });
    expect(cluster.server.count()).toBe(0);
  });

  it('leaves no connection when it is given up', async () => {
    cluster.server.on('/version', silence());
    const giveUp = new AbortController();
    const connecting = connect('mine', giveUp.signal);
    await expect.poll(() => cluster.server.count('/version')).toBe(1);
    const reason = new Error('given up');
    giveUp.abort(reason);
    expect(await rejection(connecting)).toBe(reason);
    await expect.poll(() => cluster.server.connections).toBe(0);
  });
});
