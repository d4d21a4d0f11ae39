import { parseGoTime } from './go-time.ts';

/** The types that SOPS knows of a value, `null` and what it refuses. */
export type GoType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'null' | 'unsupported';

/** A scalar as Go reads it: its type and the bytes that SOPS encrypts and hashes for it (getsops/sops sops.go, `ToBytes`). */
export interface GoScalar {
  readonly type: GoType;
  readonly bytes: Uint8Array;
}

const booleans: ReadonlyMap<string, string> = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, 'True'] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, 'False'] as const),
]);
const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const floats: ReadonlyMap<string, string> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, 'NaN'] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, '+Inf'] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, '-Inf'] as const),
]);
/** Of those above: longer texts need not be looked up. */
const longestWord = 5;
const decimalFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Only here does Go let digits be separated. */
const dotFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const bases = {
  b: { base: 2n, allowed: /^[01]+$/ },
  o: { base: 8n, allowed: /^[0-7]+$/ },
  x: { base: 16n, allowed: /^[0-9a-fA-F]+$/ },
} as const;
const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const uint64Most = 2n ** 64n - 1n;

/** What stands before a scalar's text: quotes or `|` and `>` make a string of it, a tag decides by itself. */
export interface ScalarForm {
  readonly plain: boolean;
  /** As written: `!!int`, `!<tag:yaml.org,2002:int>`, `!mine`. */
  readonly tag: string | undefined;
}

/** Types a YAML scalar as go-yaml v3 does (resolve.go and decode.go of v3.0.4), which is neither YAML 1.1 nor 1.2. */
export function readGoScalar(text: string, form: ScalarForm): GoScalar {
  const tag = shortTag(form.tag);
  if (tag === undefined) return form.plain ? resolvePlain(text, true) : ofText('str', text);
  if (tag === '!!binary') return decodeBinary(text);
  if (!['!!bool', '!!int', '!!float', '!!null', '!!timestamp'].includes(tag)) return ofText('str', text);
  const resolved = resolvePlain(text, tag === '!!timestamp');
  if (tag === '!!float' && resolved.type === 'int') return floatOf(Number(resolved.text));
  // Go's decoder fails here, and SOPS then takes the value for null without a word: it would be lost.
  return `!!${resolved.type === 'time' ? 'timestamp' : resolved.type}` === tag
    ? resolved
    : ofText('unsupported', '');
}

/** A JSON number as SOPS reads it since 3.13 (stores/json, `normalizeJSONNumber`). */
export function readGoJsonNumber(text: string): GoScalar {
  if (/^-?[0-9]{1,20}$/.test(text)) {
    const value = BigInt(text);
    if (value >= int64.least && value <= int64.most) return ofText('int', value.toString());
  }
  const value = Number(text);
  return Number.isFinite(value) ? floatOf(value) : ofText('unsupported', '');
}

/** Go's `FormatFloat(value, 'f', -1, 64)`: the shortest digits that give the value back, never an exponent. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(Object.is(value, -0) ? '-0' : String(value)) ?? [];
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function resolvePlain(text: string, mayBeTime: boolean): TextScalar {
  return (text.length <= longestWord ? resolveWord(text) : undefined) ?? resolveOther(text, mayBeTime);
}

function resolveWord(text: string): TextScalar | undefined {
  const boolean = booleans.get(text);
  if (boolean !== undefined) return ofText('bool', boolean);
  if (nulls.has(text)) return ofText('null', '');
  const special = floats.get(text);
  return special === undefined ? undefined : ofText('float', special);
}

function resolveOther(text: string, mayBeTime: boolean): TextScalar {
  if (text.startsWith('.'))
    return dotFloat.test(text) ? finite(text.replaceAll('_', ''), text) : ofText('str', text);
  if (!/^[-+0-9]/.test(text)) return ofText('str', text);
  const time = mayBeTime ? parseGoTime(text) : undefined;
  if (time !== undefined) return ofText('time', time);
  return resolveNumber(text);
}

function resolveNumber(text: string): TextScalar {
  const bare = text.replaceAll('_', '');
  const whole = parseInteger(bare);
  if (whole !== undefined && whole >= int64.least && whole <= int64.most)
    return ofText('int', whole.toString());
  // Go reads these as uint64, which SOPS does not take.
  if (whole !== undefined && whole >= 0n && whole <= uint64Most && !bare.startsWith('+'))
    return ofText('unsupported', '');
  return decimalFloat.test(bare) ? finite(bare, text) : ofText('str', text);
}

/** Go's ParseInt with base 0, and what go-yaml reads after `0b` and `0o` besides (a sign). */
function parseInteger(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  const magnitude = parseMagnitude(unsigned) ?? (/^[-+]/.test(text) ? undefined : parseInnerSign(unsigned));
  return magnitude === undefined || !negative ? magnitude : -magnitude;
}

function parseMagnitude(text: string): bigint | undefined {
  if (/^(?:0|[1-9][0-9]*)$/.test(text)) return text.length > 20 ? undefined : BigInt(text);
  const letter = text.charAt(1).toLowerCase();
  if (!text.startsWith('0')) return undefined;
  if (letter === 'b' || letter === 'o' || letter === 'x') return inBase(text.slice(2), bases[letter]);
  return inBase(text.slice(1), bases.o);
}

function parseInnerSign(text: string): bigint | undefined {
  const [, letter, sign, digits = ''] = /^0([bo])([-+])(.*)$/.exec(text) ?? [];
  if (letter !== 'b' && letter !== 'o') return undefined;
  const magnitude = inBase(digits, bases[letter]);
  return magnitude === undefined || sign === '+' ? magnitude : -magnitude;
}

/** Digits of a 64-bit number at most: more than that is no integer to Go, and would take quadratic time here. */
function inBase(
  digits: string,
  { base, allowed }: { readonly base: bigint; readonly allowed: RegExp },
): bigint | undefined {
  const significant = digits.replace(/^0+(?=.)/, '');
  if (!allowed.test(digits) || significant.length > 65) return undefined;
  return Array.from(significant).reduce((sum, digit) => sum * base + BigInt(Number.parseInt(digit, 16)), 0n);
}

/** Go refuses a number that is too large for a float; it stays a string then. */
function finite(number: string, text: string): TextScalar {
  const value = Number(number);
  return Number.isFinite(value) ? floatOf(value) : ofText('str', text);
}

function floatOf(value: number): TextScalar {
  return ofText('float', formatGoFloat(value));
}

function decodeBinary(text: string): GoScalar {
  const bare = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare))
    return ofText('unsupported', '');
  return { type: 'str', bytes: new Uint8Array(Buffer.from(bare, 'base64')) };
}

function shortTag(tag: string | undefined): string | undefined {
  if (tag === undefined || tag === '!') return undefined;
  return tag.replace(/^(?:!<)?tag:yaml\.org,2002:([^>]*)>?$/, '!!$1');
}

/** Its bytes are made when they are asked for: those of a ciphertext never are, and take longer than reading it does. */
class TextScalar implements GoScalar {
  readonly type: GoType;
  readonly text: string;

  constructor(type: GoType, text: string) {
    this.type = type;
    this.text = text;
  }

  get bytes(): Uint8Array {
    return Buffer.from(this.text);
  }
}

function ofText(type: GoType, text: string): TextScalar {
  return new TextScalar(type, text);
}
