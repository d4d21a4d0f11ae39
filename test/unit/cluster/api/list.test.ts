import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../../src/cluster/api/api.ts';
import { type ListQuery, listPages, type Page } from '../../../../src/cluster/api/list.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { runs } from '../../../support/arbitraries.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { endlessContinue, inTurn, json, status } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';
import { ServedObjects } from '../../../support/served-objects.ts';

const secrets: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  verbs: ['list', 'watch'],
};
const path = '/api/v1/secrets';
const { signal } = new AbortController();

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

async function pages(query: ListQuery = {}): Promise<Page[]> {
  const found: Page[] = [];
  for await (const page of listPages(impatientClient(server.access()), secrets, query, signal))
    found.push(page);
  return found;
}
const item = (name: string) => ({ metadata: { name } });
const list = (items: unknown, metadata: object = { resourceVersion: '7' }) =>
  json({ kind: 'SecretList', metadata, items });

describe('a list', () => {
  it('is read page by page, as of one moment', async () => {
    server.on(path, new ServedObjects(5, (index) => item(`s-${index}`)).answer);
    const found = await pages({ limit: 2 });
    expect(found.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(found.flatMap(({ items }) => items)).toEqual([0, 1, 2, 3, 4].map((index) => item(`s-${index}`)));
    expect(found.every(({ truncated, restarted }) => !truncated && !restarted)).toBe(true);
  });

  it('is of what was selected', async () => {
    server.on('/api/v1/namespaces/app/secrets', list([]));
    await pages({ namespace: 'app', labelSelector: 'a=b', fieldSelector: 'type=Opaque' });
    expect(Object.fromEntries(server.asked[0]?.query ?? [])).toEqual({
      labelSelector: 'a=b',
      fieldSelector: 'type=Opaque',
      limit: '500',
    });
  });

  it('may be written as null where it is empty', async () => {
    server.on(path, list(null));
    expect(await pages()).toMatchObject([{ items: [], truncated: false }]);
  });

  it('begins anew, once, where the server forgets it', async () => {
    const gone = status(410, 'Expired', 'The provided continue parameter is too old');
    const first = list([item('a')], { resourceVersion: '1', continue: 'x' });
    server.on(
      path,
      inTurn(first, gone, list([item('b')], { resourceVersion: '2', continue: 'y' }), list([item('c')])),
    );
    expect(await pages()).toMatchObject([
      { items: [item('a')], restarted: false },
      { items: [item('b')], restarted: true, resourceVersion: '2' },
      { items: [item('c')], restarted: false },
    ]);
    server.on(path, inTurn(first, gone, first, gone, list([])));
    expect(await rejection(pages())).toMatchObject({ code: 'cluster.bad-answer' });
  });

  it.each([
    ['of objects', [item('a'), item('b')]],
    ['of nothing', []],
  ])('that never ends ends, with pages %s', async (_name, items) => {
    server.on(path, endlessContinue(items));
    const found = await pages({ most: 100, limit: 10 });
    expect(found.at(-1)?.truncated).toBe(true);
    expect(server.count()).toBeLessThanOrEqual(20);
  });

  it('is cut where the server gives more than was asked for', async () => {
    server.on(path, list([1, 2, 3, 4, 5].map((index) => item(String(index)))));
    expect(await pages({ most: 3 })).toMatchObject([{ items: { length: 3 }, truncated: true }]);
  });

  it.each([
    ['an object', {}],
    ['an array', [[]]],
    ['a list that is text', { kind: 'SecretList', items: 'a' }],
    ['a place to go on that is too long', { items: [], metadata: { continue: 'x'.repeat(10_000) } }],
  ])('is not %s', async (_name, answer) => {
    server.on(path, json(answer));
    expect(await rejection(pages())).toMatchObject({ code: 'cluster.bad-answer' });
  });
});

describe('a list of metadata', () => {
  const lying = {
    metadata: {
      name: 'a',
      labels: { b: 'c' },
      managedFields: [{ fieldsV1: 'canary' }],
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"canary"}}',
        other: 'kept',
      },
    },
    data: { password: 'canary' },
    stringData: { password: 'canary' },
  };

  it('asks for nothing else, and holds nothing else whatever the server sends', async () => {
    server.on(path, list([lying, 'canary', null]));
    const found = await pages({ metadataOnly: true });
    expect(server.asked[0]?.headers.accept).toBe(
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    );
    expect(found[0]?.items).toEqual([
      { metadata: { name: 'a', labels: { b: 'c' }, annotations: { other: 'kept' } } },
      { metadata: {} },
      { metadata: {} },
    ]);
  });

  it('of 50,000 Secrets is 100 requests', async () => {
    const served = new ServedObjects(50_000, (index) => ({ ...item(`s-${index}`), data: { a: 'canary' } }));
    server.on(path, served.answer);
    let count = 0;
    const client = impatientClient(server.access());
    for await (const page of listPages(client, secrets, { metadataOnly: true, most: 60_000 }, signal)) {
      count += page.items.length;
      expect(JSON.stringify(page.items)).not.toContain('canary');
    }
    expect([count, server.count()]).toEqual([50_000, 100]);
  });
});

describe('whatever a server answers', () => {
  it('a list ends, or fails as such', async () => {
    let answer: unknown;
    server.on(path, (response, asked, nth) => json(answer)(response, asked, nth));
    const client = impatientClient(server.access());
    const metadata = fc.record(
      {
        resourceVersion: fc.jsonValue(),
        continue: fc.oneof(fc.string(), fc.jsonValue()),
        remainingItemCount: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const lists = fc.record({
      kind: fc.jsonValue(),
      metadata: fc.oneof(metadata, fc.jsonValue()),
      items: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), lists), fc.boolean(), async (value, metadataOnly) => {
        answer = value;
        try {
          for await (const page of listPages(client, secrets, { metadataOnly, most: 20, limit: 10 }, signal))
            expect(page.items.length).toBeLessThanOrEqual(20);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      runs(200),
    );
    client.close();
  });
});
