import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Workspace } from './workspace.ts';

/** Why tests that need the real git are skipped where it is not there. */
export const noGit = spawnSync('git', ['--version']).status !== 0;

/** A repository of the real git, which sees nothing of the machine's own configuration. */
export class GitWorkTree extends Workspace {
  constructor(...init: readonly string[]) {
    super();
    this.git('init', '--quiet', ...init);
  }

  git(...args: readonly string[]): string {
    return this.gitIn('.', ...args);
  }

  gitIn(folder: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: this.path(folder),
      encoding: 'latin1',
      env: {
        PATH: process.env['PATH'],
        SystemRoot: process.env['SystemRoot'],
        HOME: join(this.root, '.git'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: join(this.root, '.git', 'no-such-file'),
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@example.com',
        GIT_ALLOW_PROTOCOL: 'file',
      },
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** What git tracks or would add: every path, sorted, with `/`. */
  notIgnored(): string[] {
    const output = this.git('ls-files', '--cached', '--others', '--exclude-standard', '-z');
    const paths = output.split('\0').slice(0, -1);
    return [...new Set(paths)].map((path) => Buffer.from(path, 'latin1').toString()).sort();
  }
}
