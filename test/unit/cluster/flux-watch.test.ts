import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fluxKinds } from '../../../src/cluster/flux/flux-kinds.ts';
import type { ApiSession } from '../../../src/cluster/session.ts';
import { events, json, listOrWatch, status, statusObject } from '../../support/lying-answers.ts';
import { LyingCluster, named, pathOf } from '../../support/lying-cluster.ts';

let cluster: LyingCluster;
let session: ApiSession | undefined;
beforeEach(async () => {
  cluster = await LyingCluster.start();
});
afterEach(async () => {
  session?.close();
  session = undefined;
  await cluster.server.stop();
});

const list = (kind: string) => session?.flux().find((each) => each.kind.kind === kind);
const page = (...items: readonly unknown[]) =>
  json({ kind: 'List', metadata: { resourceVersion: '5' }, items });

async function open(): Promise<ApiSession> {
  session = await cluster.open();
  await session.listed();
  return session;
}

describe('the kinds of Flux', () => {
  it('are listed at most eight at a time', async () => {
    let [now, most] = [0, 0];
    for (const { kind } of fluxKinds)
      cluster.on(
        kind,
        listOrWatch(
          async (response, asked, nth) => {
            most = Math.max(most, ++now);
            await wait(20);
            now--;
            await page(named(0))(response, asked, nth);
          },
          events([], { open: true }),
        ),
      );
    const { length } = (await open()).flux().filter(({ state }) => state === 'watched');
    expect(length).toBe(fluxKinds.length);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('that are not installed cost one question at a time, for all of them', async () => {
    cluster.serve('Kustomization');
    await open();
    const rounds = () => cluster.server.count('/apis');
    const others = cluster.server.count();
    const before = rounds();
    await expect.poll(rounds).toBeGreaterThanOrEqual(before + 2);
    expect(cluster.server.count() - others - (rounds() - before)).toBeLessThanOrEqual(1);
  });

  it('that are installed later are found, and those that go are not failed but absent', async () => {
    cluster.serve('Kustomization');
    await open();
    expect(list('GitRepository')?.state).toBe('absent');
    const served = cluster.serve('GitRepository', 3);
    await expect.poll(() => served.watches).toBe(1);
    expect(list('GitRepository')).toMatchObject({ state: 'watched', objects: [{}, {}, {}] });
    cluster.remove('GitRepository');
    served.end();
    const gone = { state: 'absent', failure: undefined, objects: [] };
    await expect.poll(() => list('GitRepository')).toMatchObject(gone);
  });

  it('whose watch is too old are listed anew', async () => {
    const expired = { type: 'ERROR', object: statusObject(410, 'Expired', 'too old resource version') };
    let objects = [named(0), named(1)];
    cluster.on(
      'Kustomization',
      listOrWatch(
        (...asked) => page(...objects)(...asked),
        (response, asked, nth) => events(nth === 0 ? [expired] : [], { open: nth > 0 })(response, asked, nth),
      ),
    );
    const opened = await open();
    expect(list('Kustomization')?.objects).toHaveLength(2);
    objects = [named(1)];
    await expect.poll(() => list('Kustomization')?.objects).toHaveLength(1);
    expect(list('Kustomization')?.state).toBe('watched');
    await expect.poll(() => cluster.server.count(pathOf('Kustomization'))).toBe(4);
    opened.close();
  });

  it('of which there are more than are kept say so', async () => {
    cluster.serve('Kustomization', 20_001);
    cluster.serve('GitRepository', 1);
    await open();
    expect(list('Kustomization')).toMatchObject({ state: 'watched', truncated: true });
    expect(list('Kustomization')?.objects).toHaveLength(20_000);
    expect(list('GitRepository')).toMatchObject({ truncated: false });
    expect(list('Bucket')).toMatchObject({ state: 'absent', truncated: false });
  });

  it('that can be read no longer keep what was known', async () => {
    let broken = false;
    const served = cluster.serve('Kustomization', 2);
    cluster.server.on(pathOf('Kustomization'), (...asked) =>
      (broken ? status(403, 'Forbidden', 'no') : served.answer)(...asked),
    );
    await open();
    broken = true;
    served.end();
    await expect.poll(() => list('Kustomization')?.state).toBe('failed');
    expect(list('Kustomization')?.objects).toHaveLength(2);
    expect(list('Kustomization')?.failure).toMatchObject({ code: 'cluster.forbidden' });
    broken = false;
    await expect.poll(() => list('Kustomization')?.state).toBe('watched');
  });
});

describe('a listener', () => {
  it('is called once for many changes, and no more when it stopped listening', async () => {
    const served = cluster.serve('Kustomization', 0);
    const opened = await open();
    await expect.poll(() => served.watches).toBe(1);
    const [told, stopped] = [vi.fn(), vi.fn()];
    opened.onDidChange(told);
    opened.onDidChange(stopped)();
    for (let index = 0; index < 100; index++) served.push('ADDED', named(index));
    await expect.poll(() => list('Kustomization')?.objects).toHaveLength(100);
    expect(told.mock.calls.length).toBeGreaterThan(0);
    expect(told.mock.calls.length).toBeLessThan(50);
    expect(stopped).not.toHaveBeenCalled();
  });

  it('finds the same lists where nothing changed', async () => {
    cluster.serve('GitRepository', 2);
    const served = cluster.serve('Kustomization', 1);
    const opened = await open();
    await expect.poll(() => served.watches).toBe(1);
    const before = opened.flux();
    expect(opened.flux()).toBe(before);
    served.push('MODIFIED', { ...named(0), status: { conditions: [] } } as never);
    await expect.poll(() => opened.flux()).not.toBe(before);
    const changed = opened.flux().filter((each) => !before.includes(each));
    expect(changed.map(({ kind }) => kind.kind)).toEqual(['Kustomization']);
  });
});
