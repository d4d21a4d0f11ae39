import { dirname } from 'node:path';
import { searchedBytes } from '../app/history/sealed-values.ts';
import { shortestForm, ValueSearch } from '../app/history/value-search.ts';
import type { History, PastUse, SearchedPast } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { Git } from './git.ts';
import { readBlobs } from './git-blobs.ts';

/** In milliseconds. What a larger repository than most holds beyond that is not looked through. */
const patience = 10_000;
/** Blobs between two looks at the clock. */
const atOnce = 64;

const partlyCloned = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';

/** The objects that git keeps, searched in memory: no value is ever an argument of a program. */
export class GitHistory implements History {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  async find(path: string, values: readonly Plaintext[], signal: AbortSignal): Promise<PastUse | undefined> {
    if (values.length === 0) return undefined;
    const git = this.#around(dirname(path));
    return git && new Search(git, values, signal).run();
  }

  #around(folder: string): Git | undefined {
    try {
      return Git.around(folder, this.#env);
    } catch (error) {
      if (Failure.is(error, 'git.missing') || Failure.is(error, 'git.no-work-tree')) return undefined;
      throw error;
    }
  }
}

class Search {
  readonly #git: Git;
  readonly #values: number;
  readonly #search: ValueSearch;
  readonly #signal: AbortSignal;
  readonly #deadline = performance.now() + patience;
  #complete = true;

  constructor(git: Git, values: readonly Plaintext[], signal: AbortSignal) {
    this.#git = git;
    this.#values = values.length;
    this.#search = new ValueSearch(values.map((value) => value.expose()));
    this.#signal = signal;
  }

  async run(): Promise<PastUse> {
    const holders = await this.#holders();
    const { commits, first, written } = holders.size === 0 ? noCommits : await this.#commitsOf(holders);
    const values = new Set([...written].flatMap((object) => [...(holders.get(object) ?? [])]));
    const found = Array.from({ length: this.#values }, (_, index) => values.has(index));
    return { found, commits, first, searched: await this.#searched() };
  }

  get #late(): boolean {
    this.#signal.throwIfAborted();
    return performance.now() > this.#deadline;
  }

  /** The blobs in which values stand, each with these; also such as no commit refers to. */
  async #holders(): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
    const objects = await this.#blobs();
    const holders = new Map<string, ReadonlySet<number>>();
    let at = 0;
    for await (const blob of readBlobs(this.#git, objects)) {
      const object = objects[at++];
      if (at % atOnce === 0 && this.#late) break;
      if (object === undefined || !blob.ok) continue;
      const { values, complete } = this.#search.in(blob.value);
      this.#complete &&= complete;
      if (values.size > 0) holders.set(object, values);
    }
    return holders;
  }

  async #blobs(): Promise<readonly string[]> {
    const options = ['--batch-all-objects', '--unordered', '--buffer'];
    const blobs: string[] = [];
    for await (const lines of this.#lines(['cat-file', '--batch-check', ...options])) {
      for (const line of lines) {
        const [object = '', type, size] = line.split(' ');
        const bytes = Number(size);
        if (type === 'blob' && bytes >= shortestForm && bytes <= searchedBytes) blobs.push(object);
      }
    }
    return blobs;
  }

  /** The commits in which one of these blobs is new: of a merge, new to each of its parents. The latest come first. */
  async #commitsOf(holders: ReadonlyMap<string, unknown>) {
    const format = ['--format=%H', '--raw', '-c', '--no-abbrev', '--no-renames', '-r', '--root'];
    const harmless = ['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-notes', '--no-color'];
    const commits = new Set<string>();
    const written = new Set<string>();
    let [current, first] = ['', ''];
    for await (const lines of this.#lines(['log', '--exclude=refs/stash', '--all', ...format, ...harmless])) {
      for (const line of lines) {
        const object = newObjectOf(line);
        if (object === undefined) current = line === '' ? current : line;
        else if (holders.has(object)) {
          written.add(object);
          commits.add(current);
          first = current;
        }
      }
    }
    return { commits: commits.size, first: await this.#abbreviated(first), written };
  }

  async #abbreviated(commit: string): Promise<string> {
    return commit === '' ? '' : ((await this.#firstLine(['rev-parse', '--short', commit])) ?? commit);
  }

  async #searched(): Promise<SearchedPast> {
    if (this.#late || !this.#complete) return 'time';
    if ((await this.#firstLine(['rev-parse', '--is-shallow-repository'])) === 'true') return 'clone';
    return (await this.#firstLine(['config', '--get-regexp', partlyCloned])) === undefined ? 'all' : 'clone';
  }

  /** What git prints, in lines, as many at once as there are, until time is up. */
  async *#lines(args: readonly string[]): AsyncGenerator<readonly string[]> {
    const child = this.#git.start(args);
    let rest = '';
    try {
      // A git that does not run prints nothing.
      child.on('error', () => undefined);
      child.stdin.on('error', () => undefined);
      child.stdin.end();
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        if (this.#late) return;
        const lines = (rest + chunk.toString('latin1')).split('\n');
        rest = lines.pop() ?? '';
        yield lines;
      }
    } finally {
      child.stdout.destroy();
      child.kill();
    }
  }

  /** The first line that git prints, where it prints any. */
  async #firstLine(args: readonly string[]): Promise<string | undefined> {
    for await (const [line] of this.#lines(args)) return line;
    return undefined;
  }
}

const noCommits = { commits: 0, first: '', written: new Set<string>() };

/** Of `:MODE MODE OBJECT OBJECT STATUS`, with one more colon, mode and object for each further parent: the last object. */
function newObjectOf(line: string): string | undefined {
  const parents = /^:*/.exec(line)?.[0].length ?? 0;
  return parents === 0 ? undefined : line.split(/[ \t]/)[2 * parents + 1];
}
