import { describe, expect, it } from 'vitest';
import { filterClusters } from '../../../src/vscode/clusters/ask-filter.ts';
import type { RootSource } from '../../../src/vscode/clusters/cluster.ts';
import { sourceId, sourceTitle, titlesOf } from '../../../src/vscode/clusters/cluster-titles.ts';
import type { FluxFilter } from '../../../src/vscode/clusters/flux-filter.ts';
import { dayOf, timeOf } from '../../../src/vscode/clusters/row-words.ts';
import { shortRevision } from '../../../src/vscode/clusters/short-revision.ts';
import { window } from '../../support/fake-vscode.ts';

const hex = '3f2a1c9d5e6f708192a3b4c5d6e7f8091a2b3c4d';

describe('a revision', () => {
  it.each([
    [`main@sha1:${hex}`, 'main@3f2a1c9'],
    [`sha256:${hex}`, '3f2a1c9'],
    [`6.5.0@sha256:${hex}`, '6.5.0@3f2a1c9'],
    [`refs/heads/feature/x@sha1:${hex}`, 'refs/heads/feature/x@3f2a1c9'],
    [`main/${hex}`, 'main@3f2a1c9'],
    ['6.5.0', '6.5.0'],
    ['release/3f2a1c9', 'release/3f2a1c9'],
    ['', ''],
  ])('%s is shown as %s', (revision, short) => expect(shortRevision(revision)).toBe(short));
});

function sealed(path: string, object?: string, entry?: string): RootSource {
  return { from: 'workspace', sealed: { path, scheme: 'fernet', object, entry } };
}

describe('a cluster', () => {
  it.each([
    [sealed('/repo/access/ci.kubeconfig.enc'), 'ci'],
    [sealed('C:\\repo\\ci.enc'), 'ci'],
    [sealed('/repo/prod/kubeconfig.enc'), 'prod/kubeconfig.enc'],
    [sealed('/repo/kubeconfigs/east.yaml.enc'), 'east'],
    [sealed('/repo/a.yaml', '[Secret/flux-system/prod#]', 'stringData.kubeconfig'), 'prod'],
    [sealed('/repo/a.yaml', '[Secret//prod#]', 'data.value'), 'prod'],
    [{ from: 'own' } as const, 'Your Kubeconfig'],
    [
      { from: 'secret', via: 'x', namespace: 'apps', name: 'stage\u202e', key: undefined } as const,
      'apps/stage\ufffd',
    ],
  ])('from %j is called %s', (source, title) => expect(sourceTitle(source)).toBe(title));

  it.each([
    [
      [sealed('/a/x/prod.enc'), sealed('/a/x/dev.enc')],
      ['prod', 'dev'],
    ],
    [
      [sealed('/a/east/prod.enc'), sealed('/a/west/prod.enc'), sealed('/a/dev.enc')],
      ['east/prod', 'west/prod', 'dev'],
    ],
    [
      [sealed('/one/access/prod.enc'), sealed('/two/access/prod.enc')],
      ['one/access/prod', 'two/access/prod'],
    ],
    [
      [sealed('C:\\one\\prod.enc'), sealed('C:\\two\\prod.enc')],
      ['one/prod', 'two/prod'],
    ],
    [
      [sealed('/east/prod/kubeconfig.enc'), sealed('/west/prod/kubeconfig.enc')],
      ['east/prod/kubeconfig.enc', 'west/prod/kubeconfig.enc'],
    ],
    [
      [sealed('/a/prod.enc'), sealed('/a/b/prod.enc')],
      ['a/prod', 'b/prod'],
    ],
    [
      [sealed('/a/prod.enc'), sealed('/a/prod.kubeconfig.enc')],
      ['prod (prod.enc)', 'prod (prod.kubeconfig.enc)'],
    ],
    [
      [sealed('/a/x.yaml', '[Secret//prod#]', 'data.a'), sealed('/a/x.yaml', '[Secret//prod#]', 'data.b')],
      ['prod (x.yaml data.a)', 'prod (x.yaml data.b)'],
    ],
    [
      [{ from: 'own' } as const, sealed('/a/x.yaml', '[Secret//Your Kubeconfig#]')],
      ['Your Kubeconfig', 'a/Your Kubeconfig'],
    ],
  ])('is told by name from others: %#', (sources, titles) => {
    const byId = titlesOf(sources);
    expect(sources.map((source) => byId.get(sourceId(source)))).toEqual(titles);
  });

  it('is told from others in the same file', () => {
    const entries = ['data.a', 'data.b'].map((entry) => sealed('/a.yaml', '[Secret//x#]', entry));
    const others = [sealed('/a.yaml', '[Secret//y#]', 'data.a'), sealed('/a.yaml')];
    expect(new Set([...entries, ...others].map(sourceId)).size).toBe(4);
  });
});

it('shows no time where a server gave none that exists', () => {
  expect([dayOf(undefined), timeOf(new Date('soon'))]).toEqual(['', '']);
  expect(timeOf(new Date(Date.UTC(2026, 0, 31, 12)))).toBe('2026-01-31 12:00:00 UTC');
});

describe('Filter Flux Objects…', () => {
  async function ask(
    states: readonly string[] | undefined,
    text: string | undefined,
  ): Promise<FluxFilter | undefined> {
    let set: FluxFilter | undefined;
    const { showQuickPick, showInputBox } = window;
    const pick = async (items: readonly { label: string }[]) =>
      states && items.filter(({ label }) => states.includes(label));
    Object.assign(window, { showQuickPick: pick, showInputBox: async () => text });
    const filter: FluxFilter = { states: new Set(), text: '' };
    await filterClusters({ filter, setFilter: (given) => void (set = given) });
    Object.assign(window, { showQuickPick, showInputBox });
    return set;
  }

  it('asks for states and text', async () => {
    const given = await ask(['Not ready', 'Suspended'], ' podinfo ');
    expect(given).toEqual({ states: new Set(['not-ready', 'suspended']), text: 'podinfo' });
  });

  it.each([
    [undefined, 'x'],
    [['Ready'], undefined],
  ])('leaves the filter as it is where the person gives up (%j, %j)', async (states, text) => {
    expect(await ask(states, text)).toBeUndefined();
  });
});
