import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiResource } from '../../../../src/cluster/api/api.ts';
import { objectOf, textOf } from '../../../../src/cluster/api/json.ts';
import type { ListQuery } from '../../../../src/cluster/api/list.ts';
import { type Reflection, reflect, reflectTiming } from '../../../../src/cluster/api/reflect.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { runs } from '../../../support/arbitraries.ts';
import { impatientClient, veryImpatient } from '../../../support/impatient-client.ts';
import {
  events,
  hostileName,
  inTurn,
  json,
  listOrWatch,
  raw,
  reset,
  status,
  statusObject,
} from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';
import { ServedObjects } from '../../../support/served-objects.ts';

const pods: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: ['list', 'watch'],
};
const path = '/api/v1/pods';
const quick = { watchSeconds: () => 60, grace: 0, least: 5, most: 40, slow: 60 };

let server: LyingServer;
let ending: AbortController;
beforeEach(async () => {
  server = await LyingServer.start();
  ending = new AbortController();
});
afterEach(async () => {
  ending.abort();
  vi.restoreAllMocks();
  await server.stop();
});

function nameOf(object: unknown): string | undefined {
  return textOf(objectOf(objectOf(object)?.['metadata'])?.['name']);
}

/** What was told at one change: a state may last too short a time to be seen by whoever only looks now and then. */
interface Told {
  readonly state: Reflection<string>['state'];
  readonly objects: readonly string[];
  readonly failure: unknown;
}

function reflected(query: ListQuery = {}, timing = quick): Reflection<string> & { readonly told: Told[] } {
  const told: Told[] = [];
  const reflection: Reflection<string> = reflect({
    client: impatientClient(server.access()),
    resource: pods,
    query,
    read: (object) => (nameOf(object)?.startsWith('unread') === true ? undefined : nameOf(object)),
    changed: () => {
      const { state, failure } = reflection;
      told.push({ state, objects: reflection.objects(), failure });
    },
    signal: ending.signal,
    timing,
  });
  return Object.assign(reflection, { told });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const eventually = (condition: () => boolean) => expect.poll(condition).toBe(true);

const pod = (name: string, resourceVersion = '1') => ({ metadata: { name, resourceVersion } });
const list = (resourceVersion: string, ...names: readonly string[]) =>
  json({ kind: 'PodList', metadata: { resourceVersion }, items: names.map((name) => pod(name)) });
const added = (name: string, resourceVersion: string) => ({
  type: 'ADDED',
  object: pod(name, resourceVersion),
});
const open = events([], { open: true });
const watches = () => server.asked.filter(({ query }) => query.get('watch') === 'true');
const lists = () => server.asked.filter(({ query }) => query.get('watch') === null);

describe('a kind’s objects', () => {
  it('are listed, and then as the watch tells', async () => {
    const served = new ServedObjects(3, (index) => pod(`p-${index}`));
    server.on(path, served.answer);
    const found = reflected();
    expect([found.state, found.objects()]).toEqual(['loading', []]);
    await found.listed;
    expect([found.state, found.objects()]).toEqual(['watched', ['p-0', 'p-1', 'p-2']]);
    await eventually(() => served.watches === 1);
    served.push('ADDED', pod('new'));
    served.push('DELETED', pod('p-1'));
    served.push('MODIFIED', pod('p-2'));
    await eventually(() => found.objects().length === 3 && found.objects().includes('new'));
    expect(found.objects()).toEqual(['p-0', 'p-2', 'new']);
    expect(found.told.length).toBeGreaterThanOrEqual(3);
    expect(Object.fromEntries(watches()[0]?.query ?? [])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '60',
      resourceVersion: '1',
    });
  });

  it('keep the names they have: whoever shows them cleans them', async () => {
    server.on(
      path,
      listOrWatch(list('1', hostileName), events([added(`${hostileName}2`, '2')], { open: true })),
    );
    const found = reflected();
    await eventually(() => found.objects().length === 2);
    expect(found.objects()).toEqual([hostileName, `${hostileName}2`]);
  });

  it('that cannot be read are left out, and gone when they no longer can', async () => {
    const changed = { type: 'MODIFIED', object: pod('b', '3') };
    const watch = events([added('unread-2', '2'), changed, { type: 'DELETED', object: pod('b', '4') }], {
      open: true,
    });
    server.on(path, listOrWatch(list('1', 'a', 'unread-1', 'b'), watch));
    const found = reflected();
    await eventually(() => found.objects().length === 1);
    expect(found.objects()).toEqual(['a']);
  });

  it('are not more than can be held', async () => {
    const watch = events([added('d', '2'), { type: 'DELETED', object: pod('a', '3') }, added('e', '4')], {
      open: true,
    });
    server.on(path, listOrWatch(list('1', 'a', 'b', 'c'), watch));
    const found = reflected({ most: 2 });
    await eventually(() => found.objects().includes('e'));
    expect([found.objects(), found.truncated]).toEqual([['b', 'e'], true]);
  });

  it('come without anything but metadata where no more is wanted', async () => {
    const seen: unknown[] = [];
    const secret = { metadata: { name: 'a', resourceVersion: '2' }, data: { a: 'canary' } };
    server.on(
      path,
      listOrWatch(
        json({ metadata: { resourceVersion: '1' }, items: [secret] }),
        events([{ type: 'ADDED', object: secret }]),
      ),
    );
    reflect({
      client: impatientClient(server.access()),
      resource: pods,
      query: { metadataOnly: true },
      read: (object) => seen.push(object),
      changed: () => {},
      signal: ending.signal,
      timing: quick,
    });
    await eventually(() => seen.length >= 2);
    expect(seen.slice(0, 2)).toEqual([{ metadata: secret.metadata }, { metadata: secret.metadata }]);
    expect(watches()[0]?.headers.accept).toBe('application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io');
  });
});

