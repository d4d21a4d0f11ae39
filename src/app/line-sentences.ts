import * as l10n from '@vscode/l10n';
import { type SentencesOf, shown } from './sentence.ts';

export const lineSentences: SentencesOf<'line.plaintext' | 'line.damaged' | 'line.ambiguous'> = {
  'line.plaintext': () => ({
    wrong: l10n.t('this line is no Fernet token'),
    todo: l10n.t('if it is plaintext that is to be encrypted, add --migrate'),
  }),
  'line.damaged': ({ reason }) => ({
    wrong: l10n.t('this Fernet token is damaged: {0}', reason),
    todo: l10n.t('restore the row from a backup, or write its value again'),
  }),
  'line.ambiguous': ({ reason, todo }) => ({
    wrong: l10n.t('this line is not clear: {0}', shown(reason)),
    todo: shown(todo),
  }),
};
