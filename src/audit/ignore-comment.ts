import type { Span } from '../core/span.ts';
import { splitDocuments } from '../manifest/documents.ts';
import { type Field, readFields } from '../manifest/fields.ts';
import type { TextChange } from '../manifest/text-change.ts';
import type { Finding } from './finding.ts';

/** A comment that silences a rule on its own line, and on the one below it if it is alone on its line. */
interface IgnoreComment {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  /** The quoted or block scalar it stands in: a comment at most in there, if the scalar's text is YAML too. */
  readonly inside: Span | undefined;
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
      if (one.rule === rule && (one.inside === undefined || isWithin(offset, one.inside))) return true;
    }
    return false;
  }

  /** Whether a finding is silenced. A value may stand on a line below its key: either line is its own. */
  silenceFinding({ span, rule, place }: Finding): boolean {
    const key = place.located?.entry.keySpan;
    return this.silence(span.start, rule) || (key !== undefined && this.silence(key.start, rule));
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
  const scalarAround = scalarsAround(text);
  for (const match of text.matchAll(comment)) {
    const hash = text.indexOf('#', match.index);
    const start = text.lastIndexOf('\n', hash) + 1;
    const stop = endOfLine(text, hash);
    const alone = /^\s*(?:#|$)/.test(text.slice(start, hash));
    const end = alone && stop < text.length ? endOfLine(text, stop + 1) : stop;
    yield { rule: match[1] ?? '', start, end, inside: scalarAround(hash) };
  }
}

/** The quoted or block scalar around an offset. Ask in the order of the text: only documents that are asked of are read. */
function scalarsAround(text: string): (offset: number) => Span | undefined {
  const documents = splitDocuments(text);
  let document = 0;
  let fields: readonly Field[] | undefined;
  let next = 0;
  return (offset) => {
    while ((documents[document]?.end ?? text.length) <= offset) {
      document++;
      [fields, next] = [undefined, 0];
    }
    const span = documents[document];
    if (span === undefined) return undefined;
    fields ??= readFields(text, { span });
    while ((fields[next]?.span.end ?? offset) < offset) next++;
    const field = fields[next];
    return field !== undefined && isTextOf(field, text, offset) ? field.span : undefined;
  };
}

/** Whether what stands at an offset is part of a scalar's text, where a `#` begins no comment. */
function isTextOf({ span, style }: Field, text: string, offset: number): boolean {
  if (style === 'plain' || !isWithin(offset, span)) return false;
  return style === 'single' || style === 'double' || offset > endOfLine(text, span.start);
}

function isWithin(offset: number, { start, end }: Span): boolean {
  return start < offset && offset < end;
}

function endOfLine(text: string, at: number): number {
  const stop = text.indexOf('\n', at);
  return stop === -1 ? text.length : stop;
}
