import type { ErrorCode, ErrorDetails } from '../core/errors.ts';

/** What is wrong, and what to do about it. */
export interface Sentence {
  readonly wrong: string;
  readonly todo: string;
}

/** A sentence for each of some codes, made of what their failures carry. */
export type SentencesOf<Codes extends ErrorCode> = {
  readonly [C in Codes]: (details: ErrorDetails[C]) => Sentence;
};

/** Text from a file in a message: short, and without characters that could disguise it (bidi, control, newline). */
export function shown(text: string): string {
  const plain = onOneLine(text);
  return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain;
}

/** Text without characters that could disguise it: bidi and other format controls, control characters, line breaks. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** As sentences say sizes: to one decimal place. */
export function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
