import { Wildmatch } from './wildmatch.ts';

/** One line of a .gitignore file. */
interface Pattern {
  /** The later line wins. */
  readonly line: number;
  /** `!`: what it matches is not ignored. */
  readonly negated: boolean;
}

/** What makes a pattern more than the name it is. */
const special = /[*?[\\]/;

/** A pattern that must be tried on each path. */
interface TriedPattern extends Pattern {
  readonly matches: (name: string, folder: string, base: number) => boolean;
}

/** A .gitignore file, or `.git/info/exclude`, as dir.c of git reads it. Everything is a byte string. */
export class IgnorePatterns {
  readonly #ofFiles = new PatternTable();
  readonly #ofFolders = new PatternTable();

  /** Whether there is no pattern in it. */
  readonly isEmpty: boolean;

  constructor(text: string) {
    const lines = text.replace(/^\xef\xbb\xbf/, '').split('\n');
    for (const [line, content] of lines.entries()) this.#add(line, content);
    this.isEmpty = this.#ofFolders.isEmpty();
  }

  #add(line: number, content: string): void {
    if (content === '' || content.startsWith('#')) return;
    const whole = withoutTrailingSpaces(content.replace(/\r$/, '').replace(/\0.*/s, ''));
    const negated = whole.startsWith('!');
    const onlyFolders = whole.endsWith('/');
    const text = whole.slice(negated ? 1 : 0, onlyFolders ? -1 : undefined);
    this.#ofFolders.add({ line, negated }, text);
    if (!onlyFolders) this.#ofFiles.add({ line, negated }, text);
  }

  /**
   * Whether these patterns ignore a path; undefined where none matches it.
   *
   * @param name its last segment
   * @param folder what stands before that, from the root of the work tree; with its slash, or empty
   * @param base how much of `folder` leads to where the patterns stand
   */
  ignores(name: string, folder: string, base: number, isFolder: boolean): boolean | undefined {
    const pattern = (isFolder ? this.#ofFolders : this.#ofFiles).last(name, folder, base);
    return pattern === undefined ? undefined : !pattern.negated;
  }
}

/** Patterns by how they are found: hardly any has to be tried on a given name. */
class PatternTable {
  /** Names without a slash and without wildcards. */
  readonly #names = new Map<string, Pattern>();
  /** Paths without wildcards, by their name. */
  readonly #byName = new Map<string, TriedPattern[]>();
  /** By the character they end in. */
  readonly #byEnd = new Map<string, TriedPattern[]>();
  /** Those that end in a wildcard. */
  readonly #open: TriedPattern[] = [];

  add(pattern: Pattern, text: string): void {
    // `**/` before a name says what a name alone says.
    const rest = /^\*\*\/[^/]+$/.test(text) ? text.slice(3) : text.replace(/^\//, '');
    const isPath = rest.includes('/') || text.startsWith('/');
    if (!isPath && !special.test(rest)) this.#names.set(rest, pattern);
    else {
      const matches = isPath ? pathMatcher(rest) : nameMatcher(rest);
      if (matches !== undefined) this.#listFor(rest).push({ ...pattern, matches });
    }
  }

  #listFor(text: string): TriedPattern[] {
    if (!special.test(text)) return listAt(this.#byName, text.slice(text.lastIndexOf('/') + 1));
    const end = text.slice(-1);
    return special.test(end) || end === ']' ? this.#open : listAt(this.#byEnd, end);
  }

  isEmpty(): boolean {
    return this.#names.size + this.#byName.size + this.#byEnd.size + this.#open.length === 0;
  }

  /** The last pattern that matches. */
  last(name: string, folder: string, base: number): Pattern | undefined {
    let last = this.#names.get(name);
    for (const patterns of [
      this.#byName.get(name),
      this.#byEnd.get(name.charAt(name.length - 1)),
      this.#open,
    ])
      if (patterns !== undefined) last = lastMatch(patterns, last, name, folder, base);
    return last;
  }
}

function listAt(lists: Map<string, TriedPattern[]>, key: string): TriedPattern[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The last of these patterns that matches, where it stands after another, or else that. */
function lastMatch(
  patterns: readonly TriedPattern[],
  other: Pattern | undefined,
  name: string,
  folder: string,
  base: number,
): Pattern | undefined {
  for (let i = patterns.length - 1; i >= 0; i--) {
    const pattern = patterns[i];
    if (pattern === undefined || (other !== undefined && pattern.line < other.line)) break;
    if (pattern.matches(name, folder, base)) return pattern;
  }
  return other;
}

/** A pattern without a slash: the name alone counts. */
function nameMatcher(text: string): TriedPattern['matches'] | undefined {
  if (/^\*[^*?[\\]*$/.test(text)) {
    const ending = text.slice(1);
    return (name) => name.endsWith(ending);
  }
  const pattern = Wildmatch.compile(text);
  const part = longestLiteral(text);
  return pattern && ((name) => name.includes(part) && pattern.matches(name, 0));
}

/** A part that whatever matches must have: to look for it is quicker than to match. */
function longestLiteral(text: string): string {
  const literals = text.split(/\\.?|\[.*|[*?]/s);
  return literals.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
}

/** A pattern with a slash: the path counts. As in git, what follows the last literal character is matched alone. */
function pathMatcher(text: string): TriedPattern['matches'] | undefined {
  const length = text.search(special);
  if (length === -1) return (name, folder, base) => (folder + name).slice(base) === text;
  const pattern = Wildmatch.compile(text.slice(length));
  if (pattern === undefined) return undefined;
  const literal = text.slice(0, length);
  const [first] = literal;
  return (name, folder, base) => {
    // Nearly always this is enough, and the path need not be put together.
    if (first !== undefined && first !== (base < folder.length ? folder[base] : name[0])) return false;
    const path = folder + name;
    return path.startsWith(literal, base) && pattern.matches(path, base + length);
  };
}

/** Spaces at the end do not count, unless a backslash stands before them. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') {
      at++;
      end = at + 1;
    } else if (line[at] !== ' ') end = at + 1;
  }
  return line.slice(0, end);
}
