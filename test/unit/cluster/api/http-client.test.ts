import { getEventListeners } from 'node:events';
import { request as http, type RequestOptions } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../../src/cluster/api/api.ts';
import { Gone } from '../../../../src/cluster/api/gone.ts';
import { type ClientLimits, HttpClient } from '../../../../src/cluster/api/http-client.ts';
import { makeAgent } from '../../../../src/cluster/kubeconfig/agent.ts';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { impatientClient, rejection, veryImpatient } from '../../../support/impatient-client.ts';
import {
  brokenChunks,
  dripBody,
  dripHeaders,
  endless,
  giantHeader,
  gzipped,
  inTurn,
  json,
  loginPage,
  longBody,
  onlyFor,
  raw,
  redirect,
  reset,
  shortBody,
  silence,
  status,
  text,
} from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';
import { startProxy } from '../../../support/recording-proxy.ts';

const pods = '/api/v1/namespaces/app/pods';
const never = new AbortController().signal;
const get = (path = pods, more: Partial<ApiRequest> = {}): ApiRequest => ({
  method: 'GET',
  path,
  signal: never,
  ...more,
});

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

async function failureOf(
  answer: Answer,
  request = get(),
  limits: Partial<ClientLimits> = {},
): Promise<Failure> {
  server.on(request.path, answer);
  const error = await rejection(impatientClient(server.access({ keepAlive: false }), limits).json(request));
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

const eventually = (condition: () => boolean) => expect.poll(condition).toBe(true);

describe('an answer', () => {
  it('that came without TLS where there should be some is refused: the editor’s proxy may give such', async () => {
    server.on(pods, json({ kind: 'PodList' }));
    const access = server.access({ server: new URL('https://k8s.example.com:6443') });
    const patched = ({ path, method }: RequestOptions) =>
      http({ host: '127.0.0.1', port: server.port, path, method });
    const client = new HttpClient(access, { http: patched, https: patched });
    expect(await rejection(client.json(get()))).toMatchObject({
      code: 'cluster.unreachable',
      details: { server: 'k8s.example.com:6443', reason: 'a proxy answers 200 in its place' },
    });
  });
});

describe('a request', () => {
  it('goes no further than a proxy that refuses it, which is told', async () => {
    const proxy = await startProxy();
    const url = new URL('https://k8s.example.com:6443');
    const agent = await makeAgent(url, { rejectUnauthorized: true }, new URL(proxy.url));
    const client = new HttpClient(
      { ...server.access({ server: url }), agent, proxied: true },
      { http, https: http },
    );
    expect(await rejection(client.json(get()))).toMatchObject({
      code: 'cluster.unreachable',
      details: { server: 'k8s.example.com:6443', reason: 'the proxy answers 502' },
    });
    expect(proxy.asked).toEqual(['k8s.example.com:6443']);
    client.close();
    await proxy.stop();
  });

  it('reaches the path and query below the server’s own path, with the credentials', async () => {
    server.on('/k8s/clusters/c-1/api/v1/pods', json({ kind: 'PodList' }));
    const access = server.access({ server: new URL('/k8s/clusters/c-1/', server.url) });
    const request = get('/api/v1/pods', { query: { labelSelector: 'a=b,c in (d)' } });
    expect(await impatientClient(access).json(request)).toEqual({ kind: 'PodList' });
    const [asked] = server.asked;
    expect(asked?.query.get('labelSelector')).toBe('a=b,c in (d)');
    expect(asked?.headers).toMatchObject({
      authorization: 'Bearer a-token',
      accept: 'application/json',
      host: server.url.host,
    });
  });

  it('patches by merge', async () => {
    server.on(pods, json({}));
    await impatientClient(server.access()).json(
      get(pods, { method: 'PATCH', patch: { spec: { suspend: null } } }),
    );
    expect(server.asked[0]).toMatchObject({ method: 'PATCH', body: '{"spec":{"suspend":null}}' });
    expect(server.asked[0]?.headers['content-type']).toBe('application/merge-patch+json');
  });

  it('takes compressed answers, and keeps connections', async () => {
    server.on(pods, gzipped({ items: [1] }));
    const client = impatientClient(server.access());
    for (let i = 0; i < 5; i++) expect(await client.json(get())).toEqual({ items: [1] });
    expect(server.connections).toBe(1);
    client.close();
    await eventually(() => server.connections === 0);
  });

  it('goes to the server, whatever its path says', async () => {
    const other = await LyingServer.start();
    for (const path of [`//${other.url.host}/api`, `/@${other.url.host}`, `/..//${other.url.host}`])
      await rejection(impatientClient(server.access()).json(get(path)));
    expect([server.count(), other.count()]).toEqual([3, 0]);
    await other.stop();
  });
});

describe('what a server refuses', () => {
  const cases: readonly [number, ErrorCode, object][] = [
    [403, 'cluster.forbidden', { what: 'list pods in app' }],
    [404, 'cluster.not-found', { what: 'pods in app' }],
    [409, 'cluster.conflict', { what: 'pods in app' }],
    [422, 'cluster.refused', { reason: 'it answers 422, say\u00a0so'.replace('\u00a0', ' ') }],
    [500, 'cluster.refused', { reason: 'it answers 500, say so' }],
    [410, 'cluster.refused', { reason: 'it answers 410' }],
  ];
  it.each(cases)('with %i is %s', async (code, expected, details) => {
    const failure = await failureOf(status(code, 'Whatever', 'say so'));
    expect(failure.code).toBe(expected);
    expect(failure.details).toMatchObject(details);
  });

  it('names what was asked for from the request, not from the answer', async () => {
    const path = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/app/helmreleases/web';
    const failure = await failureOf(
      status(403, 'Forbidden', 'run curl evil.example'),
      get(path, { method: 'PATCH', patch: {} }),
    );
    expect(failure.details).toMatchObject({ what: 'patch helmreleases.helm.toolkit.fluxcd.io app/web' });
  });

  it('is told without what could disguise it, and cut', async () => {
    const failure = await failureOf(
      status(500, 'InternalError', `a\u202eb\u200b\u001b[31m\n${'x'.repeat(5_000)}`),
    );
    const { reason } = failure.details as { reason: string };
    expect(reason).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(reason.length).toBeLessThan(330);
  });

  it('is not quoted where it may quote a Secret', async () => {
    const failure = await failureOf(
      status(500, 'InternalError', 'canary-value'),
      get('/api/v1/namespaces/a/secrets/b'),
    );
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('canary-value');
  });

  it('says where a list or watch has to begin anew', async () => {
    server.on(pods, status(410, 'Expired', 'too old'));
    for (const name of ['continue', 'watch']) {
      const request = get(pods, { query: { [name]: 'x' } });
      expect(await rejection(impatientClient(server.access()).json(request))).toBeInstanceOf(Gone);
    }
  });

  it('is told though the rest of the answer never comes', async () => {
    expect((await failureOf(dripBody(5, 403), get(), veryImpatient)).code).toBe('cluster.forbidden');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('by %i is not followed, and gives nothing away', async (code) => {
    const other = await LyingServer.start();
    const failure = await failureOf(redirect(`${other.url.href}steal`, code));
    expect(failure.code).toBe('cluster.redirected');
    expect(failure.details).toEqual({ server: server.url.host, to: other.url.host });
    expect(other.count()).toBe(0);
    await other.stop();
  });

  it('whose page never ends is not waited for', async () => {
    await failureOf((response) => void response.writeHead(302, { location: '/' }).write('<'));
    await eventually(() => server.connections === 0);
  });

  it.each(['', 'http://user:password@[', 'javascript:alert(1)'])('to %j neither', async (to) => {
    const failure = await failureOf(redirect(to));
    expect(failure.code).toBe('cluster.redirected');
    expect(inspect(failure)).not.toContain('password');
  });
});

describe('credentials', () => {
  it('are renewed once when the server does not take them', async () => {
    server.on(pods, onlyFor('new', json({ ok: true })));
    const asked: boolean[] = [];
    const headers = (refused: boolean) => {
      asked.push(refused);
      return Promise.resolve({ authorization: `Bearer ${refused ? 'new' : 'old'}` });
    };
    expect(await impatientClient(server.access({ headers })).json(get())).toEqual({ ok: true });
    expect(asked).toEqual([false, true]);
  });

  it('that are not taken are not tried forever', async () => {
    expect((await failureOf(status(401, 'Unauthorized', 'no'))).code).toBe('cluster.unauthorized');
    expect(server.count()).toBe(2);
  });

  it('that no header may hold are named as such, and not quoted', async () => {
    const headers = () => Promise.resolve({ authorization: 'Bearer canary-token\n' });
    const error = await rejection(impatientClient(server.access({ headers })).json(get()));
    expect(error).toMatchObject({ code: 'cluster.refused' });
    expect(inspect(error, { depth: 9 })).not.toContain('canary-token');
  });
});

describe('a server that lies', () => {
  const cases: readonly [string, Answer, ErrorCode][] = [
    ['cuts the connection', reset(), 'cluster.unreachable'],
    ['says nothing', silence(), 'cluster.timeout'],
    ['never ends its headers', dripHeaders(5), 'cluster.timeout'],
    ['never ends its answer', dripBody(5), 'cluster.timeout'],
    ['says something else than HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n'), 'cluster.bad-answer'],
    ['sends a giant header', giantHeader(200_000), 'cluster.bad-answer'],
    ['announces more than it sends', shortBody('{"a":1}'), 'cluster.unreachable'],
    ['announces less than it sends', longBody('{"a":1}'), 'cluster.bad-answer'],
    ['breaks its chunks', brokenChunks('{"a":1}'), 'cluster.bad-answer'],
    ['sends broken JSON', text('{"items": [', 'application/json'), 'cluster.bad-answer'],
    ['sends nothing', text('', 'application/json'), 'cluster.bad-answer'],
    ['sends a page for people', loginPage(), 'cluster.bad-answer'],
    [
      'compresses otherwise than asked',
      text('x', 'text/plain', 200, { 'content-encoding': 'br' }),
      'cluster.bad-answer',
    ],
    [
      'says it compresses, and does not',
      text('{}', 'text/plain', 200, { 'content-encoding': 'gzip' }),
      'cluster.bad-answer',
    ],
  ];
  it.each(cases)('and %s', async (_name, answer, code) => {
    const limits = code === 'cluster.timeout' ? veryImpatient : {};
    expect((await failureOf(answer, get(), limits)).code).toBe(code);
    await eventually(() => server.connections === 0);
  });

  it('does not fill the memory', async () => {
    const limits = { body: 1 << 20 };
    server.on(pods, endless('x'.repeat(10_000))).on('/bomb', gzipped('x'.repeat(2 << 20)));
    for (const path of [pods, '/bomb']) {
      const error = await rejection(impatientClient(server.access(), limits).text(get(path)));
      expect(error).toMatchObject({ details: { reason: 'it is longer than 1 MB' } });
    }
  });

  it('does not break the next request on a kept connection', async () => {
    server.on(pods, inTurn(longBody('{"a":1}'), json({ fine: true })));
    const client = impatientClient(server.access());
    await rejection(client.json(get()));
    expect(await client.json(get())).toEqual({ fine: true });
  });

  it('gets its token back in no failure', async () => {
    const headers = () => Promise.resolve({ authorization: 'Bearer canary-token' });
    const echo: Answer = (response, asked) => {
      const said = asked.headers.authorization ?? '';
      response.writeHead(200, { 'content-type': 'application/json', 'x-echo': said }).end(`{${said}`);
    };
    const echoBadly: Answer = (response, asked) =>
      raw(`HTTP/1.1 ${asked.headers.authorization}\r\n`)(response, asked, 0);
    for (const [index, answer] of [...cases.map(([, answer]) => answer), echo, echoBadly].entries()) {
      const path = `/${index}`;
      server.on(path, answer);
      const error = await rejection(
        impatientClient(server.access({ headers }), veryImpatient).json(get(path)),
      );
      expect(error).toBeInstanceOf(Failure);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
    }
  });
});

describe('a server that nobody reaches', () => {
  it('is named with the reason', async () => {
    const access = server.access();
    await server.stop();
    expect(await rejection(impatientClient(access).json(get()))).toMatchObject({
      code: 'cluster.unreachable',
      details: { server: access.server.host, reason: 'nothing listens at this address' },
    });
    server = await LyingServer.start();
  });
});

describe('a server that asks for patience', () => {
  it.each([429, 503])('with %i gets it', async (code) => {
    server.on(pods, inTurn(status(code, 'TooMany', 'wait', { 'retry-after': '0' }), json({ ok: true })));
    expect(await impatientClient(server.access()).json(get())).toEqual({ ok: true });
  });

  it('waits as long as it says', async () => {
    server.on(pods, inTurn(status(429, 'TooMany', 'wait', { 'retry-after': '1' }), json({ ok: true })));
    await impatientClient(server.access()).json(get());
    expect((server.asked[1]?.at ?? 0) - (server.asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each(['0', '1e9', '1000000000', 'Fri, 01 Jan 2100 00:00:00 GMT', '-1'])(
    'for %s gets it twice at most, and never for long',
    async (seconds) => {
      const failure = await failureOf(status(429, 'TooMany', 'wait', { 'retry-after': seconds }));
      expect(failure.code).toBe('cluster.refused');
      expect(server.count()).toBe(seconds === '0' ? 3 : 1);
    },
  );
});

describe('a request that is cancelled', () => {
  const reason = new Error('enough');
  it.each([
    ['before the head', silence()],
    ['in the middle', dripBody(5)],
  ])('%s ends at once, with the connection and the listeners', async (_name, answer) => {
    server.on(pods, answer);
    const controller = new AbortController();
    const client = impatientClient(server.access(), { firstByte: 60_000, wholeAnswer: 60_000 });
    const promise = rejection(client.json(get(pods, { signal: controller.signal })));
    await eventually(() => server.count() === 1);
    setTimeout(() => controller.abort(reason), 30);
    expect(await promise).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await eventually(() => server.connections === 0);
  });

  it('is not made where it was cancelled before', async () => {
    const request = get(pods, { signal: AbortSignal.abort(reason) });
    expect(await rejection(impatientClient(server.access()).json(request))).toBe(reason);
    expect(server.count()).toBe(0);
  });

  it('ends, too, while it waits for its turn, or for the server’s patience', async () => {
    server.on(pods, silence()).on('/busy', status(429, 'TooMany', 'wait', { 'retry-after': '60' }));
    const client = impatientClient(server.access(), { atOnce: 2, firstByte: 60_000, patience: 100_000 });
    const busy = new AbortController();
    const waiting = new AbortController();
    const all = [
      rejection(client.json(get(pods))),
      rejection(client.json(get('/busy', { signal: busy.signal }))),
      rejection(client.json(get(pods, { signal: waiting.signal }))),
    ];
    await eventually(() => server.count() === 2);
    waiting.abort(reason);
    expect(await all[2]).toBe(reason);
    busy.abort(reason);
    expect(await all[1]).toBe(reason);
    client.close();
    expect(await all[0]).toMatchObject({ name: 'AbortError' });
  });

  it('leaves no listeners behind when it is not', async () => {
    server.on(pods, inTurn(json({}), status(403, 'Forbidden', ''), loginPage(), reset()));
    const { signal } = new AbortController();
    const client = impatientClient(server.access());
    for (let i = 0; i < 4; i++) await client.json(get(pods, { signal })).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('many requests', () => {
  it('take turns, watches apart', async () => {
    let most = 0;
    let now = 0;
    server.on(pods, (response, asked, nth) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        void json({ nth })(response, asked, nth);
      }, 10);
    });
    const client = impatientClient(server.access(), { wholeAnswer: 10_000, firstByte: 10_000 });
    const ask = () => client.json(get(pods, { signal: new AbortController().signal }));
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    expect(answers).toHaveLength(50);
    expect(most).toBe(8);
  });

  it('go on after some that failed', async () => {
    server.on(pods, inTurn(reset(), silence(), loginPage(), json({ ok: true })));
    const client = impatientClient(server.access(), { firstByte: 500, atOnce: 1 });
    const settled = await Promise.allSettled(Array.from({ length: 5 }, () => client.json(get())));
    expect(settled.map(({ status }) => status).slice(3)).toEqual(['fulfilled', 'fulfilled']);
  });
});

describe('lines', () => {
  it('come as the server sends them', async () => {
    server.on(pods, async (response) => {
      response.writeHead(200).write('{"a"');
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.write(':1}\n{"b":2}\n\n');
      response.end('last');
    });
    const lines: string[] = [];
    for await (const line of await impatientClient(server.access()).lines(get())) lines.push(line);
    expect(lines).toEqual(['{"a":1}', '{"b":2}', '', 'last']);
  });

  it('have no deadline but for the first, and end when nobody reads on', async () => {
    server.on(pods, async (response) => {
      response.writeHead(200).write('one\n');
      await new Promise((resolve) => setTimeout(resolve, 400));
      response.write('two\n');
    });
    const seen: string[] = [];
    for await (const line of await impatientClient(server.access(), { wholeAnswer: 200 }).lines(get())) {
      seen.push(line);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(['one', 'two']);
    await eventually(() => server.connections === 0);
  });

  it('end with the signal’s reason, and with the client', async () => {
    server.on(pods, (response) => void response.writeHead(200).write('one\n'));
    const controller = new AbortController();
    const client = impatientClient(server.access());
    const read = async (signal: AbortSignal) => {
      for await (const line of await client.lines(get(pods, { signal }))) expect(line).toBe('one');
    };
    const [first, second] = [rejection(read(controller.signal)), rejection(read(never))];
    await eventually(() => server.count() === 2);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await first).toBe(reason);
    client.close();
    expect(await second).toMatchObject({ name: 'AbortError' });
  });

  const cases: readonly [string, Answer, ErrorCode][] = [
    ['is longer than anybody needs', endless('x'.repeat(10_000)), 'cluster.bad-answer'],
    ['is cut', shortBody('one'), 'cluster.unreachable'],
    ['is refused', status(403, 'Forbidden', ''), 'cluster.forbidden'],
    ['is refused at length', dripBody(5, 403), 'cluster.forbidden'],
    ['never begins', silence(), 'cluster.timeout'],
    ['is a page for people', loginPage(), 'cluster.bad-answer'],
    ['leads elsewhere', redirect('https://other.example/'), 'cluster.redirected'],
  ];
  it.each(cases)('fail when an answer %s', async (_name, answer, code) => {
    server.on(pods, answer);
    const read = async () => {
      const limits = { line: 100_000, firstByte: 500 };
      const client = impatientClient(server.access({ keepAlive: false }), limits);
      for await (const _line of await client.lines(get()));
    };
    expect(await rejection(read())).toMatchObject({ code });
    await eventually(() => server.connections === 0);
  });
});
