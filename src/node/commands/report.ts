import { relative, resolve, sep } from 'node:path';
import { sentenceOf } from '../../app/messages.ts';
import { shown } from '../../app/sentence.ts';
import { type ErrorCode, Failure } from '../../core/errors.ts';
import type { ExitCode, Terminal } from './context.ts';

/** Failures that mean a ciphertext could not be opened; all others mean that the command could not run. */
const couldNotOpen: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ciphertext.malformed',
  'ciphertext.refused',
  'ciphertext.unsupported',
  'open.failed',
  'key.missing',
  'password.failed',
  'entry.moved',
  'key.unsupported',
  'gpg.missing',
  'gpg.failed',
  'sops.clear-value',
  'sops.key-command',
  'sops.mac-mismatch',
  'stored.malformed',
  'stored.unknown-provider',
  'stored.key-missing',
  'stored.not-opened',
  'stored.no-configuration',
  'stored.kms',
]);

/** Tells a failure as `purser: FILE:LINE: what is wrong; what to do`. */
export function report(error: unknown, terminal: Terminal, path?: string): ExitCode {
  if (!(error instanceof Failure)) throw error;
  const { path: place, line } = error.place;
  const file = place === undefined ? path : spelled(place, path, terminal);
  const where = file === undefined ? '' : `${shown(file)}:${line === undefined ? '' : `${line}:`} `;
  terminal.say(`purser: ${where}${sentenceOf(error)}`);
  return couldNotOpen.has(error.code) ? 1 : 2;
}

/** `1 file`, `2 files` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A path as the person spelled it; others relative to the working directory, where they are below it. */
function spelled(place: string, path: string | undefined, { cwd }: Terminal): string {
  if (path !== undefined && resolve(cwd, path) === resolve(cwd, place)) return path;
  const below = relative(cwd, resolve(cwd, place));
  return /^\.\.(?:[\\/]|$)/.test(below) ? place : below.split(sep).join('/');
}

/** Does something for each file, reporting failures; the worst outcome is the exit code. */
export async function forEachFile(
  paths: readonly string[],
  terminal: Terminal,
  work: (path: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  let worst: ExitCode = 0;
  for (const path of paths) {
    const code = await work(path).catch((error: unknown) => report(error, terminal, path));
    if (code > worst) worst = code;
  }
  return worst;
}
