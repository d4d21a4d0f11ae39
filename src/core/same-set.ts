/** Whether two lists name the same, in whatever order and however often. */
export function isSameSet(these: readonly string[], those: readonly string[]): boolean {
  return these.every((one) => those.includes(one)) && those.every((one) => these.includes(one));
}
