import { isWholeAt, type WrittenForm, writtenForms } from './written-forms.ts';

/** No form is shorter: the search looks for this many bytes of each. */
export const shortestForm = 8;

const blockBytes = 3;
const tableSize = 1 << 15;
/** Bytes that may be compared in one text, which ordinary text never comes near: some milliseconds. */
const comparedAtMost = 32 * 1024 * 1024;

/** A form, and where in it the bytes stand that are looked for. */
interface Sought {
  readonly form: WrittenForm;
  readonly value: number;
  readonly offset: number;
}

export interface ValuesFound {
  /** Positions in the list of values. */
  readonly values: ReadonlySet<number>;
  /** False where the text was made to be slow to search, and the search was given up. */
  readonly complete: boolean;
}

/**
 * Looks for many values in many texts: Wu and Manber's algorithm ("A fast algorithm for multi-pattern searching", 1994),
 * which skips what no value can begin in, so that a hundred values cost little more than one.
 */
export class ValueSearch {
  /** How far to go on where these bytes end. */
  readonly #shift = new Uint8Array(tableSize).fill(shortestForm - blockBytes + 1);
  /** The forms whose sought bytes end in these, by the same number. */
  readonly #ending = new Map<number, Sought[]>();

  /** Values of fewer than `shortestForm` bytes are not looked for. */
  constructor(values: readonly Uint8Array[]) {
    for (const [value, bytes] of values.entries()) {
      if (bytes.length < shortestForm) continue;
      for (const form of writtenForms(bytes)) if (form.bytes.length >= shortestForm) this.#add(form, value);
    }
  }

  /** Many values begin alike, or end alike: sought is what the fewest others share. */
  #add(form: WrittenForm, value: number): void {
    const last = form.bytes.length - shortestForm;
    const users = (offset: number) => this.#ending.get(numberOf(form.bytes, offset + shortestForm - 1)) ?? [];
    const [offset = 0] = [last, last >> 1, 0].toSorted((a, b) => users(a).length - users(b).length);
    for (let end = blockBytes; end <= shortestForm; end++) {
      const block = numberOf(form.bytes, offset + end - 1);
      this.#shift[block] = Math.min(this.#shift[block] ?? 0, shortestForm - end);
    }
    const others = users(offset);
    others.push({ form, value, offset });
    this.#ending.set(numberOf(form.bytes, offset + shortestForm - 1), others);
  }

  in(text: Uint8Array): ValuesFound {
    const values = new Set<number>();
    let compared = 0;
    for (let at = shortestForm - 1; at < text.length; ) {
      const block = numberOf(text, at);
      const shift = this.#shift[block] ?? 1;
      if (shift === 0) compared += this.#compare(text, at - shortestForm + 1, block, values);
      if (compared > comparedAtMost) return { values, complete: false };
      at += Math.max(1, shift);
    }
    return { values, complete: true };
  }

  /** How many bytes it may have compared. */
  #compare(text: Uint8Array, at: number, block: number, found: Set<number>): number {
    let compared = 0;
    for (const { form, value, offset } of this.#ending.get(block) ?? []) {
      const [start, end] = [at - offset, at - offset + form.bytes.length];
      if (start < 0 || end > text.length || found.has(value)) continue;
      compared += form.bytes.length;
      if (Buffer.compare(text.subarray(start, end), form.bytes) !== 0) continue;
      compared += form.block?.lines.reduce((sum, line) => sum + line.length, 0) ?? 0;
      if (isWholeAt(text, start, form)) found.add(value);
    }
    return compared;
  }
}

/** The three bytes that end here, as a number below `tableSize`. */
function numberOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) ^ ((bytes[at - 1] ?? 0) << 4) ^ ((bytes[at - 2] ?? 0) << 8)) & (tableSize - 1);
}
