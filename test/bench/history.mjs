import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { temporaryFolder } from '../host/cache.mjs';
import { longHistory } from './long-history.mjs';
import { atMost, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

const COMMITS = 5000;
const ROUNDS = 5;
const MANY = 100;

/**
 * Looking for values in the history of 5,000 commits, against git reading every object of it: `cat-file` alone, with nobody
 * who looks. Wall-clock, for that is when a person is told. Loose objects are what a repository is made of until git packs it;
 * this one is packed, as clones are.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function history({ GitHistory, Plaintext }) {
  const temporary = await temporaryFolder();
  const cwd = temporary.path;
  try {
    const value = 'velvet-anchor-1987-drumstick-fox';
    const planted = (/** @type {number} */ commit) =>
      commit % 1000 === 7
        ? `kind: Secret\nstringData:\n  password: ${value}\n  at: "${commit}"\n`
        : undefined;
    spawnSync('git', ['init', '-q'], { cwd });
    spawnSync('git', ['fast-import', '--quiet'], { cwd, input: longHistory(COMMITS, planted) });
    const find = (/** @type {string[]} */ ...texts) =>
      new GitHistory(process.env).find(
        join(cwd, 'a.yaml'),
        texts.map((text) => Plaintext.fromText(text)),
        new AbortController().signal,
      );
    const others = Array.from(
      { length: MANY },
      (_, at) => `${'never-there'.slice(at % 5)}-canary-${at * 7919}`,
    );
    const found = await find(value);
    if (found.commits !== COMMITS / 1000) throw new Error(`found in ${found.commits} commits`);
    const read =
      "git cat-file --batch-all-objects --unordered --buffer --batch-check='%(objectname) %(objecttype)' | awk '$2==\"blob\"{print $1}' | git cat-file --batch --buffer >/dev/null";
    const subjects = {
      git: () => promisify(execFile)('sh', ['-c', read], { cwd }),
      nothing: () => find('never-there-canary'),
      something: () => find(value),
      many: () => find(...others, value),
    };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const { git, nothing, something, many } = await leastSeconds(subjects);
    delay.disable();
    return [
      shown(`git reading the blobs of ${COMMITS} commits`, `${git.toFixed(2)} s`),
      atMost('looking for a value that is not there', nothing, 2, ' s'),
      atMost('looking for one that is, and for its commits', something, 2, ' s'),
      atMost(`looking for ${MANY}`, many, 2, ' s'),
      atMost('looking for a value that is not there, against git reading', nothing / git, 4, ' ×'),
      atMost(`looking for ${MANY}, against that`, many / git, 5, ' ×'),
      atMost('the event loop meanwhile, p99', delay.percentile(99) / 1e6, 16, ' ms'),
    ];
  } finally {
    await temporary.remove();
  }
}

/**
 * In turns, the least of all rounds.
 *
 * @template {string} N
 * @param {Readonly<Record<N, () => Promise<unknown>>>} subjects
 */
async function leastSeconds(subjects) {
  const entries = /** @type {[N, () => Promise<unknown>][]} */ (Object.entries(subjects));
  const least = /** @type {Record<N, number>} */ ({});
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of entries) {
      const start = performance.now();
      await run();
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, (performance.now() - start) / 1000);
    }
  }
  return least;
}
