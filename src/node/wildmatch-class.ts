/** What `[:name:]` means to git: ASCII only, whatever the locale. */
const namedClasses: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[\x00-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[\x21-\x7e]/],
  ['lower', /[a-z]/],
  ['print', /[\x20-\x7e]/],
  ['punct', /[\x21-\x2f:-@[-`{-~]/],
  ['space', /[ \t\n\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[A-Fa-f0-9]/],
]);

const slash = 0x2f;

/** A bracket expression of a pattern. */
interface BracketExpression {
  /** By byte, whether it matches. */
  readonly bytes: Uint8Array;
  /** The offset after the closing bracket. */
  readonly end: number;
}

/**
 * Reads `[…]` as git's wildmatch does: `!` or `^` negates, a first `]` is itself, `\` escapes, a slash never matches.
 * Undefined where it is not closed or names no class.
 *
 * @param start the offset after the opening bracket
 */
export function readBracketExpression(pattern: string, start: number): BracketExpression | undefined {
  const bytes = new Uint8Array(256);
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const first = negated ? start + 1 : start;
  let before: number | undefined;
  for (let at = first; at < pattern.length; ) {
    if (pattern[at] === ']' && at > first) return { bytes: finished(bytes, negated), end: at + 1 };
    const named = namedClassAt(pattern, at);
    if (named !== undefined) {
      if (named.members === undefined) return undefined;
      for (let byte = 0; byte < 256; byte++)
        if (named.members.test(String.fromCharCode(byte))) bytes[byte] = 1;
      before = undefined;
      at = named.end;
    } else if (pattern[at] === '-' && before !== undefined && !isLast(pattern, at)) {
      const last = memberAt(pattern, at + 1);
      bytes.fill(1, before, last.byte + 1);
      before = undefined;
      at = last.end;
    } else {
      const member = memberAt(pattern, at);
      bytes[member.byte] = 1;
      before = member.byte;
      at = member.end;
    }
  }
  return undefined;
}

function isLast(pattern: string, at: number): boolean {
  return at + 1 >= pattern.length || pattern[at + 1] === ']';
}

/** One byte of the expression; of an escaped one, the byte after the backslash. */
function memberAt(pattern: string, at: number) {
  const escaped = pattern[at] === '\\' ? at + 1 : at;
  return { byte: pattern.charCodeAt(escaped) & 0xff, end: escaped + 1 };
}

/** `[:name:]`; its members are undefined where there is no such class. */
function namedClassAt(pattern: string, at: number) {
  if (!pattern.startsWith('[:', at)) return undefined;
  const close = pattern.indexOf(']', at + 2);
  // `[[:]`: a set of two, as is everything without the second colon.
  if (close <= at + 2 || pattern[close - 1] !== ':') return undefined;
  return { members: namedClasses.get(pattern.slice(at + 2, close - 1)), end: close + 1 };
}

function finished(bytes: Uint8Array, negated: boolean): Uint8Array {
  if (negated) for (let byte = 0; byte < 256; byte++) bytes[byte] = bytes[byte] === 1 ? 0 : 1;
  bytes[slash] = 0;
  return bytes;
}
