import { type SentencesOf, shown } from './sentence.ts';

export const lineSentences: SentencesOf<'line.plaintext' | 'line.ambiguous'> = {
  'line.plaintext': () => ({
    wrong: 'this line is no Fernet token',
    todo: 'if it is plaintext that is to be encrypted, add --migrate',
  }),
  'line.ambiguous': ({ reason, todo }) => ({
    wrong: `this line is not clear: ${shown(reason)}`,
    todo: shown(todo),
  }),
};
