import type { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { fileSizeLimit } from '../manifest/file-text.ts';
import type { Git } from './git.ts';

/**
 * The content of these objects, in order, from one git process. An object that is too large or not in this clone is a
 * failure of its own (`file.too-large`, `file.unreadable`). Throws `git.failed`.
 */
export async function* readBlobs(git: Git, objects: readonly string[]): AsyncGenerator<Result<Uint8Array>> {
  if (objects.length === 0) return;
  const child = git.start(['cat-file', '--batch', '--buffer']);
  try {
    // A git that ends early is noticed by what it does not answer.
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${objects.join('\n')}\n`);
    const answers = new ByteReader(child.stdout);
    for (const _ of objects) yield await readBlob(answers);
  } finally {
    child.stdout.destroy();
    child.kill();
  }
}

/** `OBJECT TYPE SIZE\nCONTENT\n`, or `OBJECT missing\n`. */
async function readBlob(answers: ByteReader): Promise<Result<Uint8Array>> {
  const [, type, size = ''] = (await answers.line()).split(' ');
  if (type !== 'blob')
    return failed(new Failure('file.unreadable', { reason: l10n.t('its content is not in this clone') }));
  const bytes = Number(size);
  if (bytes > fileSizeLimit) {
    await answers.skip(bytes + 1);
    return failed(new Failure('file.too-large', { bytes, limit: fileSizeLimit }));
  }
  return ok((await answers.take(bytes + 1)).subarray(0, bytes));
}

/** Bytes from a stream in the portions they are asked for. Throws `git.failed` where it ends too soon. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    let end = this.#rest.indexOf(0x0a);
    while (end === -1) {
      const next = await this.#next();
      this.#rest = this.#rest.length === 0 ? next : Buffer.concat([this.#rest, next]);
      end = this.#rest.indexOf(0x0a);
    }
    return this.#cut(end + 1).toString('latin1', 0, end);
  }

  async take(count: number): Promise<Buffer> {
    if (this.#rest.length >= count) return this.#cut(count);
    const parts = [this.#rest];
    for (let length = this.#rest.length; length < count; length += parts.at(-1)?.length ?? 0)
      parts.push(await this.#next());
    this.#rest = Buffer.concat(parts);
    return this.#cut(count);
  }

  async skip(count: number): Promise<void> {
    let left = count;
    while (left > this.#rest.length) {
      left -= this.#rest.length;
      this.#rest = await this.#next();
    }
    this.#cut(left);
  }

  #cut(count: number): Buffer {
    const portion = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return portion;
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new Failure('git.failed', { reason: l10n.t('it ended before it had answered') });
    return value;
  }
}
