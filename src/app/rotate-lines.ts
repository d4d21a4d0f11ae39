import { Failure } from '../core/errors.ts';
import { type FernetKey, openFernet, sealFernet } from '../crypto/fernet.ts';
import { describeFernetToken, recogniseFernet } from '../crypto/fernet-token.ts';
import { printedNull, readPrintedValue } from './printed-value.ts';

/** What became of a line: sealed again, sealed for the first time, left under today's key, or nothing in it to seal. */
export type LineOutcome = 'rotated' | 'migrated' | 'current' | 'empty';

export interface RotatedLine {
  readonly outcome: LineOutcome;
  /** Without its newline. The very bytes that came in where nothing was sealed. */
  readonly content: Uint8Array;
}

export interface LineKeys {
  /** What every line is sealed to. */
  readonly today: FernetKey;
  /** What lines may be sealed to until now. */
  readonly others: readonly FernetKey[];
}

export interface LineOptions {
  /** Whether plaintext is sealed too. */
  readonly migrate: boolean;
  readonly now: () => Date;
  /** Whether a text is a ciphertext of any scheme, whole or damaged. */
  readonly isCiphertext: (text: string) => boolean;
}

const tab = 0x09;
const carriageReturn = 0x0d;

/**
 * Seals Fernet tokens to today's key, line by line, as database clients print rows: columns with a tab between them, the token
 * last. The other columns, the carriage return of a CRLF, and a token's time stay as they are.
 */
export class LineRotation {
  readonly #keys: LineKeys;
  readonly #options: LineOptions;

  constructor(keys: LineKeys, options: LineOptions) {
    this.#keys = keys;
    this.#options = options;
  }

  /**
   * One line, without its newline.
   * @throws Failure `line.plaintext`, `line.ambiguous`, `line.damaged`, `open.failed`, `edit.unverified`
   */
  rotate(line: Uint8Array): RotatedLine {
    const start = line.lastIndexOf(tab) + 1;
    const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const printed = line.subarray(start, Math.max(start, end));
    const text = Buffer.from(printed).toString('latin1');
    if (text === '' || text === printedNull) return { outcome: 'empty', content: line };
    const sealed = this.#seal(text, line.subarray(start));
    if (sealed === undefined) return { outcome: 'current', content: line };
    const { outcome, token } = sealed;
    const ends = [line.subarray(0, start), line.subarray(Math.max(start, end))] as const;
    return { outcome, content: Buffer.concat([ends[0], Buffer.from(token), ends[1]]) };
  }

  /** @param whole with the carriage return that `text` is without, where there is one */
  #seal(text: string, whole: Uint8Array): { outcome: LineOutcome; token: string } | undefined {
    const recognition = recogniseFernet(text);
    if (recognition.is === 'malformed') throw new Failure('line.damaged', { reason: recognition.reason });
    if (recognition.is === 'no') return { outcome: 'migrated', token: this.#migrate(text, whole) };
    if (openFernet(text, this.#keys.today) !== undefined) return undefined;
    for (const key of this.#keys.others) {
      const plaintext = openFernet(text, key);
      if (plaintext === undefined) continue;
      // As MultiFernet does: when the value was set is not when it was sealed again.
      return { outcome: 'rotated', token: this.#sealed(plaintext, describeFernetToken(text).createdAt) };
    }
    throw new Failure('open.failed', { scheme: 'fernet' });
  }

  #migrate(text: string, whole: Uint8Array): string {
    if (!this.#options.migrate) throw new Failure('line.plaintext', {});
    const value = readPrintedValue(whole);
    if ([text, Buffer.from(value).toString('latin1')].some((one) => this.#options.isCiphertext(one)))
      throw new Failure('line.ambiguous', {
        reason: 'it reads like ciphertext of another kind',
        todo: 'open it first, and check what it is',
      });
    return this.#sealed(value, this.#options.now());
  }

  /** Every new token is opened again: the old one will be gone. */
  #sealed(plaintext: Uint8Array, now: Date): string {
    const token = sealFernet(plaintext, this.#keys.today, { now });
    const again = openFernet(token, this.#keys.today);
    if (again === undefined || Buffer.compare(again, plaintext) !== 0)
      throw new Failure('edit.unverified', {});
    return token;
  }
}
