import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { liveObject, liveUri } from '../../../src/vscode/clusters/live-object-uri.ts';
import { LiveObjects } from '../../../src/vscode/clusters/live-objects.ts';
import { OpenClusters } from '../../../src/vscode/clusters/open-clusters.ts';
import { isManifestDocument } from '../../../src/vscode/manifests.ts';
import { ActingSession, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import { registered, shownEditors, Uri, window } from '../../support/fake-vscode.ts';

const apps = kustomization('apps');
const token = { onCancellationRequested: () => ({ dispose() {} }) } as never;
let session: ActingSession;
let clusters: ListedClusters;
let live: LiveObjects;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  registered.clear();
  shownEditors.length = 0;
  window.visibleTextEditors = [];
  session = new ActingSession();
  session.objects = [apps];
  clusters = new ListedClusters();
  live = new LiveObjects(new OpenClusters(clusters));
  told = [];
  live.onDidChange((uri) => told.push(uri.toString()));
});
afterEach(() => void vi.useRealTimers());

const uri = () => liveUri('prod', { cluster: 'prod', ref: apps.ref });
const text = () => live.provideTextDocumentContent(uri(), token);

/** Opens the object, and shows its document. */
async function openAndShow(): Promise<void> {
  await live.openRow({ row: 'flux', cluster: clusters.set('prod', session), object: apps });
  window.visibleTextEditors = [{ document: { uri: uri() } }];
  vi.advanceTimersByTime(1000);
  told.length = 0;
}

it('shows the object as YAML, asked for once, in a tab of its name', async () => {
  await openAndShow();
  const [editor] = shownEditors;
  expect(editor?.document.uri.path).toBe('/prod/flux-system/apps.Kustomization.yaml');
  expect(editor?.document.getText()).toBe(session.yaml);
  expect(session.commands).toEqual([['live', 'apps']]);
});

it('is no manifest to Purser: nothing is underlined, no lens stands above it', async () => {
  expect(isManifestDocument({ uri: uri(), languageId: 'yaml' } as never)).toBe(false);
});

it('is told to change when the object did, and not for others', async () => {
  await openAndShow();
  session.objects = [apps, kustomization('infra')];
  clusters.change();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([]);
  session.objects = [kustomization('apps', { state: 'not-ready' })];
  for (let i = 0; i < 50; i++) clusters.change();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([uri().toString()]);
  session.yaml = 'kind: Kustomization # changed\n';
  expect(await text()).toBe(session.yaml);
});

it('asks for nothing while nobody sees it', async () => {
  await openAndShow();
  window.visibleTextEditors = [];
  session.objects = [kustomization('apps', { state: 'not-ready' })];
  clusters.change();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([]);
});

it('says that the cluster was closed, and comes back with it', async () => {
  await openAndShow();
  clusters.set('prod', undefined);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(1);
  expect(await text()).toBe('# this cluster is not open; open it in the Clusters view.\n');
  clusters.set('prod', session);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(2);
  expect(await text()).toBe(session.yaml);
});

it('says in the document why it cannot be read any more, as a comment on one line', async () => {
  await openAndShow();
  session.failure = new Failure('cluster.not-found', { what: 'a\nb: c' });
  expect(await text()).toMatch(/^# prod: the cluster has no [^\n]+\n$/);
});

it('does not open what cannot be read at all', async () => {
  session.failure = new Failure('cluster.forbidden', { server: 'prod:6443', what: 'read it' });
  const row = { row: 'flux', cluster: clusters.set('prod', session), object: apps } as const;
  await expect(live.openRow(row)).rejects.toMatchObject({
    code: 'cluster.forbidden',
    place: { cluster: 'prod' },
  });
  expect(shownEditors).toEqual([]);
});

it('opens what links and inventories lead to, and nothing for other rows', async () => {
  const cluster = clusters.set('prod', session);
  await live.openRow({ row: 'link', cluster, label: 'Source', ref: { ...apps.ref, name: 'repo' } });
  const item = { ref: { ...apps.ref, name: 'web' }, health: 'healthy', message: '' } as const;
  await live.openRow({ row: 'item', cluster, item });
  await live.openRow({ row: 'cluster', cluster });
  await live.openRow(undefined);
  expect(session.commands).toEqual([
    ['live', 'repo'],
    ['live', 'web'],
  ]);
});

it('keeps every name in its URI, and no part of the object', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((each) => each.isWellFormed());
  const maybe = fc.option(text, { nil: undefined });
  const ref = fc.record({ apiVersion: maybe, group: text, kind: text, namespace: maybe, name: text });
  fc.assert(
    fc.property(text, text, ref, (title, cluster, object) => {
      const made = liveUri(title, { cluster, ref: object });
      expect(liveObject(made)).toEqual({ cluster, ref: object });
      expect(made.path).not.toMatch(/[\p{Cc}\p{Cf}\\]|^\/\//u);
    }),
  );
  const broken = { ...apps.ref, name: 'half of a \ud800 pair' };
  expect(liveObject(liveUri('', { cluster: '', ref: broken }))?.ref.name).toBe('half of a \ufffd pair');
});

it.each(['', 'a&b', '-&-&-&-&-&-', '=%&=&=&=&=&='])('takes %j for no object', async (query) => {
  const made = Uri.from({ scheme: 'purser-live', path: '/x.yaml', query }) as never;
  expect(liveObject(made)).toBeUndefined();
  expect(await live.provideTextDocumentContent(made, token)).toBe('# This is no object of a cluster.\n');
});
