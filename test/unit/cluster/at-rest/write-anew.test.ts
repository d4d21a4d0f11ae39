import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReEncryptionProgress } from '../../../../src/app/clusters/cluster-encryption.ts';
import type { ApiResource } from '../../../../src/cluster/api/api.ts';
import { writeAnew } from '../../../../src/cluster/at-rest/write-anew.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { dripBody, json, reset, status } from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';
import { ServedObjects } from '../../../support/served-objects.ts';

const secrets: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  verbs: [],
};
const one = /^\/api\/v1\/namespaces\/apps\/secrets\/[^/]+$/;
const canary = Buffer.from('velvet-anchor-1987').toString('base64');

let server: LyingServer;
let told: ReEncryptionProgress[];
beforeEach(async () => {
  told = [];
  server = await LyingServer.start();
});
afterEach(() => server.stop());

function serve(count: number, answer: Answer = json({ kind: 'PartialObjectMetadata' })): void {
  const object = (index: number) => ({
    metadata: { name: `s-${index}`, namespace: 'apps', resourceVersion: String(100 + index) },
    data: { password: canary },
  });
  server.on('/api/v1/secrets', new ServedObjects(count, object).answer).on(one, answer);
}
const write = (signal = new AbortController().signal) =>
  writeAnew(impatientClient(server.access()), secrets, (now) => void told.push(now), signal);
const patches = () => server.asked.filter(({ method }) => method === 'PATCH');

describe('writing every object anew', () => {
  it('reaches each once, through all pages, and counts', async () => {
    serve(1_200);
    expect(await write()).toEqual({ way: 'replace', written: 1_200, gone: 0, failed: [] });
    expect(new Set(patches().map(({ path }) => path)).size).toBe(1_200);
    expect([told[0], told.at(-1)]).toEqual([
      { done: 0, all: 1_200 },
      { done: 1_200, all: 1_200 },
    ]);
  });

  it('fetches nothing of what is in them, and changes nothing of it', async () => {
    serve(2);
    await write();
    const list = server.asked.find(({ path }) => path === '/api/v1/secrets');
    expect(list?.headers.accept).toContain('PartialObjectMetadataList');
    for (const { headers, body } of patches()) {
      expect(headers.accept).toContain('as=PartialObjectMetadata;');
      expect(Object.keys(JSON.parse(body))).toEqual(['metadata']);
      expect(Object.keys(JSON.parse(body).metadata)).toEqual(['resourceVersion']);
    }
  });

  it('counts what somebody else wrote or deleted meanwhile, and lists what failed by name and reason', async () => {
    const codes = [409, 404, 422, 500];
    serve(5, (response, asked, nth) => {
      const code = codes[Number(asked.path.split('-').at(-1))];
      const changed = json({ metadata: { name: 's-0', resourceVersion: '900' } });
      const refused = status(code ?? 0, 'Some', `denied: ${canary}`);
      const answer = asked.method === 'GET' ? changed : code === undefined ? json({}) : refused;
      return answer(response, asked, nth);
    });
    const done = await write();
    expect(done).toMatchObject({ written: 2, gone: 1 });
    expect(done.failed.map(({ name }) => name).sort()).toEqual(['apps/s-2', 'apps/s-3']);
    expect(done.failed[0]?.reason).toContain('refused by');
    expect(JSON.stringify(done)).not.toContain(canary);
  });

  it('takes a conflict for written only where the object is another one now', async () => {
    serve(2, (response, asked, nth) => {
      const index = Number(asked.path.split('-').at(-1));
      const resourceVersion = index === 0 ? '900' : String(100 + index);
      const now = json({ metadata: { name: `s-${index}`, resourceVersion } });
      return (asked.method === 'GET' ? now : status(409, 'Conflict', 'a webhook says so'))(
        response,
        asked,
        nth,
      );
    });
    const done = await write();
    expect(done).toMatchObject({ written: 1, gone: 0 });
    expect(done.failed.map(({ name }) => name)).toEqual(['apps/s-1']);
    const asked = server.asked.filter(({ method, path }) => method === 'GET' && one.test(path));
    expect(asked.map(({ headers }) => headers.accept)).toEqual([
      expect.stringContaining('as=PartialObjectMetadata;'),
      expect.stringContaining('as=PartialObjectMetadata;'),
    ]);
  });

  it('asks for a few at a time', async () => {
    let [now, most] = [0, 0];
    serve(40, async (response, asked, nth) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      await json({})(response, asked, nth);
    });
    await write();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('ends at the first where none may be written', async () => {
    serve(500, status(403, 'Forbidden', 'no'));
    expect(Failure.is(await rejection(write()), 'cluster.forbidden')).toBe(true);
    expect(patches().length).toBeLessThan(10);
  });

  it('ends where the connection is lost', async () => {
    serve(500, reset());
    expect(Failure.is(await rejection(write()), 'cluster.unreachable')).toBe(true);
    expect(patches().length).toBeLessThan(20);
  });

  it('stops when it is cancelled; what is done stays done', async () => {
    serve(50, (response, asked, nth) => (nth < 10 ? json({}) : dripBody(20))(response, asked, nth));
    const controller = new AbortController();
    const stopped = rejection(write(controller.signal));
    setTimeout(() => controller.abort(), 150);
    expect(((await stopped) as Error).name).toBe('AbortError');
    expect(told.at(-1)?.done).toBe(10);
  });

  it('says so where there is none', async () => {
    serve(0);
    expect(await write()).toMatchObject({ written: 0, failed: [] });
  });
});
