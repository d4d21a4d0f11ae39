import { pastOf } from '../../app/history/past-of.ts';
import type { NamedValue } from '../../app/history/sealed-values.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import type { CliContext } from './context.ts';

/**
 * Says on stderr where values that were just sealed stand in plaintext in the history. What was to be done is done: nothing
 * here changes the exit code.
 *
 * @param path where the repository is looked for
 */
export async function sayPast(
  named: string,
  path: string,
  values: readonly NamedValue[],
  context: CliContext,
): Promise<void> {
  const say = (sentence: string) => context.terminal.say(`purser: ${shown(named)}: ${sentence}`);
  try {
    const past = await pastOf(path, values, context, new AbortController().signal);
    const sentence = past?.found ?? past?.unseen;
    if (sentence !== undefined) say(sentence);
  } catch (error) {
    if (!Failure.is(error, 'git.failed')) throw error;
    say(`the history was not looked through: git says ${shown(error.details.reason)}`);
  }
}