describe('a watch', () => {
  it('goes on where it was, bookmarks included', async () => {
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } };
    server.on(path, listOrWatch(list('1', 'a'), inTurn(events([added('b', '5')]), events([bookmark]), open)));
    const found = reflected();
    await eventually(() => watches().length === 3);
    expect(watches().map(({ query }) => query.get('resourceVersion'))).toEqual(['1', '5', '9']);
    expect([found.state, lists().length]).toEqual(['watched', 1]);
  });

  const tooOld = { type: 'ERROR', object: statusObject(410, 'Expired', 'too old resource version') };
  it.each([
    ['as its answer', status(410, 'Expired', 'too old resource version')],
    ['as an event', events([tooOld])],
  ])('begins with a new list where its start is too old, told %s', async (_name, gone) => {
    server.on(path, listOrWatch(inTurn(list('1', 'a'), list('8', 'b')), inTurn(gone, open)));
    const found = reflected();
    await eventually(() => watches().length === 2);
    expect(watches()[1]?.query.get('resourceVersion')).toBe('8');
    expect([found.state, found.objects()]).toEqual(['watched', ['b']]);
  });

  it.each([
    ['is cut', raw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n')],
    ['cannot be had', reset()],
    ['ends with an error', events([{ type: 'ERROR', object: statusObject(500, 'InternalError', 'x') }])],
  ])('that %s once is taken up again, and nobody is told', async (_name, broken) => {
    server.on(path, listOrWatch(list('1', 'a'), inTurn(events([added('b', '5')]), broken, open)));
    const found = reflected();
    await eventually(() => watches().length === 3);
    expect(watches()[2]?.query.get('resourceVersion')).toBe('5');
    expect(new Set(found.told.map(({ state }) => state))).toEqual(new Set(['watched']));
    expect(lists()).toHaveLength(1);
  });

  it('is made anew in time also where the clock was put back while it lasted', async () => {
    const now = Date.now;
    server.on(path, (response, asked, nth) => {
      if (nth === 1) Date.now = () => now() - 3_600_000;
      return listOrWatch(list('1', 'a'), events([]))(response, asked, nth);
    });
    try {
      reflected();
      await eventually(() => watches().length >= 3);
    } finally {
      Date.now = now;
    }
  });

  it('on which nothing comes for too long is made anew', async () => {
    server.on(path, listOrWatch(list('1', 'a'), inTurn(open, events([added('b', '2')], { open: true }))));
    const found = reflected({}, { ...quick, watchSeconds: () => 0.03, grace: 20 });
    await eventually(() => found.objects().includes('b'));
    expect(found.state).toBe('watched');
  });

  it('skips what is no event, and is given up when there are many', async () => {
    const junk = [
      '{',
      '[]',
      '"x"',
      '{"type":"ADDED"}',
      '{"type":"NEW","object":{"metadata":{"resourceVersion":"1"}}}',
    ];
    server.on(
      path,
      listOrWatch(
        inTurn(list('1', 'a'), list('5', 'c')),
        inTurn(events([...junk, added('b', '2'), ...junk, ...junk], { open: true }), open),
      ),
    );
    const found = reflected();
    await eventually(() => found.objects().includes('c'));
    expect(found.told.map(({ objects }) => objects)).toContainEqual(['a', 'b']);
    expect(lists()).toHaveLength(2);
  });
});

