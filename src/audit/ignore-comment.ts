/** A comment that silences a rule on its own line and the one below it. */
interface IgnoreComment {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

const comment = /(?:^|\s)#[^\S\r\n]*purser:ignore[^\S\r\n]+(\S+)[^\S\r\n]+\S/gm;

/** The comments `# purser:ignore <rule> <reason>` of a text, read once: a line may hold thousands of values. */
export class IgnoreComments {
  readonly #comments: readonly IgnoreComment[];

  constructor(text: string) {
    this.#comments = text.includes('purser:ignore') ? [...commentsIn(text)] : [];
  }

  /** Whether a finding of this rule is silenced that stands at this offset. */
  silence(offset: number, rule: string): boolean {
    for (let at = this.#lastBefore(offset); at >= 0; at--) {
      const one = this.#comments[at];
      if (one === undefined || one.end < offset) return false;
      if (one.rule === rule) return true;
    }
    return false;
  }

  /** The index of the last comment that begins before this offset, or on its line. */
  #lastBefore(offset: number): number {
    let low = -1;
    let high = this.#comments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#comments[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
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
