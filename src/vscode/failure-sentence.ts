import { sentenceOf } from '../app/messages.ts';
import type { Failure } from '../core/errors.ts';

/** A failure as a sentence that stands alone. A name at the beginning keeps its case. */
export function failureSentence(failure: Failure): string {
  const sentence = sentenceOf(failure);
  const { cluster, entry } = failure.place;
  return cluster === undefined && entry === undefined ? upperFirst(sentence) : sentence;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
