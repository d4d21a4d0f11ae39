import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import { findGit } from './git-program.ts';

/** What git answered, where failing is an answer too. */
export interface GitAnswer {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** Nothing that a repository's configuration names is run, and paths are those from the top folder. */
const options = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'diff.relative=false'];

/**
 * The environment of a hook stays, GIT_INDEX_FILE of `git commit -a` above all. Added is: sentences in English, nothing
 * written, no network (older versions of git know no GIT_NO_LAZY_FETCH, but obey GIT_ALLOW_PROTOCOL), no questions, and
 * objects as they are committed.
 */
const variables = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
};

/** A git work tree, asked from its top folder. */
export class Git {
  /** The top folder. */
  readonly root: string;
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(program: string, env: NodeJS.ProcessEnv, root: string) {
    this.#program = program;
    this.#env = env;
    this.root = root;
  }

  /** The work tree around a folder. Throws `git.missing`, `git.no-work-tree`, `git.failed`. */
  static around(folder: string, env: NodeJS.ProcessEnv): Git {
    const program = findGit(env, folder);
    if (program === undefined) throw new Failure('git.missing', {});
    const here = new Git(program, { ...env, ...variables }, folder);
    const { code, out, err } = here.ask(['rev-parse', '--is-inside-work-tree', '--show-cdup']);
    if (code !== 0 && !err.includes('not a git repository')) throw failed(err);
    const [inside, up = ''] = out.toString('utf8').split('\n');
    if (code !== 0 || inside !== 'true') throw new Failure('git.no-work-tree', {});
    return new Git(program, here.#env, resolve(folder, up));
  }

  /** The output of a git command. Throws `git.failed`. */
  run(args: readonly string[], input = ''): Buffer {
    const { code, out, err } = this.ask(args, input);
    if (code !== 0) throw failed(err);
    return out;
  }

  /** One line of output. Throws `git.failed`. */
  line(args: readonly string[], input = ''): string {
    return this.run(args, input)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }

  ask(args: readonly string[], input = ''): GitAnswer {
    const { status, stdout, stderr, error } = spawnSync(this.#program, [...options, ...args], {
      cwd: this.root,
      env: this.#env,
      input,
      maxBuffer: Number.POSITIVE_INFINITY,
      windowsHide: true,
    });
    if (error !== undefined) throw failed(error.message);
    return { code: status, out: stdout, err: stderr.toString('utf8') };
  }

  /** A git command to talk with. */
  start(args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
    return spawn(this.#program, [...options, ...args], {
      cwd: this.root,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
  }
}

function failed(stderr: string): Failure<'git.failed'> {
  const [first = ''] = stderr.split('\n');
  return new Failure('git.failed', {
    reason: first.replace(/^(?:fatal|error): /, '') || l10n.t('it gave no reason'),
  });
}
