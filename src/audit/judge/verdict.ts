import * as l10n from '@vscode/l10n';

/** What a Secret's value is: facts as the sheet of labelled documents defines them; `public` is its non-sensitive. */
export type Judgement = 'plaintext' | 'ambiguous' | 'placeholder' | 'encrypted' | 'empty' | 'public';

export interface Verdict {
  readonly judgement: Judgement;
  /** A short phrase for a person; never any part of the value. */
  readonly reason: string;
}

/** What something is, for a person: put into words when it is read. */
export type Phrase = () => string;

/** Thousands are made on a keystroke, and of hardly any the reason is asked. */
class WordlessVerdict implements Verdict {
  readonly judgement: Judgement;
  readonly #phrase: (word: string) => string;
  readonly #word: string;

  constructor(judgement: Judgement, phrase: (word: string) => string, word: string) {
    this.judgement = judgement;
    this.#phrase = phrase;
    this.#word = word;
  }

  get reason(): string {
    return this.#phrase(this.#word);
  }
}

/** A verdict whose reason is put into words when it is read; a reason with a word in it gets that word. */
export function because(judgement: Judgement, phrase: Phrase): Verdict;
export function because(judgement: Judgement, phrase: (word: string) => string, word: string): Verdict;
export function because(judgement: Judgement, phrase: (word: string) => string, word = ''): Verdict {
  return new WordlessVerdict(judgement, phrase, word);
}

/** A reason, of the word in a key's name that decided. */
export const keyNameSays = (word: string): string => l10n.t('the key name says {0}', word);

export const EMPTY: Verdict = because('empty', () => l10n.t('nothing there'));
export const OURS: Verdict = because('encrypted', () => l10n.t('ciphertext of one of our schemes'));
export const AMBIGUOUS_ARCHIVE: Verdict = because('ambiguous', () => l10n.t('an archive, not looked into'));
