/** What a Secret's value is: facts as the sheet of labelled documents defines them; `public` is its non-sensitive. */
export type Judgement = 'plaintext' | 'ambiguous' | 'placeholder' | 'encrypted' | 'empty' | 'public';

export interface Verdict {
  readonly judgement: Judgement;
  /** A short phrase for a person; never any part of the value. */
  readonly reason: string;
}

export function because(judgement: Judgement, reason: string): Verdict {
  return { judgement, reason };
}

export const EMPTY: Verdict = because('empty', 'nothing there');
export const OURS: Verdict = because('encrypted', 'ciphertext of one of our schemes');
export const AMBIGUOUS_ARCHIVE: Verdict = because('ambiguous', 'an archive, not looked into');
