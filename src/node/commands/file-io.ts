import { resolve } from 'node:path';
import type { Verification } from '../../app/encrypt.ts';
import { Failure } from '../../core/errors.ts';
import { decodeFile, type FileText } from '../../manifest/file-text.ts';
import type { CliContext } from './context.ts';

/** Where the result goes: the file itself, another file, or stdout. */
export interface OutputOptions {
  readonly inPlace: boolean;
  readonly output: string | undefined;
}

/** A file as a command works on it. `-` is stdin. */
export interface InputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Throws `usage` unless the result of these files has one place to go to. */
export function checkOutput(paths: readonly string[], { inPlace, output }: OutputOptions): void {
  if (paths.length === 0) throw usage('name a file');
  if (inPlace && output !== undefined) throw usage('-i and -o exclude each other');
  if (!inPlace && paths.length > 1) throw usage('without -i, name exactly one file');
  if (inPlace && paths.includes('-')) throw usage('stdin cannot be written in place');
}

export async function readInput(path: string, { files, terminal }: CliContext): Promise<InputFile> {
  const bytes = path === '-' ? await terminal.readStdin() : await files.read(resolve(terminal.cwd, path));
  return { path, bytes };
}

/** The input as text that can be written back. Throws `file.not-text` where some bytes are not text. */
export function editableText(input: InputFile): FileText {
  const file = decodeFile(input.bytes);
  if (file.lossy)
    throw new Failure('file.not-text', { reason: `it is not valid ${file.encoding.toUpperCase()}` });
  return file;
}

/** The file whose place in the tree decides the policy: the output's, where one is named. */
export function policyPath(path: string, { output }: OutputOptions, { terminal }: CliContext): string {
  return resolve(terminal.cwd, output ?? (path === '-' ? 'stdin' : path));
}

/** Writes a result. `sealed` content goes through a sibling file; plaintext touches no file but the target. */
export async function writeResult(
  input: InputFile,
  content: Uint8Array,
  sealed: boolean,
  options: OutputOptions,
  { files, terminal }: CliContext,
): Promise<void> {
  if (!options.inPlace && options.output === undefined) return terminal.out(content);
  if (options.inPlace && Buffer.compare(input.bytes, content) === 0) return;
  const target = resolve(terminal.cwd, options.output ?? input.path);
  const before = options.inPlace
    ? input.bytes
    : (await files.exists(target))
      ? await files.read(target)
      : undefined;
  await (sealed
    ? files.replaceSealed(target, content, before)
    : files.replaceInPlace(target, content, before));
}

/** Follows what was sealed. */
export function unverified(verification: Verification): string {
  return verification === 'opened' ? '' : ' (not opened again to verify: the private key is not at hand)';
}

export function usage(reason: string): Failure<'usage'> {
  return new Failure('usage', { reason });
}
