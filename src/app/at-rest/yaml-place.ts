/** Where in a document of block YAML something is about to be typed. */
export interface YamlPlace {
  /** Keys from the root, `*` for an item of a list. */
  readonly path: readonly string[];
  /** The key whose value is being typed on its line; undefined where a key or an item begins. */
  readonly valueOf: string | undefined;
  /** Columns of the line's first character and of what is being typed. */
  readonly indent: number;
  readonly column: number;
}

interface Cell {
  readonly column: number;
  /** A key, or `*` for a dash. */
  readonly part: string;
}

/** Lines above that are looked at: a configuration has fewer. */
const farthest = 5000;

/**
 * Finds out by indentation where an offset is, in a text that need not parse. Undefined in a comment, a flow collection of
 * several lines or a scalar of several lines.
 */
export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start, offset);
  if (/^\s*#|\s#/.test(line)) return undefined;
  const { cells, column } = cellsOf(line);
  const indent = line.search(/\S|$/);
  const last = cells.at(-1);
  const isValue = last !== undefined && last.part !== '*';
  const path = pathAbove(text, start, isValue ? cells.slice(0, -1) : cells, isValue ? last.column : column);
  return { path, valueOf: isValue ? last.part : undefined, indent, column };
}

/** Dashes and keys of a line, and where what follows them begins. */
function cellsOf(line: string): { readonly cells: readonly Cell[]; readonly column: number } {
  const cells: Cell[] = [];
  let column = line.search(/\S|$/);
  for (;;) {
    const dash = /^-\s+/.exec(line.slice(column))?.[0];
    if (dash === undefined) break;
    cells.push({ column, part: '*' });
    column += dash.length;
  }
  const key = /^(["']?)([A-Za-z][A-Za-z0-9]*)\1\s*:(?=\s|$)\s*/.exec(line.slice(column));
  if (key === null) return { cells, column };
  return { cells: [...cells, { column, part: key[2] ?? '' }], column: column + key[0].length };
}

function pathAbove(text: string, from: number, own: readonly Cell[], column: number): readonly string[] {
  const path = own.map(({ part }) => part);
  // A dash may stand right below its key.
  let [first] = own;
  let limit = first === undefined ? column : first.part === '*' ? first.column + 1 : first.column;
  let end = from - 1;
  for (let left = farthest; end >= 0 && left > 0 && limit > 0; left--) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    end = start - 1;
    if (/^(?:---|\.\.\.)/.test(line)) break;
    if (/^\s*(?:#|$)/.test(line)) continue;
    for (const cell of cellsOf(line).cells.toReversed()) {
      const isParent = cell.column < limit && !(cell.part === '*' && first?.part === '*');
      if (!isParent) continue;
      path.unshift(cell.part);
      first = cell;
      limit = cell.part === '*' ? cell.column + 1 : cell.column;
    }
  }
  return path;
}
