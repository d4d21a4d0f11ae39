import { readBracketExpression } from './wildmatch-class.ts';

/** A byte that must stand there, a table of the bytes that may, or one of the wildcards. */
type Token = number | Uint8Array;

/** `?`: one byte that is no slash. */
const one = -1;
/** `*`: any run without a slash. */
const run = -2;
/** `**` that is a whole segment: anything. */
const anything = -3;
/** The same with the slash after it: nothing, or anything that ends in a slash. */
const folders = -4;

/**
 * A pattern of a .gitignore file as git's wildmatch.c matches it (WM_PATHNAME), compiled. Patterns and texts are byte
 * strings, a character a byte, because that is what git compares.
 *
 * Patterns come from repositories: they never become regular expressions, and a mismatch goes back to the last wildcard
 * of a segment, or of the folders before it, only. Earlier ones could not reach what those cannot, so the time never
 * multiplies with the number of wildcards.
 */
export class Wildmatch {
  readonly #tokens: readonly Token[];

  private constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Undefined for a pattern that matches nothing: an open bracket, a backslash at the end. */
  static compile(pattern: string): Wildmatch | undefined {
    const tokens = tokensOf(pattern);
    return tokens === undefined ? undefined : new Wildmatch(tokens);
  }

  /** Whether the pattern matches all of a text from an offset on. */
  matches(text: string, from: number): boolean {
    const tokens = this.#tokens;
    let token = 0;
    let at = from;
    // After the last `*`, and after the last `**`: the token that follows, and where its next try begins; -1: none.
    let runToken = -1;
    let runAt = 0;
    let deepToken = -1;
    let deepAt = 0;
    for (;;) {
      const wanted = tokens[token];
      if (wanted === undefined && at === text.length) return true;
      if (wanted === run) {
        runToken = ++token;
        runAt = at;
      } else if (wanted === anything || wanted === folders) {
        deepToken = ++token;
        deepAt = at;
        runToken = -1;
      } else if (wanted !== undefined && at < text.length && isWanted(wanted, text.charCodeAt(at))) {
        token++;
        at++;
      } else if (runToken !== -1 && runAt < text.length && text[runAt] !== '/') {
        token = runToken;
        at = ++runAt;
      } else {
        deepAt = deepToken === -1 ? -1 : nextTry(tokens[deepToken - 1], text, deepAt);
        if (deepAt === -1) return false;
        token = deepToken;
        at = deepAt;
        runToken = -1;
      }
    }
  }
}

function isWanted(wanted: Token, byte: number): boolean {
  if (typeof wanted === 'number') return wanted === one ? byte !== 0x2f : wanted === byte;
  return wanted[byte] === 1;
}

/** Where what follows `**` may begin next, or -1. */
function nextTry(wildcard: Token | undefined, text: string, at: number): number {
  if (wildcard === anything) return at < text.length ? at + 1 : -1;
  const slash = text.indexOf('/', at);
  return slash === -1 ? -1 : slash + 1;
}

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    if (char === '*') {
      const { token, end } = asterisksAt(pattern, at);
      // `**/**/` says no more than `**/`.
      if (token !== folders || tokens.at(-1) !== folders) tokens.push(token);
      at = end;
    } else if (char === '[') {
      const expression = readBracketExpression(pattern, at + 1);
      if (expression === undefined) return undefined;
      tokens.push(expression.bytes);
      at = expression.end;
    } else {
      if (char === '\\') at++;
      if (at === pattern.length) return undefined;
      tokens.push(char === '?' ? one : pattern.charCodeAt(at));
      at++;
    }
  }
  return tokens;
}

/** Two asterisks or more are one, but where they are a whole segment. */
function asterisksAt(pattern: string, at: number) {
  let end = at + 1;
  while (pattern[end] === '*') end++;
  const next = pattern.startsWith('\\/', end) ? '/' : pattern[end];
  const whole = end > at + 1 && (at === 0 || pattern[at - 1] === '/') && (next === undefined || next === '/');
  if (!whole) return { token: run, end };
  return pattern[end] === '/' ? { token: folders, end: end + 1 } : { token: anything, end };
}
