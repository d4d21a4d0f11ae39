const messageAtMost = 1_000;

/** Text of a server's, cut where it is long. Never in the middle of a character. */
export function cut(said: string, limit = messageAtMost): string {
  if (said.length <= limit) return said;
  // A copy: V8 keeps the whole text as long as there is a slice of it.
  const start = Buffer.from(said.slice(0, limit - 1)).toString();
  return `${start.replace(/\ufffd$/, '')}…`;
}
