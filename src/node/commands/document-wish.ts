import type { DocumentWish } from '../../app/documents/document-work.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { CliContext } from './context.ts';

/** What a command line says about keys, for documents that are sealed as a whole. */
export function documentWish(
  { keys, accepted = [] }: { readonly keys: readonly string[]; readonly accepted?: readonly string[] },
  { terminal }: CliContext,
): DocumentWish {
  const site = { base: terminal.cwd, root: undefined };
  return { keys: keys.map(readKeyArgument), site, accepted };
}

/** Says what a person should know beside the outcome, one line each. */
export function sayNotes(path: string, notes: readonly string[], { terminal }: CliContext): void {
  for (const note of notes) terminal.say(`purser: ${path}: ${note}`);
}
