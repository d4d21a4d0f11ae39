import type { CST } from 'yaml';

/** What stands around nodes and is no node itself. */
export interface Mark {
  readonly type: 'comment' | 'tag';
  readonly offset: number;
  readonly source: string;
}

/** The comments and tags of a file in file order. */
export function marksOf(tokens: readonly CST.Token[]): readonly Mark[] {
  const marks: Mark[] = [];
  const todo: unknown[] = [...tokens];
  while (todo.length > 0) {
    const next = todo.pop();
    if (Array.isArray(next)) todo.push(...next);
    else if (isToken(next)) {
      const { type, offset, source } = next;
      if (type === 'comment' || type === 'tag') marks.push({ type, offset, source: String(source) });
      else todo.push(next.start, next.sep, next.end, next.props, next.key, next.value, next.items);
    }
  }
  return marks.sort((a, b) => a.offset - b.offset);
}

/** The last mark of a kind before an offset. */
export function lastBefore(marks: readonly Mark[], type: Mark['type'], offset: number): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  while (low > 0 && marks[low - 1]?.type !== type) low--;
  return marks[low - 1];
}

interface AnyToken {
  readonly type: string;
  readonly offset: number;
  readonly [part: string]: unknown;
}

/** Items of collections are tokens without a type. */
function isToken(
  value: unknown,
): value is AnyToken &
  Readonly<Record<'start' | 'sep' | 'end' | 'props' | 'key' | 'value' | 'items' | 'source', unknown>> {
  return typeof value === 'object' && value !== null;
}
