import type { PastUse, SearchedPast } from '../ports.ts';
import { shown } from '../sentence.ts';

const namedAtMost = 3;

const partly: Readonly<Record<SearchedPast, string | undefined>> = {
  all: undefined,
  clone: 'This clone has only a part of the history.',
  time: 'Only a part of the history was looked through: there is much of it.',
};

/**
 * What is to be said of values that were sealed; undefined where nothing is to be.
 *
 * @param names what the values are called, in the order they were asked about
 */
export function historySentence(names: readonly string[], past: PastUse): string | undefined {
  const found = names.filter((_, index) => past.found[index] === true).map(shown);
  const part = partly[past.searched];
  if (found.length === 0) return undefined;
  const commits = past.commits === 1 ? `commit ${past.first}` : `${past.commits} commits since ${past.first}`;
  const [first = ''] = found;
  const told =
    found.length === 1
      ? `${first} stands in plaintext in ${commits}: change the value, because encrypting it does not take it out of the history.`
      : `${listed(found)} stand in plaintext in ${commits}: change the values, because encrypting them does not take them out of the history.`;
  return part === undefined ? told : `${told} ${part}`;
}

/** What is to be said where nothing was found, and not everything was looked through. */
export function unseenSentence({ found, searched }: PastUse): string | undefined {
  return found.includes(true) ? undefined : partly[searched];
}

function listed(names: readonly string[]): string {
  if (names.length > namedAtMost) return `${names.length} of these values`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
