import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './lying-server.ts';

type Headers = Readonly<Record<string, string>>;

/** A line break, a terminal's colour, text that runs backwards, and what nobody sees. */
export const hostileName = 'a\n\u001b[31mb\u202ec\u2066d\u200be\u0000f';

/** JSON, as it should be. */
export function json(value: unknown, code = 200, headers: Headers = {}): Answer {
  return text(JSON.stringify(value), 'application/json', code, headers);
}

export function text(body: string, type: string, code = 200, headers: Headers = {}): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': type, ...headers }).end(body);
  };
}

export function gzipped(value: unknown): Answer {
  return (response) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(JSON.stringify(value)));
  };
}

/** A `Status` instead of an answer. */
export function status(code: number, reason: string, message: string, headers: Headers = {}): Answer {
  return json(statusObject(code, reason, message), code, headers);
}

export function statusObject(code: number, reason: string, message: string) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

export function notFound(): Answer {
  return status(404, 'NotFound', 'the server could not find the requested resource');
}

/** A page for people. */
export function loginPage(): Answer {
  return text('<!doctype html><form action="/login"><input name="password"></form>', 'text/html');
}

export function redirect(to: string, code = 302): Answer {
  return (response) => {
    response.writeHead(code, { location: to }).end();
  };
}

/** The first answer for the first request, and so on; the last one from then on. */
export function inTurn(...answers: readonly Answer[]): Answer {
  return (response, asked, nth) => answers[Math.min(nth, answers.length - 1)]?.(response, asked, nth);
}

/** 401 unless the bearer token is this one. */
export function onlyFor(token: string, answer: Answer): Answer {
  return (response, asked, nth) => {
    const known = asked.headers.authorization === `Bearer ${token}`;
    return (known ? answer : status(401, 'Unauthorized', 'Unauthorized'))(response, asked, nth);
  };
}

/** Takes the request and cuts the connection. */
export function reset(): Answer {
  return (response) => {
    response.socket?.resetAndDestroy();
  };
}

/** Takes the request and never says a word. */
export function silence(): Answer {
  return () => {};
}

/** A header every few milliseconds, and never the last. */
export function dripHeaders(milliseconds: number): Answer {
  return (response) => {
    const { socket } = response;
    socket?.write('HTTP/1.1 200 OK\r\n');
    drip(milliseconds, () => socket?.write('x-header: 1\r\n') !== undefined && !socket.destroyed);
  };
}

/** A byte of the body every few milliseconds, and never the last. */
export function dripBody(milliseconds: number, code = 200): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.write('{"items": [');
    drip(milliseconds, () => response.write(' ') && !response.destroyed);
  };
}

function drip(milliseconds: number, write: () => boolean): void {
  const timer = setInterval(() => {
    if (!write()) clearInterval(timer);
  }, milliseconds);
}

/** Bytes on the socket as they are, and then its end. */
export function raw(bytes: string): Answer {
  return (response) => {
    response.socket?.end(bytes);
  };
}

/** More is announced than comes. */
export function shortBody(body: string): Answer {
  return raw(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 10}\r\n\r\n${body}`,
  );
}

/** Less is announced than comes. */
export function longBody(body: string): Answer {
  return raw(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length - 2}\r\n\r\n${body}`,
  );
}

/** A chunk whose size is no number. */
export function brokenChunks(start: string): Answer {
  const size = Buffer.byteLength(start).toString(16);
  return raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size}\r\n${start}\r\nzz\r\n`);
}

export function giantHeader(bytes: number): Answer {
  return raw(`HTTP/1.1 200 OK\r\nx-giant: ${'x'.repeat(bytes)}\r\n\r\n{}`);
}

/** A body without a line's end, as long as somebody reads it. */
export function endless(piece: string): Answer {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    while (!response.destroyed) {
      response.write(piece);
      await drained(response);
    }
  };
}

/** Always the same page, and always one more. */
export function endlessContinue(items: readonly unknown[]): Answer {
  return (response, asked, nth) =>
    json({
      kind: 'List',
      metadata: { resourceVersion: '1', continue: `page-${nth}` },
      items,
    })(response, asked, nth);
}

/** The events of a watch, one a line, and then its end unless it stays open. */
export function events(lines: readonly unknown[], options: { readonly open?: boolean } = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const line of lines) response.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    if (options.open !== true) response.end();
  };
}

/** One answer for lists, another one for watches. */
export function listOrWatch(list: Answer, watch: Answer): Answer {
  const counts = { list: 0, watch: 0 };
  return (response, asked) =>
    asked.query.get('watch') === 'true'
      ? watch(response, asked, counts.watch++)
      : list(response, asked, counts.list++);
}

/** Until there is room for more, or nobody left who reads. */
export async function drained(response: ServerResponse): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (response.writableNeedDrain && !response.destroyed);
}
