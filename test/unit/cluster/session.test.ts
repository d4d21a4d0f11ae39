import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import type { ApiSession } from '../../../src/cluster/session.ts';
import type { ErrorCode, Failure } from '../../../src/core/errors.ts';
import { rejection, veryImpatient } from '../../support/impatient-client.ts';
import {
  brokenChunks,
  dripBody,
  dripHeaders,
  endless,
  endlessContinue,
  giantHeader,
  json,
  loginPage,
  longBody,
  notFound,
  raw,
  redirect,
  reset,
  shortBody,
  silence,
  status,
  text,
} from '../../support/lying-answers.ts';
import { LyingCluster, named, pathOf } from '../../support/lying-cluster.ts';
import { type Answer, LyingServer } from '../../support/lying-server.ts';

let cluster: LyingCluster;
let session: ApiSession | undefined;
let elsewhere: LyingServer;
beforeEach(async () => {
  cluster = await LyingCluster.start();
  elsewhere = await LyingServer.start();
});
afterEach(async () => {
  session?.close();
  session = undefined;
  await cluster.server.stop();
  await elsewhere.stop();
});

const list = (kind: string) => session?.flux().find((each) => each.kind.kind === kind);
const names = (kind: string) => list(kind)?.objects.map(({ ref }) => ref.name);

type Behaviour = readonly [name: string, answer: () => Answer, code: ErrorCode];
const page = JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items: [] });
const behaviours: readonly Behaviour[] = [
  ['cuts the connection', reset, 'cluster.unreachable'],
  ['never answers', silence, 'cluster.timeout'],
  ['sends its headers drop by drop', () => dripHeaders(20), 'cluster.timeout'],
  ['sends its answer drop by drop', () => dripBody(20), 'cluster.timeout'],
  ['does not speak HTTP', () => raw('hello\r\n\r\n'), 'cluster.bad-answer'],
  ['ends too early', () => shortBody(page), 'cluster.unreachable'],
  ['says more than it announced', () => longBody(page), 'cluster.bad-answer'],
  ['breaks off between chunks', () => brokenChunks('{"items":'), 'cluster.bad-answer'],
  ['sends a giant header', () => giantHeader(200_000), 'cluster.bad-answer'],
  ['never stops', () => endless('x'.repeat(65_536)), 'cluster.bad-answer'],
  ['sends half a JSON', () => text('{"items": [', 'application/json'), 'cluster.bad-answer'],
  ['sends another JSON', () => json([1, 2]), 'cluster.bad-answer'],
  ['shows a page for signing in', loginPage, 'cluster.bad-answer'],
  ['points elsewhere', () => redirect(elsewhere.url.href), 'cluster.redirected'],
  ['does not know the token', () => status(401, 'Unauthorized', 'no'), 'cluster.unauthorized'],
  ['forbids it', () => status(403, 'Forbidden', 'no'), 'cluster.forbidden'],
  ['has too much to do', () => status(429, 'TooManyRequests', 'later'), 'cluster.refused'],
  ['fails itself', () => status(500, 'InternalError', 'etcd'), 'cluster.refused'],
];
const hasty = { ...veryImpatient, body: 1 << 20 };

describe('a kind of which the server', () => {
  it.each(behaviours)('%s fails alone', async (_name, answer, code) => {
    cluster.on('GitRepository', answer());
    cluster.serve('Kustomization', 2);
    session = await cluster.open(hasty);
    await session.listed();
    expect(names('Kustomization')).toEqual(['object-0', 'object-1']);
    expect(list('GitRepository')?.state).toBe('failed');
    const failure = list('GitRepository')?.failure;
    expect(failure).toMatchObject({ code });
    expect(sentenceOf(failure as Failure)).toMatch(/^[^\n]{20,300}$/);
    expect(elsewhere.count()).toBe(0);
  });

  it('promises one more page for ever ends', async () => {
    cluster.on('GitRepository', endlessContinue([named(0)]));
    session = await cluster.open();
    await session.listed();
    expect(names('GitRepository')).toEqual(['object-0']);
    expect(cluster.server.count(pathOf('GitRepository'))).toBeLessThan(100);
  });

  it('gives objects that are none shows the others', async () => {
    const items = [null, 7, {}, { metadata: { name: 8 } }, named(0), { metadata: { name: '' } }];
    cluster.on('GitRepository', json({ kind: 'List', metadata: { resourceVersion: '1' }, items }));
    session = await cluster.open();
    await session.listed();
    expect(names('GitRepository')).toEqual(['object-0']);
  });
});

