/** A pattern of Go's regexp, unanchored; undefined stands for one that is broken, which matches nothing. */
export type CompileRe2 = (pattern: string) => ((text: string) => boolean) | undefined;

/** RE2 itself, because patterns come from the repository: it cannot be made to take exponential time. */
export async function loadRe2(): Promise<CompileRe2> {
  const { RE2JS } = await import('re2js');
  return (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern);
      return (candidate) => compiled.matcher(candidate).find();
    } catch {
      return undefined;
    }
  };
}
