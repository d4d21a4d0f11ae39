import { join } from 'node:path';
import type { FoundFile } from '../app/repository-scan.ts';
import type { Git } from './git.ts';
import { readBlobs } from './git-blobs.ts';
import { type GitEntry, isRegular, readRawDiff } from './git-records.ts';

/**
 * The files that a commit would add or change, with the content that the index has. Symbolic links and submodules are left
 * out. A renamed file is one that is added. Throws `git.failed`.
 *
 * @param wanted asked with a file's absolute path, before it is read
 */
export async function* stagedFiles(
  git: Git,
  wanted: (path: string) => boolean | Promise<boolean>,
): AsyncGenerator<FoundFile> {
  const files: { readonly path: string; readonly object: string; readonly before?: string }[] = [];
  for (const { path, ...entry } of stagedEntries(git).filter(isRegular)) {
    const file = { ...entry, path: join(git.root, path) };
    if (await wanted(file.path)) files.push(file);
  }
  const blobs = readBlobs(
    git,
    files.map(({ object }) => object),
  );
  for (const { path, before } of files) {
    const { value: blob } = await blobs.next();
    if (blob === undefined) return;
    yield {
      path,
      problem: undefined,
      read() {
        if (blob.ok) return blob.value;
        throw blob.failure.at({ path });
      },
      before: () => (before === undefined ? undefined : objectOf(git, before)),
    };
  }
}

/** Asked of few files: each is a process. Undefined for what is not in this clone. */
function objectOf(git: Git, object: string): Uint8Array | undefined {
  const { code, out } = git.ask(['cat-file', 'blob', object]);
  return code === 0 ? out : undefined;
}

function stagedEntries(git: Git): GitEntry[] {
  const options = ['--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=all'];
  return readRawDiff(git.run(['diff-index', ...options, '--diff-filter=d', headOrNothing(git), '--']));
}

/** What the index is compared with: before the first commit, the empty tree. */
function headOrNothing(git: Git): string {
  const { code } = git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return code === 0 ? 'HEAD' : git.line(['hash-object', '-t', 'tree', '--stdin']);
}
