import * as l10n from '@vscode/l10n';
import type { PastUse, SearchedPast } from '../ports.ts';
import { shown } from '../sentence.ts';

const namedAtMost = 3;

const partly: Readonly<Record<SearchedPast, () => string | undefined>> = {
  all: () => undefined,
  clone: () => l10n.t('This clone has only a part of the history.'),
  time: () => l10n.t('Only a part of the history was looked through: there is much of it.'),
};

/**
 * What is to be said of values that were sealed; undefined where nothing is to be.
 *
 * @param names what the values are called, in the order they were asked about
 */
export function historySentence(names: readonly string[], past: PastUse): string | undefined {
  const found = names.filter((_, index) => past.found[index] === true).map(shown);
  if (found.length === 0) return undefined;
  const told =
    found.length === 1
      ? l10n.t(
          '{0}: change the value, because encrypting it does not take it out of the history.',
          foundWords(found, past),
        )
      : l10n.t(
          '{0}: change the values, because encrypting them does not take them out of the history.',
          foundWords(found, past),
        );
  const part = partly[past.searched]();
  return part === undefined ? told : `${told} ${part}`;
}

/** What stands where, without the full stop. */
function foundWords(found: readonly string[], { commits, first }: PastUse): string {
  const [only = '', ...others] = found;
  if (others.length === 0)
    return commits === 1
      ? l10n.t('{0} stands in plaintext in commit {1}', only, first)
      : l10n.t('{0} stands in plaintext in {1} commits since {2}', only, commits, first);
  return commits === 1
    ? l10n.t('{0} stand in plaintext in commit {1}', listed(found), first)
    : l10n.t('{0} stand in plaintext in {1} commits since {2}', listed(found), commits, first);
}

/** What is to be said where nothing was found, and not everything was looked through. */
export function unseenSentence({ found, searched }: PastUse): string | undefined {
  return found.includes(true) ? undefined : partly[searched]();
}

function listed(names: readonly string[]): string {
  if (names.length > namedAtMost) return l10n.t('{0} of these values', names.length);
  return l10n.t('{0} and {1}', names.slice(0, -1).join(', '), names.at(-1) ?? '');
}
