import type { Span } from '../core/span.ts';
import type { ManifestAsText } from './manifest.ts';
import { mayHoldSecret } from './may-hold-secret.ts';
import type { ObjectDraft } from './object-draft.ts';
import type { YamlScalar } from './yaml-events.ts';
import { scalarText } from './yaml-text.ts';

/** The scalars of a document that may hold a manifest with a Secret, as they come by. */
export class ManifestsAsText {
  readonly #text: string;
  readonly #end: number;
  readonly #noted: { readonly found: ManifestAsText; readonly entryOf: ObjectDraft | undefined }[] = [];
  /** The next place of the word: scalars come in order, so all of them together search the text once. */
  #word: number;

  constructor(text: string, span: Span) {
    this.#text = text;
    this.#end = span.end;
    this.#word = text.indexOf('Secret', span.start);
  }

  /** @param entryOf the object in whose `data` or `stringData` the scalar stands */
  note(scalar: YamlScalar, entryOf: ObjectDraft | undefined): void {
    while (this.#word !== -1 && this.#word < scalar.start) {
      this.#word = this.#text.indexOf('Secret', scalar.start);
    }
    if (this.#word === -1 || this.#word >= scalar.end) return;
    const text = scalarText(this.#text, scalar, this.#end);
    if (!mayHoldSecret(text)) return;
    const { start, end, style } = scalar;
    this.#noted.push({ found: { span: { start, end }, style, text }, entryOf });
  }

  /** What was noted, without the values of Secrets: those are values like any other. */
  finish(): readonly ManifestAsText[] {
    return this.#noted.filter(({ entryOf }) => entryOf?.kind !== 'Secret').map(({ found }) => found);
  }
}
