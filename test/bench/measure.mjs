/** What was measured against what it may be. @typedef {{ what: string, figure: string, budget: string, ok: boolean | undefined }} Row
 * `ok` is undefined where there is no budget */

/**
 * CPU seconds (user and system, all threads) of each subject: run in turns, so that noise meets all of them, the least of
 * the rounds taken, after one round to warm up.
 *
 * @template {string} N
 * @param {Readonly<Record<N, () => unknown>>} subjects
 * @param {number} [rounds]
 * @returns {Promise<Record<N, number>>}
 */
export async function cpuSeconds(subjects, rounds = 7) {
  const entries = /** @type {[N, () => unknown][]} */ (Object.entries(subjects));
  const least = /** @type {Record<N, number>} */ (
    Object.fromEntries(entries.map(([name]) => [name, Number.POSITIVE_INFINITY]))
  );
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of entries) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) least[name] = Math.min(least[name], (user + system) / 1e6);
    }
  }
  return least;
}

/** In milliseconds: what takes less is run several times in its turn, so that it is warm. */
const TURN = 150;

/**
 * Milliseconds by the clock that each subject takes, which is what a person waits for: in turns of `TURN`, the least of all.
 *
 * @template {string} N
 * @param {Readonly<Record<N, () => unknown>>} subjects
 * @param {number} rounds
 * @returns {Promise<Record<N, number>>}
 */
export async function leastMilliseconds(subjects, rounds) {
  const entries = /** @type {[N, () => unknown][]} */ (Object.entries(subjects));
  const least = /** @type {Record<N, number>} */ ({});
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of entries) {
      const until = performance.now() + TURN;
      do {
        const [took = 0] = await milliseconds(1, run);
        least[name] = Math.min(least[name] ?? took, took);
      } while (performance.now() < until);
    }
  }
  return least;
}

/** Milliseconds that `run` takes, for each of `times` runs. @param {number} times @param {(index: number) => unknown} run */
export async function milliseconds(times, run) {
  const all = [];
  for (let index = 0; index < times; index++) {
    const start = performance.now();
    await run(index);
    all.push(performance.now() - start);
  }
  return all;
}

/** @param {readonly number[]} values @param {number} share such as 0.95 */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {string} what @param {number} value @param {number} limit @param {string} unit @returns {Row} */
export function atMost(what, value, limit, unit) {
  return { what, figure: `${rounded(value)}${unit}`, budget: `≤ ${limit}${unit}`, ok: value <= limit };
}

/** @param {string} what @param {number} value @param {number} limit @param {string} unit @returns {Row} */
export function atLeast(what, value, limit, unit) {
  return { what, figure: `${rounded(value)}${unit}`, budget: `≥ ${limit}${unit}`, ok: value >= limit };
}

/** @param {string} what @param {string} figure @returns {Row} */
export function shown(what, figure) {
  return { what, figure, budget: '', ok: undefined };
}

/** @param {number} seconds */
export function inMilliseconds(seconds) {
  return `${rounded(seconds * 1000)} ms`;
}

/** @param {number} value */
export function rounded(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
