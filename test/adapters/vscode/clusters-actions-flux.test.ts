import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import { Failure } from '../../../src/core/errors.ts';
import { reconcile, setSuspended } from '../../../src/vscode/clusters/flux-commands.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { ActingSession, helmRelease, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import { answers, messages, registered, statusMessages } from '../../support/fake-vscode.ts';

const plain = { withSource: false, force: false, reset: false };
let session: ActingSession;
let clusters: ListedClusters;
let opened: string[];
const live = { open: async (_: unknown, { name }: { name: string }) => void opened.push(name) };
const services = {
  clustersView: { rowOf: (row: unknown) => row as Row | undefined },
  clusterActions: { live },
};
const row = (object = kustomization('apps')): Row => ({
  row: 'flux',
  cluster: clusters.set('prod', session),
  object,
});

beforeEach(() => {
  registered.clear();
  for (const list of [answers, messages, statusMessages]) list.length = 0;
  session = new ActingSession();
  clusters = new ListedClusters();
  opened = [];
});

it('reconciles, and says shortly what is ready at which revision', async () => {
  session.outcome = { ready: true, message: 'Applied', revision: `main@sha1:${'3f2a1c9e'.repeat(5)}` };
  await reconcile(row(), { ...plain, withSource: true }, services);
  expect(session.commands).toEqual([['reconcile', 'apps', { ...plain, withSource: true }]]);
  expect(statusMessages).toEqual(['$(pass) Kustomization flux-system/apps is ready at main@3f2a1c9']);
  expect(messages).toEqual([]);
});

it('says why it is not ready, and leads to the object', async () => {
  session.outcome = { ready: false, message: 'kustomize build failed: no such file', revision: undefined };
  answers.push('Open Live Object');
  await reconcile(row(), plain, services);
  expect(messages).toEqual([
    'Kustomization flux-system/apps in prod is not ready: kustomize build failed: no such file',
  ]);
  expect(opened).toEqual(['apps']);
});

it('shows what a controller says as text: cut, on one line, and with no link that runs a command', async () => {
  const message = `see [this](command:workbench.action.quit)\n\u202e${'x'.repeat(10_000)}`;
  session.outcome = { ready: false, message, revision: undefined };
  await reconcile(row(), plain, services);
  expect(messages[0]).not.toMatch(/\]\(|\n|\u202e/);
  expect(messages[0]?.length).toBeLessThan(500);
  session.outcome = { ready: true, message: '', revision: '$(trash)\n' };
  await reconcile(row(), plain, services);
  expect(statusMessages[0]).not.toMatch(/\$\(trash\)|\n/);
});

it('suspends and resumes without a word', async () => {
  await setSuspended(row(), true, services);
  await setSuspended(row(), false, services);
  expect(session.commands).toEqual([
    ['suspend', 'apps'],
    ['resume', 'apps'],
  ]);
  expect([...messages, ...statusMessages]).toEqual([]);
});

it('forces and resets HelmReleases only', async () => {
  const release = helmRelease('db');
  await reconcile(row(), { ...plain, force: true }, services);
  await reconcile(row(), { ...plain, reset: true }, services);
  expect(session.commands).toEqual([]);
  await reconcile(row(release), { ...plain, force: true }, services);
  expect(session.commands).toEqual([['reconcile', 'db', { ...plain, force: true }]]);
});

it('does nothing for rows of another kind, none, and objects that cannot be told to', async () => {
  const cluster = clusters.set('prod', session);
  await reconcile(undefined, plain, services);
  await reconcile({ row: 'cluster', cluster }, plain, services);
  await reconcile(row(kustomization('apps', { canReconcile: false })), plain, services);
  await setSuspended(undefined, true, services);
  await setSuspended(row(kustomization('apps', { canSuspend: false })), true, services);
  expect(session.commands).toEqual([]);
});

it('names the cluster in which it failed', async () => {
  session.failure = new Failure('cluster.conflict', { what: 'Kustomization flux-system/apps' });
  const failure: unknown = await setSuspended(row(), true, services).catch((error: unknown) => error);
  expect(failure instanceof Failure && sentenceOf(failure)).toMatch(
    /^prod: Kustomization flux-system\/apps was changed/,
  );
});

it('says that a cluster was closed', async () => {
  const stale = row();
  clusters.set('prod', undefined);
  await expect(reconcile(stale, plain, services)).rejects.toMatchObject({ code: 'cluster.closed' });
});
