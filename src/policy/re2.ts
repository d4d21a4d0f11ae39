import type { CompilePattern } from '../core/sops-selection.ts';

/** RE2 itself, because patterns come from the repository: it cannot be made to take exponential time. */
export async function loadRe2(): Promise<CompilePattern> {
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
