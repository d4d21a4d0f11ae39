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
  'revealFluxObject reconcile reconcileWithSource reconcileForce reconcileReset suspend resume openLiveObject goToManifest copyObjectName copyMessage removeCluster fetchCertificate'.split(
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

it('copies what an object says, line by line, and nothing that a terminal would act on', async () => {
  const message = 'dry-run failed:\r\n\tspec.replicas \u001b[31mis\u202e wrong';
  const item = { ...kustomization('web'), health: 'degraded', message } as const;
  const { cluster } = row as Extract<Row, { row: 'flux' }>;
  const event = { type: 'Warning', reason: 'Failed', message, count: 1, at: undefined } as const;
  const said: Row[] = [
    { row: 'flux', cluster, object: { ...kustomization('apps'), message } },
    { row: 'item', cluster, item },
    { row: 'event', cluster, event },
    { row: 'message', text: message, severity: 'error' },
  ];
  for (const each of said) {
    env.clipboard.text = '';
    row = each;
    expect(await run('copyMessage', drawn)).toBeUndefined();
    expect(env.clipboard.text).toBe('dry-run failed:\n  spec.replicas \ufffd[31mis\ufffd wrong');
  }
  row = { row: 'events', cluster, object: kustomization('apps') };
  env.clipboard.text = 'before';
  await run('copyMessage', drawn);
  expect(env.clipboard.text).toBe('before');
});

it('copies no name that a terminal would act on', async () => {
  row = {
    row: 'sealing-key',
    cluster: (row as Extract<Row, { row: 'flux' }>).cluster,
    name: 'a\nreboot\n',
    description: '',
  };
  await run('copyObjectName', drawn);
  expect(env.clipboard.text).toBe('a\ufffdreboot\ufffd');
});

it('opens no namesake of an object that is in another cluster', async () => {
  const { cluster } = row as Extract<Row, { row: 'flux' }>;
  row = { row: 'item', cluster, item: { ref: kustomization('web').ref, health: 'elsewhere', message: '' } };
  await run('openLiveObject', drawn);
  expect([...session.commands, ...messages, ...progressTitles]).toEqual([]);
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
