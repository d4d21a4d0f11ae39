import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrintedValue } from '../../../src/app/printed-value.ts';
import { LineRotation } from '../../../src/app/rotate-lines.ts';
import { generateFernetKey, openFernet, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { describeFernetToken } from '../../../src/crypto/fernet-token.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const newKey = () => readFernetKey(bytes(generateFernetKey()), 'k');
const [today, old, foreign] = [newKey(), newKey(), newKey()];
const then = new Date('2024-02-29T10:00:00Z');
const token = (key: typeof old, text = 'hunter2') => sealFernet(bytes(text), key, { now: then });

function rotation(migrate = false) {
  const isCiphertext = (text: string) => /^\s*(?:eyJ|gAAAAA)/.test(text);
  return new LineRotation({ today, others: [old] }, { migrate, now: () => new Date(), isCiphertext });
}

/** What comes out, and the token at its end. */
function rotate(line: string, migrate = false) {
  const { outcome, content } = rotation(migrate).rotate(bytes(line));
  const text = Buffer.from(content).toString();
  return { outcome, text, token: text.slice(text.lastIndexOf('\t') + 1).trim() };
}

const opened = (text: string) => Buffer.from(openFernet(text, today) ?? []).toString();

describe('a line', () => {
  it('with a token under an older key has one under the first, of the same time', () => {
    const done = rotate(token(old));
    expect(done.outcome).toBe('rotated');
    expect(opened(done.token)).toBe('hunter2');
    expect(describeFernetToken(done.token).createdAt).toEqual(then);
  });

  it('keeps its other columns and its carriage return, whatever is in them', () => {
    const columns = fc.array(fc.stringMatching(/^[^\t\n]*$/), { maxLength: 3 });
    fc.assert(
      fc.property(columns, fc.boolean(), fc.string(), (before, windows, value) => {
        const [head, tail] = [before.map((one) => `${one}\t`).join(''), windows ? '\r' : ''];
        const done = rotate(`${head}${token(old, value)}${tail}`);
        expect(done.text).toBe(`${head}${done.token}${tail}`);
        expect(opened(done.token)).toBe(value);
      }),
    );
  });

  it.each([
    ['a token under the first key', token(today), 'current'],
    ['the same in a last column, with CRLF', `7\tdb\t${token(today)}\r`, 'current'],
    ['nothing', '', 'empty'],
    ['a carriage return', '\r', 'empty'],
    ['NULL, as COPY prints it', '\\N', 'empty'],
    ['columns, and nothing in the last', '7\tdb\t', 'empty'],
    ['columns, and NULL in the last', '7\tdb\t\\N\r', 'empty'],
  ])('with %s comes out as it is', (_, line, outcome) => {
    for (const migrate of [false, true]) expect(rotate(line, migrate)).toMatchObject({ outcome, text: line });
  });

  it.each([
    ['a token that no key opens', token(foreign), 'open.failed'],
    ['a token that is cut short', token(old).slice(0, -4), 'line.damaged'],
    ['a token with something behind it', `${token(old)} x`, 'line.damaged'],
    ['a token in another column than the last', `${token(old)}\tdb`, 'line.plaintext'],
    ['plaintext', 'hunter2', 'line.plaintext'],
  ])('with %s is refused', (_, line, code) => {
    expect(() => rotate(line)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a line to be migrated', () => {
  it('holds what the client printed it for', () => {
    const done = rotate('7\ta: "b\\\\c"\\n\\td: é\\0\\r\\n', true);
    expect(done).toMatchObject({ outcome: 'migrated', text: expect.stringMatching(/^7\tgAAAAA/) });
    expect(opened(done.token)).toBe('a: "b\\c"\n\td: é\0\r\n');
  });

  it('gives back every text that was printed as COPY prints it', () => {
    const letters: Readonly<Record<string, string>> = {
      '\\': '\\\\',
      '\b': '\\b',
      '\f': '\\f',
      '\n': '\\n',
      '\r': '\\r',
      '\t': '\\t',
      '\v': '\\v',
      '\0': '\\0',
    };
    const unit = fc.oneof(fc.constantFrom(...Object.keys(letters)), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(
        fc
          .array(unit)
          .map((parts) => parts.join(''))
          .filter((text) => text !== 'NULL'),
        (text) => {
          const printed = text.replace(/[\\\b\f\n\r\t\v\0]/g, (letter) => letters[letter] ?? letter);
          expect(Buffer.from(readPrintedValue(bytes(printed))).toString()).toBe(text);
        },
      ),
    );
  });

  it.each([
    ['a token that no key opens', token(foreign), 'open.failed'],
    ['the beginning of a token', 'gAAAAAB', 'line.damaged'],
    ['a token with a newline in the value', `${token(old)}\\n`, 'line.damaged'],
    ['a token behind a newline', `\\n${token(old)}`, 'line.ambiguous'],
    ['ciphertext of another scheme', 'eyJhbGciOi', 'line.ambiguous'],
    ['a backslash that no client prints', 'a\\qb', 'line.ambiguous'],
    ['a backslash at the end', 'a\\', 'line.ambiguous'],
    ['what mysql prints for NULL', '7\tNULL', 'line.ambiguous'],
    ['a carriage return at the end', 'hunter2\r', 'line.ambiguous'],
    ['a NUL byte, as in UTF-16', 'a\0b\0', 'line.ambiguous'],
  ])('is refused with %s', (_, line, code) => {
    expect(() => rotate(line, true)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused where it is no UTF-8', () => {
    const latin1 = Uint8Array.from([0x70, 0xe4, 0x73, 0x73]);
    expect(() => rotation(true).rotate(latin1)).toThrow(expect.objectContaining({ code: 'line.ambiguous' }));
  });
});
