import * as l10n from '@vscode/l10n';
import type { ErrorCode } from '../core/errors.ts';
import { type SentencesOf, shown } from './sentence.ts';

/** What is said of git, and of the hook that looks through what is about to be committed. */
export const gitSentences: SentencesOf<Extract<ErrorCode, `git.${string}` | `hook.${string}`>> = {
  'git.missing': () => ({
    wrong: l10n.t('git is not found on the PATH'),
    todo: l10n.t('install it, or correct the PATH'),
  }),
  'git.no-work-tree': () => ({
    wrong: l10n.t('this folder is in no work tree of git'),
    todo: l10n.t('go to one, or run git init'),
  }),
  'git.unknown-revision': ({ revision }) => ({
    wrong: l10n.t('there is no commit {0} in this clone', shown(revision)),
    todo: l10n.t('correct its name, or fetch it (in CI: with the whole history, such as fetch-depth: 0)'),
  }),
  'git.unrelated-revision': ({ revision }) => ({
    wrong: l10n.t('this clone has no common ancestor of {0} and HEAD', shown(revision)),
    todo: l10n.t('fetch the whole history (git fetch --unshallow; in CI: fetch-depth: 0)'),
  }),
  'git.failed': ({ reason }) => ({
    wrong: l10n.t('git cannot do this: {0}', shown(reason)),
    todo: l10n.t('see what git status says'),
  }),
  'hook.no-folder': () => ({
    wrong: l10n.t('core.hooksPath is empty, so git runs no hook of this repository'),
    todo: l10n.t('unset it with git config --unset core.hooksPath, or give the hooks a folder there'),
  }),
  'hook.shared-folder': ({ folder }) => ({
    wrong: l10n.t(
      'core.hooksPath is not set for this repository alone, and {0} is outside of it',
      shown(folder),
    ),
    todo: l10n.t(
      'call purser scan --staged in the hook there, or give this repository a folder of its own with git config --local core.hooksPath',
    ),
  }),
  'hook.not-shell': () => ({
    wrong: l10n.t('this hook belongs to the repository and is no shell script'),
    todo: l10n.t('call purser scan --staged in it'),
  }),
};
