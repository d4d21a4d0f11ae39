/** More alternatives than anyone writes; braces inside braces multiply. */
const alternativesLimit = 200;

/**
 * Whether a glob matches a whole path: `*` and `?` within a segment, `**` over any number of segments, `{a,b}`
 * alternatives; dotfiles included, case counts. Our own because the patterns come from repositories: regular
 * expressions made of globs can be made to take exponential time, two pointers cannot.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const patterns = alternatives(glob) ?? [];
  return patterns.some((pattern) => matchSegments(segmentsOf(pattern), path.split('/')));
}

/** Whether a glob has no more alternatives than are looked at. One that has more matches nothing. */
export function isReadableGlob(glob: string): boolean {
  return alternatives(glob) !== undefined;
}

/** The glob with its first brace expanded, until none is left. */
function alternatives(glob: string): readonly string[] | undefined {
  const done: string[] = [];
  const todo = [glob];
  while (todo.length > 0) {
    if (done.length + todo.length > alternativesLimit) return undefined;
    const pattern = todo.pop() ?? '';
    const brace = innermostBrace(pattern);
    if (brace === undefined) done.push(pattern);
    else
      for (const part of brace.parts)
        todo.push(pattern.slice(0, brace.start) + part + pattern.slice(brace.end));
  }
  return done;
}

function innermostBrace(pattern: string) {
  const close = pattern.indexOf('}');
  const start = close === -1 ? -1 : pattern.lastIndexOf('{', close);
  if (start === -1) return undefined;
  return { start, end: close + 1, parts: pattern.slice(start + 1, close).split(',') };
}

/** What ends in `**` means the files below, of which each has a name. */
function segmentsOf(pattern: string): readonly string[] {
  const segments = pattern.split('/');
  return segments.at(-1) === '**' ? [...segments, '*'] : segments;
}

function matchSegments(patterns: readonly string[], segments: readonly string[]): boolean {
  return matchSequence(patterns, segments, (pattern) => pattern === '**', matchSegment);
}

function matchSegment(pattern: string, segment: string): boolean {
  return matchSequence(
    Array.from(pattern),
    Array.from(segment),
    (char) => char === '*',
    (char, other) => char === '?' || char === other,
  );
}

/** Matches with a wildcard for any run, going back only to the last wildcard: at worst |patterns| × |items| steps. */
function matchSequence(
  patterns: readonly string[],
  items: readonly string[],
  isWild: (pattern: string) => boolean,
  matches: (pattern: string, item: string) => boolean,
): boolean {
  let at = 0;
  let wild = -1;
  let resume = 0;
  for (let i = 0; i < items.length; ) {
    const pattern = patterns[at];
    if (pattern !== undefined && isWild(pattern)) {
      wild = at++;
      resume = i;
    } else if (pattern !== undefined && matches(pattern, items[i] ?? '')) {
      at++;
      i++;
    } else if (wild !== -1) {
      at = wild + 1;
      i = ++resume;
    } else return false;
  }
  return patterns.slice(at).every(isWild);
}
