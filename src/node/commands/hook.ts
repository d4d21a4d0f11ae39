import { shown } from '../../app/sentence.ts';
import { installHook, removeHook } from '../hook/install-hook.ts';
import type { CliContext, ExitCode } from './context.ts';

/** `purser hook install|remove` in the repository of the working directory. */
export async function hook(action: 'install' | 'remove', context: CliContext): Promise<ExitCode> {
  const { terminal, env, program } = context;
  const say = (sentence: string) => terminal.say(`purser: ${sentence}`);
  const where = { repository: terminal.cwd, env };
  if (action === 'remove') {
    const file = await removeHook(where);
    say(file === undefined ? 'there was no hook of Purser here' : `the hook is gone from ${shown(file)}`);
    return 0;
  }
  const installed = await installHook({ ...where, commandLine: program, runtime: process.execPath });
  const chained = installed.chained ? '; the hook that was there runs after it' : '';
  say(`every commit is looked at first by ${shown(installed.file)}${chained}`);
  if (installed.shared)
    say(
      'this file is a part of the repository: once it is committed, other clones ask for purser hook install too',
    );
  return 0;
}