describe('a cluster that fails', () => {
  it('is asked again, more and more seldom, and its stale objects are kept', async () => {
    const times = [reset(), reset(), reset(), list('7', 'b')];
    server.on(path, listOrWatch(inTurn(list('1', 'a'), ...times), inTurn(reset(), reset(), open)));
    const found = reflected({}, { ...quick, least: 10, most: 1_000 });
    await eventually(() => found.objects().includes('b'));
    const failed = found.told.filter(({ state }) => state === 'failed');
    expect(failed[0]).toMatchObject({ objects: ['a'], failure: { code: 'cluster.unreachable' } });
    await eventually(() => found.state === 'watched');
    expect([found.objects(), found.failure]).toEqual([['b'], undefined]);
    const [, ...asked] = lists().map(({ at }) => at);
    const gaps = asked.map((at, index) => at - (asked[index - 1] ?? at)).slice(1);
    expect(gaps.map((gap, index) => gap >= 40 * 2 ** index - 2)).toEqual([true, true, true]);
  });

  it.each([
    [401, 'cluster.unauthorized'],
    [403, 'cluster.forbidden'],
    [404, 'cluster.not-found'],
  ])('with %i says so, and is asked again after a long time', async (code, expected) => {
    const allowed = listOrWatch(list('1', 'a'), open);
    let refused = true;
    server.on(path, (response, asked, nth) =>
      (refused ? status(code, 'Reason', 'no') : allowed)(response, asked, nth),
    );
    const found = reflected({}, { ...quick, slow: 300 });
    await found.listed;
    expect(found.failure).toMatchObject({ code: expected });
    refused = false;
    await eventually(() => found.state === 'watched');
    expect(found.objects()).toEqual(['a']);
    const [before, after] = lists().slice(-2);
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThanOrEqual(298);
  });

  it('and lets objects be listed, but not watched, is failed with the objects there are', async () => {
    server.on(path, listOrWatch(list('1', 'a'), status(403, 'Forbidden', 'no')));
    const found = reflected();
    await eventually(() => found.state === 'failed');
    expect(found.objects()).toEqual(['a']);
    expect(found.failure).toMatchObject({ details: { what: 'watch pods' } });
    for (let i = 0; i < 40; i++) {
      expect(found.state).toBe('failed');
      await pause(5);
    }
  });

  const hot: readonly [string, Answer][] = [
    ['ends each watch at once', listOrWatch(list('1', 'a'), events([]))],
    ['sends an event and ends each watch', listOrWatch(list('1', 'a'), events([added('b', '2')]))],
    ['forgets at once', listOrWatch(list('1', 'a'), status(410, 'Expired', ''))],
    ['sends junk', listOrWatch(list('1', 'a'), events(Array(50).fill('{')))],
    ['fails at once', reset()],
    ['cuts each watch', listOrWatch(list('1', 'a'), reset())],
    ['sends no list', json([])],
  ];
  it.each(hot)('and %s is not asked all the time', async (_name, answer) => {
    server.on(path, answer);
    const began = performance.now();
    reflected({}, { ...quick, least: 50, most: 50 });
    await pause(500);
    expect(server.count()).toBeGreaterThan(1);
    // A list and a watch every 50 ms at most, however long those 500 ms were.
    expect(server.count()).toBeLessThanOrEqual(2 * ((performance.now() - began) / 50) + 4);
  });

  it('and ends each watch at once is asked for the next one more and more seldom', async () => {
    // Its clock stands still: each watch ended at once, however busy the machine is.
    vi.spyOn(performance, 'now').mockReturnValue(0);
    server.on(path, listOrWatch(list('1', 'a'), events([])));
    reflected({}, { ...quick, least: 20, most: 10_000 });
    await eventually(() => watches().length > 5);
    const times = watches().map(({ at }) => at);
    const gaps = times.slice(1, 6).map((at, index) => at - (times[index] ?? at));
    expect(gaps.map((gap, index) => gap >= 20 * 2 ** index - 2)).toEqual(Array(5).fill(true));
  });

  it('is asked once a second at most, and once in four minutes where nothing is wrong', () => {
    expect(reflectTiming.least).toBe(1000);
    for (let i = 0; i < 50; i++) {
      expect(reflectTiming.watchSeconds()).toBeGreaterThanOrEqual(240);
      expect(reflectTiming.watchSeconds()).toBeLessThanOrEqual(360);
    }
  });
});

