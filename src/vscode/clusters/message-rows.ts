import { sentenceOf } from '../../app/messages.ts';
import { Failure } from '../../core/errors.ts';
import type { Row } from './rows.ts';

/** Why something is not there, in the sentence that messages make of it. */
export function failureRow(error: unknown): Row {
  return { row: 'message', text: failureText(error), severity: 'error' };
}

export function noteRow(text: string): Row {
  return { row: 'message', text, severity: 'information' };
}

export function failureText(error: unknown): string {
  if (!(error instanceof Failure)) return 'Something went wrong; the log says what.';
  const sentence = sentenceOf(error);
  const { cluster, entry } = error.place;
  // A name at the beginning keeps its case.
  const beginsWithName = cluster !== undefined || entry !== undefined;
  return beginsWithName ? sentence : sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
