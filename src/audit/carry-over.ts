/**
 * Where each item of a list stood in an earlier version of it, -1 for what is new: items before and after the changed
 * ones are the same as before, so a keystroke among 10,000 costs one comparison each and one new result.
 */
export function carriedOver<Old, Now>(
  old: readonly Old[],
  now: readonly Now[],
  isSame: (old: Old, now: Now) => boolean,
): (index: number) => number {
  const shorter = Math.min(now.length, old.length);
  const sameAt = (before: number, after: number) => isSame(old[before] as Old, now[after] as Now);
  let head = 0;
  while (head < shorter && sameAt(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && sameAt(old.length - 1 - tail, now.length - 1 - tail)) tail++;
  const added = old.length - now.length;
  return (index) => (index < head ? index : index >= now.length - tail ? index + added : -1);
}
