import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FluxLenses } from '../../../src/vscode/clusters/flux-lenses.ts';
import { OpenClusters } from '../../../src/vscode/clusters/open-clusters.ts';
import { revealFluxObject } from '../../../src/vscode/clusters/reveal-flux-object.ts';
import { WrittenFluxObjects } from '../../../src/vscode/clusters/written-flux-objects.ts';
import { ActingSession, helmRelease, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import { configuration, fakeDocument, registered, workspace } from '../../support/fake-vscode.ts';

const text = `# the platform
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: db
`;
let session: ActingSession;
let clusters: ListedClusters;
let open: OpenClusters;
let lenses: FluxLenses;
const written = new WrittenFluxObjects();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  registered.clear();
  configuration.clear();
  session = new ActingSession();
  clusters = new ListedClusters();
  open = new OpenClusters(clusters);
  lenses = new FluxLenses(open, written);
});
afterEach(() => {
  vi.useRealTimers();
  workspace.textDocuments = [];
});

const shown = (document = fakeDocument(text)) => lenses.provideCodeLenses(document as never);
const titles = (document = fakeDocument(text)) => shown(document).map(({ command }) => command?.title);

it('says what Flux makes of an object, in each open cluster that has it', () => {
  session.objects = [kustomization('apps')];
  clusters.set('prod', session);
  clusters.set('closed', undefined);
  clusters.set('empty', new ActingSession());
  const [lens, ...others] = shown();
  expect(others).toEqual([]);
  expect(lens?.command?.title).toBe('$(pass) Ready · main@3f2a1c9 · prod');
  expect(lens?.command?.tooltip).toBe('Applied revision');
  expect(lens?.range.start.line).toBe(1);
});

it.each([
  [
    kustomization('apps', { state: 'not-ready', reason: 'BuildFailed' }),
    '$(error) Not ready: BuildFailed · prod',
  ],
  [kustomization('apps', { state: 'suspended', revision: undefined }), '$(debug-pause) Suspended · prod'],
  [kustomization('apps', { state: 'reconciling', revision: '6.5.4' }), '$(sync) Reconciling · 6.5.4 · prod'],
  [kustomization('apps', { state: 'unknown', revision: '$(bug)\n' }), '$(question) Unknown · $ (bug) · prod'],
])('has words for every state', (object, title) => {
  session.objects = [object];
  clusters.set('prod', session);
  expect(titles()).toEqual([title]);
});

it('finds an object without a namespace where only one of its name is there', () => {
  const inNamespace = (namespace: string) => helmRelease('db', namespace);
  session.objects = [inNamespace('team-a')];
  clusters.set('prod', session);
  expect(titles()).toHaveLength(1);
  session.objects = [inNamespace('team-a'), inNamespace('team-b')];
  expect(titles()).toEqual([]);
});

it('shows three clusters at most above one object', () => {
  session.objects = [kustomization('apps')];
  for (const title of ['a', 'b', 'c', 'd', 'e']) clusters.set(title, session);
  expect(titles().map((title) => title?.slice(-1))).toEqual(['a', 'b', 'c']);
});

it('is drawn again soon after something changed, once for many changes', () => {
  let drawn = 0;
  lenses.onDidChangeCodeLenses(() => drawn++);
  for (let i = 0; i < 1000; i++) clusters.change();
  expect(drawn).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(drawn).toBe(1);
});

it('follows the document as it is typed', () => {
  session.objects = [kustomization('apps'), kustomization('web')];
  clusters.set('prod', session);
  expect(titles()).toHaveLength(1);
  const document = fakeDocument(text.replace('name: db', 'name: web').replace('helm.', 'kustomize.'));
  expect(titles(document)).toHaveLength(1);
  const typed = {
    ...document,
    version: 2,
    getText: () => document.getText().replace('HelmRelease', 'Kustomization'),
  };
  expect(titles(typed)).toHaveLength(2);
});

it('is off with the setting, and in what is no manifest', () => {
  session.objects = [kustomization('apps')];
  clusters.set('prod', session);
  expect(titles({ ...fakeDocument(text), languageId: 'markdown' })).toEqual([]);
  configuration.set('purser.codeLens.enabled', false);
  expect(titles()).toEqual([]);
});

it('reads a document of a thousand objects against a thousand live ones in no time', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `app-${index}`);
  session.objects = names.map((name) => kustomization(name));
  clusters.set('prod', session);
  const many = names
    .map((name) => text.split('---')[0]?.replace('name: apps', `name: ${name}`))
    .join('---\n');
  const before = process.cpuUsage();
  expect(written.in(fakeDocument(many) as never, open.all())).toHaveLength(1000);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
});

it('leads to the row of the object, with a place and nothing else as its argument', async () => {
  session.objects = [kustomization('apps')];
  clusters.set('prod', session);
  const document = fakeDocument(text);
  workspace.textDocuments = [document];
  const argument: unknown = shown(document)[0]?.command?.arguments?.[0];
  expect(Object.keys(argument as object).toSorted()).toEqual(['cluster', 'offset', 'uri']);
  const revealed: unknown[] = [];
  const clustersView = {
    follow: async (given: unknown) => given === 'a link',
    reveal: async ({ title }: { title: string }, object: unknown) => void revealed.push([title, object]),
  };
  const services = { clustersView, clusterActions: { open, written } };
  await revealFluxObject(argument, services);
  expect(revealed).toEqual([['prod', session.objects[0]]]);
  const { uri } = argument as { uri: string };
  for (const madeUp of [
    undefined,
    'a link',
    {},
    { uri, offset: -1, cluster: 'prod' },
    { uri, offset: 20, cluster: '../prod' },
    { uri: 'file:///etc/passwd', offset: 20, cluster: 'prod' },
    { uri: [uri], offset: '20', cluster: { id: 'prod' } },
  ])
    await revealFluxObject(madeUp, services);
  expect(revealed).toHaveLength(1);
});
