/**
 * Asks again and again until the answer is neither `undefined` nor `false`.
 *
 * @template T
 * @param {string} what for the error: "waited for …"
 * @param {() => Promise<T | undefined | false>} ask
 * @param {{ timeoutMs?: number, intervalMs?: number }} [options]
 * @returns {Promise<T>}
 * @throws {Error} after `timeoutMs` (30 seconds)
 */
export async function until(what, ask, { timeoutMs = 30_000, intervalMs = 50 } = {}) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`);
}

/** Whether it comes into view within two seconds. @param {import('playwright-core').Locator} locator */
export async function appears(locator) {
  return locator.waitFor({ timeout: 2000 }).then(
    () => true,
    () => false,
  );
}

/** A string as CSS selectors and JavaScript both write it. @param {string} text */
export function quoted(text) {
  return JSON.stringify(text);
}
