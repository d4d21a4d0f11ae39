import { lstatSync } from 'node:fs';
import { chmod, mkdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/errors.ts';
import { dataFolder } from '../data-folder.ts';
import { Git } from '../git.ts';
import { unwritable } from '../node-files.ts';
import { copyProgram } from './copied-program.ts';
import { findHookPlace, type HookPlace, isThere, readHook } from './hook-place.ts';
import { hasBlock, isShellScript, ownHook, previousName, withBlock, withoutBlock } from './hook-script.ts';
import { launcherScript } from './launcher.ts';

export interface HookOptions {
  /** A folder in the work tree. */
  readonly repository: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface InstallOptions extends HookOptions {
  /** The built `cli.js`, with its chunks beside it. */
  readonly commandLine: string;
  /** What runs it where there is no Node on the PATH: the editor, or the Node that installs. */
  readonly runtime: string;
}

export interface InstalledHook {
  readonly file: string;
  /** The hook is a part of the work tree, for everybody who clones it. */
  readonly shared: boolean;
  /** A hook was there before, and is run after ours. */
  readonly chained: boolean;
}

/**
 * Makes git look at what is staged before each commit in this clone and its work trees. Done again, it brings everything
 * up to date. Throws `git.*`, `hook.*`, `file.unreadable`, `file.unwritable`, and `file.exists` where an earlier hook was
 * put aside and another one has come since.
 */
export async function installHook(options: InstallOptions): Promise<InstalledHook> {
  const place = findHookPlace(Git.around(options.repository, options.env));
  requirePlaceable(place);
  const copies = join(dataFolder(options.env, process.platform), 'hook');
  const program = await copyProgram(options.commandLine, copies);
  // First, because a hook without it refuses every commit.
  await replaceScript(place.launcher, launcherScript(program, options.runtime), 0o111);
  const chained = place.shared ? await addBlock(place) : await putBefore(place);
  return { file: place.file, shared: place.shared, chained };
}

/** Takes Purser's hook away and puts back what was there. The file that changed; undefined where there was none. */
export async function removeHook({ repository, env }: HookOptions): Promise<string | undefined> {
  const place = findHookPlace(Git.around(repository, env));
  const { file, launcher } = place;
  const text = readHook(file);
  const installed = text !== undefined && hasBlock(text);
  if (installed) await orRefuse(file, () => (place.shared ? takeBlock(place, text) : putBack(place)));
  await rm(launcher, { force: true });
  await rmdir(dirname(launcher)).catch(() => undefined);
  return installed ? file : undefined;
}

/** Throws `hook.not-shell`, `file.exists`. */
function requirePlaceable({ file, shared }: HookPlace): void {
  const text = readHook(file);
  if (text !== undefined && hasBlock(text)) return;
  const previous = join(dirname(file), previousName);
  if (!shared && isThere(file) && isThere(previous)) throw new Failure('file.exists', {}, { path: previous });
  const link = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (shared && (link || (text !== undefined && !isShellScript(text))))
    throw new Failure('hook.not-shell', {}, { path: file });
}

/** Whether there was a hook. */
async function putBefore({ file }: HookPlace): Promise<boolean> {
  const previous = join(dirname(file), previousName);
  const text = readHook(file);
  if (isThere(file) && (text === undefined || !hasBlock(text)))
    await orRefuse(file, () => rename(file, previous));
  await replaceScript(file, ownHook, 0o111);
  return isThere(previous);
}

async function putBack({ file }: HookPlace): Promise<void> {
  const previous = join(dirname(file), previousName);
  await (isThere(previous) ? rename(previous, file) : unlink(file));
}

/** Whether there was a hook. */
async function addBlock({ file, executable }: HookPlace): Promise<boolean> {
  const text = readHook(file);
  await replaceScript(file, withBlock(text), executable ? 0o111 : 0);
  return text !== undefined && withoutBlock(text) !== undefined;
}

async function takeBlock({ file }: HookPlace, text: string): Promise<void> {
  const rest = withoutBlock(text);
  await (rest === undefined ? unlink(file) : replaceScript(file, rest, 0));
}

/**
 * Through a sibling, so that git finds the old script or the new one. A script that was there keeps its mode.
 *
 * @param executable bits that its mode must have
 */
async function replaceScript(file: string, text: string, executable: number): Promise<void> {
  await orRefuse(file, async () => {
    const sibling = `${file}.${crypto.randomUUID()}`;
    const mode = await stat(file).then(
      (facts) => facts.mode & 0o777,
      () => 0o755,
    );
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(sibling, text, { encoding: 'latin1', flag: 'wx' });
      await chmod(sibling, mode | executable);
      await rename(sibling, file);
    } finally {
      await rm(sibling, { force: true });
    }
  });
}

async function orRefuse(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}