describe('a server that, asked for its version,', () => {
  it.each(behaviours.filter(([, , code]) => code !== 'cluster.forbidden'))(
    '%s fails in a sentence, and no connection is left',
    async (_name, answer, code) => {
      cluster.server.on('/version', answer());
      const failure = await rejection(cluster.open(hasty));
      expect(failure).toMatchObject({ code });
      expect(sentenceOf(failure as Failure)).toMatch(/^[^\n]{20,300}$/);
      await expect.poll(() => cluster.server.connections).toBe(0);
      expect(elsewhere.count()).toBe(0);
    },
  );

  it.each([
    ['does not know it', notFound()],
    ['says something else', json({ name: 'some other service' })],
  ])('%s is no cluster', async (_name, answer) => {
    cluster.server.on('/version', answer);
    expect(await rejection(cluster.open())).toMatchObject({
      code: 'cluster.bad-answer',
      details: { reason: 'it is not the API of Kubernetes' },
    });
  });

  it('forbids it is a cluster without a version', async () => {
    cluster.server.on('/version', status(403, 'Forbidden', 'no'));
    session = await cluster.open();
    expect(session.version).toBe('');
  });

  it('says what could disguise something says it without that', async () => {
    cluster.server.on('/version', json({ gitVersion: 'v1.36.3\u202e\n<b>' }));
    session = await cluster.open();
    expect(session.version).toBe('v1.36.3b');
  });
});

describe('a server that, asked what it serves,', () => {
  it.each(behaviours)('%s says so for each kind, and is asked again', async (_name, answer, code) => {
    cluster.serve('Kustomization', 2);
    let broken = true;
    const discovery = answer();
    cluster.server.on(/^\/apis$/, (...asked) =>
      broken ? discovery(...asked) : json({ kind: 'APIGroupList', groups })(...asked),
    );
    const group = 'kustomize.toolkit.fluxcd.io';
    const groups = [{ name: group, versions: [{ groupVersion: `${group}/v1`, version: 'v1' }] }];
    const resources = [{ name: 'kustomizations', kind: 'Kustomization', namespaced: true, verbs: ['list'] }];
    cluster.server.on(`/apis/${group}/v1`, json({ kind: 'APIResourceList', resources }));
    session = await cluster.open(hasty);
    await session.listed();
    expect(list('Kustomization')).toMatchObject({ state: 'failed', failure: { code } });
    expect(new Set(session.flux().map(({ failure }) => failure)).size).toBe(1);
    broken = false;
    await expect.poll(() => list('Kustomization')?.state).toBe('watched');
    expect(names('Kustomization')).toHaveLength(2);
  });
});

describe('closing', () => {
  it('ends every connection and every timer', async () => {
    const before = timers();
    for (const kind of ['Kustomization', 'HelmRelease', 'GitRepository']) cluster.serve(kind, 3);
    session = await cluster.open();
    await session.listed();
    await expect.poll(() => cluster.server.connections).toBeGreaterThanOrEqual(3);
    session.close();
    await expect.poll(() => cluster.server.connections).toBe(0);
    await expect.poll(timers).toBeLessThanOrEqual(before);
  });

  it('ends what is still under way', async () => {
    cluster.on('Kustomization', silence());
    cluster.serve('GitRepository');
    session = await cluster.open();
    await expect.poll(() => cluster.server.count(pathOf('Kustomization'))).toBe(1);
    session.close();
    await session.listed();
    await expect.poll(() => cluster.server.connections).toBe(0);
  });

  it('ends the patience that the server asked for', async () => {
    const before = timers();
    cluster.server.on('/apis', status(429, 'TooManyRequests', 'later', { 'retry-after': '30' }));
    session = await cluster.open({ patience: 60_000 });
    await expect.poll(() => cluster.server.count('/apis')).toBe(1);
    await wait(50);
    session.close();
    await session.listed();
    await expect.poll(timers).toBeLessThanOrEqual(before);
  });

  it('ends the watches: nothing is asked and nobody is told any more', async () => {
    const served = cluster.serve('Kustomization', 1);
    session = await cluster.open();
    await session.listed();
    await expect.poll(() => served.watches).toBe(1);
    const told = vi.fn();
    session.onDidChange(told);
    served.push('ADDED', named(7));
    session.close();
    const asked = cluster.server.count();
    await wait(400);
    expect(told).not.toHaveBeenCalled();
    expect(cluster.server.count()).toBe(asked);
  });
});

/** How many timers keep this process going. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
