import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { FoundFile } from '../app/repository-scan.ts';
import { Failure } from '../core/errors.ts';
import type { Git } from './git.ts';
import { type GitEntry, readNames, readRawDiff } from './git-records.ts';

/** Reads a file by the name that the file system has; `path` is what messages call it. */
type ReadNow = (path: string, name: Buffer) => Uint8Array;

/**
 * The files that differ between the work tree and the commit where HEAD left `revision`, as for a pull request: what
 * others did to `revision` since then is not asked about. New files that are not ignored are among them. Symbolic links,
 * submodules and what is gone are left out. Throws `git.unknown-revision`, `git.unrelated-revision`, `git.failed`.
 *
 * @param wanted asked with a file's absolute path
 */
export async function* changedFiles(
  git: Git,
  revision: string,
  wanted: (path: string) => boolean | Promise<boolean>,
  readNow: ReadNow,
): AsyncGenerator<FoundFile> {
  const base = forkPoint(git, revision);
  const links = new Map<string, boolean>();
  const seen = new Set<string>();
  for (const { path: below, name } of [...changedEntries(git, base), ...newEntries(git)]) {
    const path = join(git.root, below);
    const key = name.toString('latin1');
    if (seen.has(key) || !(await wanted(path))) continue;
    seen.add(key);
    if (!isBehindLink(git, name, links) && factsOf(git, name)?.isFile() === true)
      yield { path, problem: undefined, read: () => readNow(path, fullName(git, name)) };
  }
}

function forkPoint(git: Git, revision: string): string {
  const asked = ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
  // What begins with a dash would be an option; no revision does.
  const commit = revision.startsWith('-') ? undefined : git.ask(asked);
  if (commit?.code !== 0) throw new Failure('git.unknown-revision', { revision });
  const { code, out } = git.ask(['merge-base', commit.out.toString('latin1').trim(), 'HEAD']);
  if (code !== 0) throw new Failure('git.unrelated-revision', { revision });
  return out.toString('latin1').trim();
}

function changedEntries(git: Git, base: string): GitEntry[] {
  const options = ['--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=all'];
  const harmless = ['--no-ext-diff', '--no-textconv', '--diff-filter=d'];
  return readRawDiff(git.run([...withoutFilters(git), 'diff', ...options, ...harmless, base, '--']));
}

function newEntries(git: Git): GitEntry[] {
  return readNames(git.run(['ls-files', '--others', '--exclude-standard', '-z']));
}

/** Comparing with the work tree runs the programs that `filter.*` configures; without them, a file only counts as changed. */
function withoutFilters(git: Git): string[] {
  const { out } = git.ask(['config', '--name-only', '-z', '--get-regexp', '^filter\\.']);
  return readNames(out).flatMap(({ path }) => [
    '-c',
    /\.required$/i.test(path) ? `${path}=false` : `${path}=`,
  ]);
}

/** Whether a folder on the way is a link, which could lead anywhere. */
function isBehindLink(git: Git, name: Buffer, links: Map<string, boolean>): boolean {
  for (let slash = name.indexOf(0x2f); slash !== -1; slash = name.indexOf(0x2f, slash + 1)) {
    const folder = name.subarray(0, slash);
    const key = folder.toString('latin1');
    const link = links.get(key) ?? factsOf(git, folder)?.isSymbolicLink() === true;
    links.set(key, link);
    if (link) return true;
  }
  return false;
}

function factsOf(git: Git, name: Buffer): Stats | undefined {
  return lstatSync(fullName(git, name), { throwIfNoEntry: false });
}

/** Bytes, because not every name is UTF-8. */
function fullName(git: Git, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${git.root}/`), name]);
}
