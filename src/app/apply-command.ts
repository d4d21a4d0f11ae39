/**
 * The command line that opens a file and hands it to kubectl, for a POSIX shell. Undefined where the name holds what a
 * terminal might act on when it is pasted.
 *
 * @param path relative to where the command is to be run, with `/`
 */
export function applyCommand(path: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return undefined;
  return `purser decrypt ${quoted(path.startsWith('-') ? `./${path}` : path)} | kubectl apply -f -`;
}

/** What needs no quotes in any shell stays readable. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
