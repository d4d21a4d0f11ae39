import { spawnSync } from 'node:child_process';
import type { Sandbox } from './cli.ts';

export interface GitRan {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const identity = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  // Submodules and clones of the tests are folders beside them.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
};

/** The real git, in a repository that a sandbox holds. */
export class GitRepository {
  readonly sandbox: Sandbox;
  /** Where commands run. */
  readonly folder: string;

  constructor(sandbox: Sandbox, folder = sandbox.root) {
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /** A repository with no commit yet. */
  static init(sandbox: Sandbox): GitRepository {
    const repository = new GitRepository(sandbox);
    repository.git('init', '-q', '-b', 'main');
    return repository;
  }

  /** Another work tree or clone inside the sandbox. */
  at(folder: string): GitRepository {
    return new GitRepository(this.sandbox, folder);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...this.sandbox.env, ...identity };
  }

  /** Runs git; throws where it fails. */
  git(...args: readonly string[]): string {
    const ran = this.try(args);
    if (ran.code !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  try(args: readonly string[], options: GitOptions = {}): GitRan {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: options.cwd ?? this.folder,
      env: { ...this.env, ...options.env },
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }

  /** Stages everything and commits it without hooks. */
  commit(message = 'a commit'): void {
    this.git('add', '-A');
    this.git('commit', '-q', '--no-verify', '--allow-empty', '-m', message);
  }
}
