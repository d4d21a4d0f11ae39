/** One `key: value` or `key=value` of a config text, where its parts stand. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

const LONGEST_KEY = 64;
const LONGEST_VALUE = 2048;
const MAX_GAP = 32;
const NEWLINE = 0x0a;

/**
 * Calls `visit` for every assignment of a text in YAML, JSON, TOML, ini, properties, dotenv, XML, connection
 * strings and queries alike, until it returns true. `wanted` decides by the key whether the value is cut out.
 * Comment lines are skipped. No grammar: what looks like an assignment is one. Linear.
 */
export function eachPair(
  text: string,
  wanted: (key: string) => boolean,
  visit: (pair: Pair) => boolean,
): number {
  let pairs = 0;
  let lineStart = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (lineStart && isComment(text, i, code)) {
      const end = text.indexOf('\n', i);
      if (end < 0) return pairs;
      i = end;
      continue;
    }
    if (code === NEWLINE) lineStart = true;
    else if (code > 0x20) lineStart = false;
    if (code !== 0x3a && code !== 0x3d && code !== 0x3e) continue;
    const key = keyBefore(text, i, code);
    if (key === '') continue;
    pairs++;
    if (wanted(key) && visit({ key, value: valueAfter(text, i, code) })) return pairs;
  }
  return pairs;
}

function isComment(text: string, i: number, code: number): boolean {
  return code === 0x23 || code === 0x3b || (code === 0x2f && text.charCodeAt(i + 1) === 0x2f);
}

/** The name that ends before a separator; of an XML element, `<name` before `>`. */
function keyBefore(text: string, separator: number, code: number): string {
  const after = text.charCodeAt(separator + 1);
  if (code === 0x3d && after === 0x3d) return '';
  let end = separator;
  const floor = Math.max(0, separator - MAX_GAP);
  while (end > floor && isBlank(text.charCodeAt(end - 1))) end--;
  if (end > 0 && isQuote(text.charCodeAt(end - 1))) end--;
  if (end > 0 && text.charCodeAt(end - 1) === 0x5c) end--;
  let start = end;
  const stop = Math.max(0, end - LONGEST_KEY);
  while (start > stop && isNameCode(text.charCodeAt(start - 1))) start--;
  if (code === 0x3e && text.charCodeAt(start - 1) !== 0x3c) return '';
  return text.slice(start, end);
}

function valueAfter(text: string, separator: number, code: number): string {
  let at = separator + 1;
  if (code === 0x3a && text.charCodeAt(at) === 0x3d) at++;
  if (code === 0x3d && text.charCodeAt(at) === 0x3e) at++;
  if (code === 0x3e) return element(text, at);
  const limit = Math.min(text.length, at + LONGEST_VALUE);
  while (at < limit && isBlank(text.charCodeAt(at))) at++;
  if (text.charCodeAt(at) === 0x5c && isQuote(text.charCodeAt(at + 1))) {
    return upTo(text, at + 2, text.charAt(at + 1)).replace(/\\$/, '');
  }
  const first = text.charAt(at);
  if (first === '"' || first === "'") return quoted(text, at);
  if ((first === '|' || first === '>') && code === 0x3a) return nextLine(text, at);
  return bare(text, at, code);
}

/** The text of an XML element without children. */
function element(text: string, at: number): string {
  const value = upTo(text, at, '<');
  return text.startsWith('</', at + value.length) ? value : '';
}

function quoted(text: string, at: number): string {
  const quote = text.charCodeAt(at);
  const limit = Math.min(text.length, at + LONGEST_VALUE);
  let end = at + 1;
  while (end < limit && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === 0x5c ? 2 : 1;
  return text.slice(at + 1, Math.min(end, limit));
}

function nextLine(text: string, at: number): string {
  const newline = text.indexOf('\n', at);
  if (newline < 0 || newline - at > 4) return upTo(text, at, '\n');
  return upTo(text, newline + 1, '\n').trim();
}

const BRACKETS: Readonly<Record<string, string>> = { '<': '>', '{{': '}}', '${': '}', '$(': ')', '((': '))' };

function bare(text: string, at: number, code: number): string {
  const close = BRACKETS[text.slice(at, at + 2)] ?? BRACKETS[text.charAt(at)];
  if (close !== undefined) {
    const inner = upTo(text, at, close);
    const next = text.charCodeAt(at + inner.length + close.length);
    if (close !== '>' || !isNameCode(next)) return inner + close;
  }
  const limit = Math.min(text.length, at + LONGEST_VALUE);
  let end = at;
  for (; end < limit; end++) {
    const char = text.charCodeAt(end);
    if (char === NEWLINE || char === 0x0d || char === 0x3b) break;
    if (
      code === 0x3d
        ? isBlank(char) || char === 0x26 || char === 0x22 || (char === 0x3c && end > at)
        : endsFlow(text, end)
    )
      break;
  }
  return text.slice(at, end).trim();
}

/** `, ` and `}` of a flow mapping, ` #` of a comment. */
function endsFlow(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (code === 0x7d) return true;
  const next = text.charCodeAt(i + 1);
  return (
    (code === 0x2c && (isBlank(next) || next === 0x22 || next === NEWLINE || next === 0x0d)) ||
    (code === 0x23 && isBlank(text.charCodeAt(i - 1)))
  );
}

function upTo(text: string, at: number, close: string): string {
  const window = text.slice(at, at + LONGEST_VALUE);
  const end = window.indexOf(close);
  return end < 0 ? window : window.slice(0, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}
