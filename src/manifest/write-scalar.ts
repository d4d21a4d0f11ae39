import type { ScalarStyle } from './manifest.ts';

/** Where a scalar is to be written. */
export interface ScalarSite {
  /** The style to keep where the value allows it. */
  readonly style: ScalarStyle | 'none';
  readonly flow: boolean;
  /** Column of the keys around it. */
  readonly indent: number;
  readonly eol: string;
}

/** A scalar as text: what stands in the place of the token, and for block scalars the lines after that line. */
export interface WrittenScalar {
  readonly token: string;
  /** Begins with a line break and ends without one; empty for scalars of one line. */
  readonly body: string;
}

/** Words that YAML 1.1 or 1.2 readers take for booleans or null. */
const reserved = /^(?:y|yes|n|no|on|off|true|false|null)$/i;
const plainToken = /^[A-Za-z_/][A-Za-z0-9_./+=@%:-]*$/;
// biome-ignore format: one class, in code point order
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const unprintables = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Writes a value so that every YAML reader gives exactly this string back, in the style that stood there if it can. */
export function writeScalar(value: string, site: ScalarSite): WrittenScalar {
  if (isPlain(value) && site.style !== 'single' && site.style !== 'double') return oneLine(value);
  const multiline = value.includes('\n');
  if (multiline && !site.flow && isLiteral(value)) return literal(value, site);
  const canSingle = !multiline && !unprintable.test(value) && value.isWellFormed();
  const wantsSingle =
    site.style === 'single' || (site.style !== 'double' && !site.flow && /["\\]/.test(value));
  return oneLine(canSingle && wantsSingle ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value));
}

function oneLine(token: string): WrittenScalar {
  return { token, body: '' };
}

/** Whether the value may stand unquoted anywhere and is a string to YAML 1.1 and 1.2 alike. */
function isPlain(value: string): boolean {
  return plainToken.test(value) && !value.endsWith(':') && !reserved.test(value);
}

/** Whether a literal block scalar gives the value back with no indentation indicator and no `+`. */
function isLiteral(value: string): boolean {
  if (unprintable.test(value) || !value.isWellFormed() || /^[\s]/.test(value)) return false;
  const trailing = value.length - value.replace(/\n+$/, '').length;
  return trailing <= 1 && !/\n[ \t]+\n?$/.test(value);
}

function literal(value: string, site: ScalarSite): WrittenScalar {
  const ends = value.endsWith('\n');
  const pad = ' '.repeat(site.indent + 2);
  const lines = (ends ? value.slice(0, -1) : value).split('\n');
  const body = lines.map((line) => site.eol + (line === '' ? '' : pad + line)).join('');
  return { token: ends ? '|' : '|-', body };
}

/** JSON's escapes are YAML's too (YAML 1.2.2 §5.7); what YAML calls unprintable and JSON does not is escaped as well. */
export function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    unprintables,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A mapping key as text. */
export function writeKey(key: string, quoted: boolean): string {
  return quoted || !isPlain(key) ? doubleQuoted(key) : key;
}
