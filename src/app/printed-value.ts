import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';

/** What is printed for SQL's NULL by COPY of PostgreSQL, and by `SELECT … INTO OUTFILE` of MySQL. */
export const printedNull = '\\N';

const backslash = 0x5c;

/**
 * What stands after a backslash, and the byte that it is for: COPY of PostgreSQL in text format (its manual, "COPY", "Text
 * Format") and `mysql --batch` (client/mysql.cc, `safe_put_field`).
 */
const escapes: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b, '0': 0x00, '\\': backslash }).map(
    ([letter, byte]) => [letter.charCodeAt(0), byte],
  ),
);

/**
 * The value that a database client printed in one column of a line: `\n` is a newline again, and so on.
 * @throws Failure `line.ambiguous` where no client prints a value like this, or prints it for another one too
 */
export function readPrintedValue(printed: Uint8Array): Uint8Array {
  if (Buffer.from(printed).equals(Buffer.from('NULL')))
    throw ambiguous(
      'mysql prints NULL where there is no value, and for that text',
      'leave out rows without a value',
    );
  if (printed.at(-1) === 0x0d)
    throw ambiguous(
      'it ends with a carriage return, which may belong to the value',
      'have lines end with a newline alone',
    );
  const value = unescape(printed);
  if (printed.includes(0) || utf8(value) === undefined)
    throw ambiguous('it is not UTF-8', "set the client's encoding to UTF-8");
  return value;
}

function unescape(printed: Uint8Array): Uint8Array {
  if (!printed.includes(backslash)) return printed;
  const value = new Uint8Array(printed.length);
  let length = 0;
  for (let at = 0; at < printed.length; at++) {
    let byte = printed[at];
    if (byte === backslash) byte = escapes.get(printed[++at] ?? -1);
    if (byte === undefined)
      throw ambiguous(
        'psql and mysql print no such backslash',
        'write lines as they do, with \\\\ for a backslash',
      );
    value[length++] = byte;
  }
  return value.subarray(0, length);
}

function ambiguous(reason: string, todo: string): Failure {
  return new Failure('line.ambiguous', { reason, todo });
}
