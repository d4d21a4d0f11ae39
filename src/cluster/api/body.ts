import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';

/** A whole body. Throws `cluster.bad-answer` where it is longer than allowed. */
export async function readWhole(
  chunks: AsyncIterable<Buffer>,
  most: number,
  server: string,
): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > most) throw bad(l10n.t('it is longer than {0}', sizeText(most)), server);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

const lineFeed = 0x0a;

/** The lines of a body as they come, without their ends. Throws `cluster.bad-answer` where one is longer than allowed. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  most: number,
  server: string,
): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      parts.push(chunk.subarray(from, end));
      yield Buffer.concat(parts).toString();
      parts = [];
      length = 0;
      from = end + 1;
    }
    length += chunk.length - from;
    if (length > most) throw bad(l10n.t('one line of it is longer than {0}', sizeText(most)), server);
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (length > 0) yield Buffer.concat(parts).toString();
}

function sizeText(bytes: number): string {
  return bytes >= 1 << 20 ? l10n.t('{0} MB', bytes >> 20) : l10n.t('{0} bytes', bytes);
}

function bad(reason: string, server: string): Failure {
  return new Failure('cluster.bad-answer', { server, reason });
}

/** Throws `cluster.bad-answer`; the parser's own error would quote the text. */
export function parseJson(text: string, server: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(l10n.t('it is not JSON'), server);
  }
}
