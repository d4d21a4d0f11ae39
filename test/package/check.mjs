/**
 * One thing that must be true of the package, the lockfile or the documents, as a sentence; `check` throws where it is not.
 *
 * @typedef {{ name: string, check: () => void | Promise<void> }} Check
 */

/**
 * @param {readonly string[]} problems
 * @throws {Error} that lists them, where there are any
 */
export function expectNone(problems) {
  const shown = problems.slice(0, 20);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  if (problems.length > 0) throw new Error(shown.join('\n    '));
}
