import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Repository } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import type { Git } from './git.ts';
import { readBlobs } from './git-blobs.ts';
import { type GitEntry, isRegular, readStage } from './git-records.ts';
import { NodeFiles } from './node-files.ts';

/** The files of a repository as its index has them: what a commit would hold, whatever stands in the work tree. */
export class IndexFiles extends NodeFiles implements Repository {
  readonly #git: Git;
  /** By path from the top folder. */
  readonly #entries: ReadonlyMap<string, GitEntry>;

  constructor(git: Git) {
    super();
    this.#git = git;
    this.#entries = new Map(readStage(git.run(['ls-files', '--stage', '-z'])).map((one) => [one.path, one]));
  }

  override async read(path: string): Promise<Uint8Array> {
    const entry = this.#entryOf(path);
    if (entry === undefined) throw unreadable(path, l10n.t('it is not in the index'));
    if (!isRegular(entry)) throw unreadable(path, l10n.t('it is not a regular file'));
    for await (const blob of readBlobs(this.#git, [entry.object])) {
      if (blob.ok) return blob.value;
      throw blob.failure.at({ path });
    }
    throw unreadable(path, l10n.t('it is not in the index'));
  }

  /** Of folders, only the repository's own `.git` is there. */
  override async exists(path: string): Promise<boolean> {
    return path === join(this.#git.root, '.git') || this.#entryOf(path) !== undefined;
  }

  /** No link is followed: what it leads to need not be in the index. */
  override async realPath(path: string): Promise<string> {
    return path;
  }

  async holds(path: string): Promise<boolean> {
    return this.has(path);
  }

  /** Whether the index has a file of this path. */
  has(path: string): boolean {
    return this.#entryOf(path) !== undefined;
  }

  #entryOf(path: string): GitEntry | undefined {
    return this.#entries.get(this.relative(this.#git.root, path));
  }
}

function unreadable(path: string, reason: string): Failure<'file.unreadable'> {
  return new Failure('file.unreadable', { reason }, { path });
}
