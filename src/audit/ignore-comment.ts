import type { Span } from '../core/span.ts';
import type { TextChange } from '../manifest/text-change.ts';

/** A comment that silences a rule on its own line and the one below it. */
interface IgnoreComment {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

const comment = /(?:^|\s)#[^\S\r\n]*purser:ignore[^\S\r\n]+(\S+)[^\S\r\n]+\S/gm;

const word = 'purser:ignore';

/**
 * The comments `# purser:ignore <rule> <reason>` of a text, read once and only when there is something to silence: a
 * line may hold thousands of values, and most texts none.
 */
export class IgnoreComments {
  readonly #text: string;
  /** The only part of the text that may hold the word. */
  readonly #where: Span;
  #read: readonly IgnoreComment[] | undefined;
  #isWithoutWord = false;

  constructor(text: string, where: Span = { start: 0, end: text.length }) {
    this.#text = text;
    this.#where = where;
  }

  /** Those of a later version of the text: where the word was not, only what changed can bring it. */
  after({ start, newEnd }: TextChange, text: string): IgnoreComments {
    if (!this.#isWithoutWord) return new IgnoreComments(text);
    return new IgnoreComments(text, { start: Math.max(0, start - word.length), end: newEnd + word.length });
  }

  /** Whether a finding of this rule is silenced that stands at this offset. */
  silence(offset: number, rule: string): boolean {
    const comments = (this.#read ??= this.#readAll());
    for (let at = lastBefore(comments, offset); at >= 0; at--) {
      const one = comments[at];
      if (one === undefined || one.end < offset) return false;
      if (one.rule === rule) return true;
    }
    return false;
  }

  #readAll(): readonly IgnoreComment[] {
    this.#isWithoutWord = !this.#text.slice(this.#where.start, this.#where.end).includes(word);
    return this.#isWithoutWord ? [] : [...commentsIn(this.#text)];
  }
}

/** The index of the last comment that begins before this offset, or on its line. */
function lastBefore(comments: readonly IgnoreComment[], offset: number): number {
  let low = -1;
  let high = comments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((comments[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function* commentsIn(text: string): Iterable<IgnoreComment> {
  for (const match of text.matchAll(comment)) {
    const hash = text.indexOf('#', match.index);
    const lineStop = endOfLine(text, hash);
    yield {
      rule: match[1] ?? '',
      start: text.lastIndexOf('\n', hash) + 1,
      end: lineStop === text.length ? lineStop : endOfLine(text, lineStop + 1),
    };
  }
}

function endOfLine(text: string, at: number): number {
  const stop = text.indexOf('\n', at);
  return stop === -1 ? text.length : stop;
}