describe('ending', () => {
  it('of a watch leaves no listener behind', async () => {
    server.on(path, listOrWatch(list('1', 'a'), events([])));
    reflected();
    await eventually(() => watches().length >= 10);
    expect(getEventListeners(ending.signal, 'abort').length).toBeLessThanOrEqual(2);
  });

  it.each<[string, Answer]>([
    ['while it lists', () => {}],
    ['while it watches', listOrWatch(list('1', 'a'), open)],
    ['while it waits', reset()],
  ])('%s leaves nothing behind', async (_name, answer) => {
    server.on(path, answer);
    const found = reflected({}, { ...quick, least: 5_000, most: 5_000 });
    await eventually(() => server.count() > 0);
    await pause(40);
    const before = [server.count(), found.told.length];
    ending.abort();
    await found.listed;
    await pause(40);
    expect([server.count(), found.told.length]).toEqual(before);
    expect(getEventListeners(ending.signal, 'abort')).toEqual([]);
  });
});

describe('whatever a server answers', () => {
  it('is objects or a failure', async () => {
    let answer: unknown;
    let lines: readonly unknown[] = [];
    server.on(path, (response, asked, nth) => listOrWatch(json(answer), events(lines))(response, asked, nth));
    const client = impatientClient(server.access(), veryImpatient);
    const object = fc.oneof(
      fc.jsonValue(),
      fc.record({
        metadata: fc.record({ name: fc.jsonValue(), resourceVersion: fc.oneof(fc.string(), fc.jsonValue()) }),
      }),
    );
    const type = fc.constantFrom('ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR', 'x', 7, null);
    const event = fc.oneof(fc.jsonValue(), fc.record({ type, object }), fc.string());
    const lists = fc.record({
      kind: fc.constant('PodList'),
      metadata: fc.jsonValue(),
      items: fc.array(object),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(lists, fc.jsonValue()), fc.array(event), async (value, sent) => {
        answer = value;
        lines = sent;
        const controller = new AbortController();
        const found = reflect({
          client,
          resource: pods,
          query: {},
          read: nameOf,
          changed: () => {},
          signal: controller.signal,
          timing: quick,
        });
        await found.listed;
        await pause(8);
        controller.abort();
        if (found.state === 'failed') expect(found.failure).toBeInstanceOf(Failure);
        else expect(found.objects().every((name) => typeof name === 'string')).toBe(true);
      }),
      runs(60),
    );
    client.close();
  });
});
