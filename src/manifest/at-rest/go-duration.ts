import { goQuote } from './go-text.ts';

export type ReadDuration =
  | { readonly ok: true; readonly nanoseconds: bigint }
  | { readonly ok: false; readonly reason: string };

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const longest = 2n ** 63n;
const part = /([0-9]*)(\.[0-9]*)?([^.0-9]*)/y;

/** Go's `time.ParseDuration`: `1h30m`, `1.5s`, `-300ms`, `0`. */
export function parseDuration(text: string): ReadDuration {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return { ok: true, nanoseconds: 0n };
  if (unsigned === '' || text.length > 200) return invalid(text);
  let sum = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < unsigned.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(unsigned) ?? [];
    if (whole === '' && fraction.length < 2) return invalid(text);
    if (unit === '') return refused('missing unit in duration', text);
    const size = units.get(unit);
    if (size === undefined) return refused(`unknown unit ${goQuote(unit)} in duration`, text);
    sum += nanosecondsOf(whole, fraction.slice(1), size);
    if (sum > longest) return invalid(text);
  }
  const negative = text.startsWith('-');
  if (sum === longest && !negative) return invalid(text);
  return { ok: true, nanoseconds: negative ? -sum : sum };
}

function nanosecondsOf(whole: string, fraction: string, size: bigint): bigint {
  const digits = fraction.slice(0, 18);
  return BigInt(whole || '0') * size + (BigInt(digits || '0') * size) / 10n ** BigInt(digits.length);
}

function invalid(text: string): ReadDuration {
  return refused('invalid duration', text);
}

function refused(what: string, text: string): ReadDuration {
  return { ok: false, reason: `time: ${what} ${goQuote(text)}` };
}

/** Go's `Duration.String`: `1m0s`, `-3s`, `1.5ms`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
