import { historySentence, unseenSentence } from '../../app/history/history-sentence.ts';
import { type NamedValue, worthSearching } from '../../app/history/sealed-values.ts';
import type { PastUse } from '../../app/ports.ts';
import { shown } from '../../app/sentence.ts';
import { toBase64 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { CliContext } from './context.ts';
import { counted } from './report.ts';

/** What was just sealed in one file. */
export interface SealedFile {
  /** The file as the person named it. */
  readonly named: string;
  /** Where its repository is looked for. */
  readonly path: string;
  /** The top folder of its repository: files of one root have one history. */
  readonly root: string;
  readonly values: readonly NamedValue[];
}

/**
 * Says on stderr where values that were just sealed stand in plaintext in the history. What was to be done is done: nothing
 * here changes the exit code. Each history is looked through once, however many files were sealed.
 */
export async function sayPast(files: readonly SealedFile[], context: CliContext): Promise<void> {
  const groups = new Map<string, SealedFile[]>();
  for (const file of files) {
    const values = worthSearching(file.values, context.registry);
    if (values.length === 0) continue;
    const group = groups.get(file.root) ?? [];
    groups.set(file.root, [...group, { ...file, values }]);
  }
  // All at once: each search has its own limit of time, which so is the limit of all of them.
  const told = await Promise.all([...groups.values()].map((group) => sentencesAbout(group, context)));
  for (const sentence of told.flat()) context.terminal.say(`purser: ${sentence}`);
}

/** @param files of one repository */
async function sentencesAbout(
  files: readonly SealedFile[],
  { history }: CliContext,
): Promise<readonly string[]> {
  const path = files[0]?.path ?? '';
  // A value that many files have is looked for once.
  const sought = new Map(
    files.flatMap(({ values }) => values.map((value) => [keyOf(value), value.plaintext])),
  );
  try {
    const past = await history.find(path, [...sought.values()], new AbortController().signal);
    if (past === undefined) return [];
    const standing = new Set([...sought.keys()].filter((_, index) => past.found[index] === true));
    const found = files.map((file) => ({
      ...file,
      values: file.values.filter((value) => standing.has(keyOf(value))),
    }));
    return tell(
      files,
      found.filter(({ values }) => values.length > 0),
      past,
    );
  } catch (error) {
    if (!Failure.is(error, 'git.failed')) throw error;
    return [`${all(files)}: the history was not looked through: git says ${shown(error.details.reason)}`];
  }
}

function keyOf({ plaintext }: NamedValue): string {
  return toBase64(plaintext.expose());
}

/** @param found those of the files with values that stand in the history, with these alone */
function tell(files: readonly SealedFile[], found: readonly SealedFile[], past: PastUse): readonly string[] {
  const unseen = unseenSentence({ ...past, found: [] });
  const [only, ...others] = found;
  if (only === undefined) return unseen === undefined ? [] : [`${all(files)}: ${unseen}`];
  if (others.length === 0) {
    const names = only.values.map(({ name }) => name);
    const sentence = historySentence(names, { ...past, found: names.map(() => true) });
    return sentence === undefined ? [] : [`${shown(only.named)}: ${sentence}`];
  }
  const { commits, first } = past;
  const where = commits === 1 ? `commit ${first}` : `${commits} commits since ${first}`;
  const todo = `these values stand in plaintext in ${where}: change them, because encrypting them does not take them out of the history.`;
  return [...found.map(standing), unseen === undefined ? todo : `${todo} ${unseen}`];
}

/** Which values of a file stand in the history: the commits are told of once, for all files. */
function standing({ named, values }: SealedFile): string {
  const names = values.map(({ name }) => shown(name));
  const last = names.at(-1) ?? '';
  const stand = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last} stand` : `${last} stands`;
  return `${shown(named)}: ${stand} in plaintext in the history`;
}

/** What is said of all files of a repository, by the first of them. */
function all(files: readonly SealedFile[]): string {
  const first = shown(files[0]?.named ?? '');
  return files.length > 1 ? `${first} and ${counted(files.length - 1, 'more file')}` : first;
}
