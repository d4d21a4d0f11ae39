import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { ClusterActions } from '../../../src/vscode/clusters/cluster-actions.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { registerCommands } from '../../../src/vscode/commands.ts';
import { ActingSession, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import {
  cancelProgress,
  commandHandlers,
  env,
  messages,
  progressTitles,
  registered,
  workspace,
} from '../../support/fake-vscode.ts';

const onRows =
  'revealFluxObject reconcile reconcileWithSource reconcileForce reconcileReset suspend resume openLiveObject goToManifest copyObjectName fetchCertificate'.split(
    ' ',
  );
const drawn = { id: 'a row' };
let session: ActingSession;
let row: Row;

beforeEach(() => {
  registered.clear();
  for (const list of [messages, progressTitles]) list.length = 0;
  cancelProgress.clear();
  workspace.isTrusted = true;
  session = new ActingSession();
  const clusters = new ListedClusters();
  row = { row: 'flux', cluster: clusters.set('prod', session), object: kustomization('apps') };
  const clustersView = {
    rowOf: (argument: unknown) => (argument === drawn ? row : undefined),
    follow: async () => false,
    reveal: async () => undefined,
  };
  const clusterActions = new ClusterActions(clusters, []);
  registerCommands(async () => ({ clustersView, clusterActions }) as never, { error() {} } as never);
});
afterEach(() => void vi.useRealTimers());

const run = (id: string, argument: unknown) =>
  Promise.resolve(commandHandlers.get(`purser.${id}`)?.(argument));

it.each(onRows)(
  '%s does nothing for an argument that another extension made up, and returns nothing',
  async (id) => {
    for (const madeUp of [
      undefined,
      'apps',
      { ...row },
      { ...drawn },
      { uri: 'file:///x', offset: 0, cluster: 'prod' },
    ])
      expect(await run(id, madeUp)).toBeUndefined();
    expect([...session.commands, ...messages]).toEqual([]);
  },
);

it('tells a failure in one sentence that names the cluster, and follows no link in it', async () => {
  const reason = 'denied by [policy](command:workbench.action.quit)';
  session.failure = new Failure('cluster.refused', { server: 'prod:6443', reason });
  expect(await run('suspend', drawn)).toBeUndefined();
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^prod: .*denied by \[policy\] \(command:/);
});

it('copies the name of an object', async () => {
  expect(await run('copyObjectName', drawn)).toBeUndefined();
  expect(env.clipboard.text).toBe('apps');
});

it('shows what takes long, and ends it without a word when it is cancelled', async () => {
  vi.useFakeTimers();
  session.reconcile = (_object, _how, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const running = run('reconcile', drawn);
  await vi.advanceTimersByTimeAsync(1000);
  expect(progressTitles).toEqual(['Reconciling Kustomization flux-system/apps in prod…']);
  for (const cancel of cancelProgress) cancel();
  expect(await running).toBeUndefined();
  expect(messages).toEqual([]);
});
