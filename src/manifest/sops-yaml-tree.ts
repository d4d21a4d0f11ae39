import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { utf8 } from '../core/bytes.ts';
import type { Span } from '../core/span.ts';
import { readGoScalar } from './go-yaml-scalar.ts';
import type { Problem, ScalarStyle } from './manifest.ts';
import { disputedPlaces, messageOf, tooDeep } from './parse.ts';
import { placeComments } from './sops-comments.ts';
import { maskEmptyMaps } from './sops-empty-maps.ts';
import {
  collectionEnd,
  type SopsDocument,
  type SopsMap,
  type SopsMember,
  type SopsNode,
  type SopsScalar,
  type SopsText,
} from './sops-tree.ts';
import { afterBlankLines, nextLine } from './yaml-lines.ts';
import { lastBefore, type Mark, marksOf } from './yaml-marks.ts';
import { blockHeader, blockSpanEnd } from './yaml-scalar.ts';

/** `readSopsYaml` by way of the parser, which knows all of YAML: the judge of what is read without it. */
export function parseSopsYaml(text: string): SopsText {
  try {
    return readDocuments(text);
  } catch (error) {
    // The parser recurses; what overflows its stack is nested deeper than any manifest.
    if (!(error instanceof RangeError)) throw error;
    return { text, format: 'yaml', documents: [], problems: [{ offset: 0, message: tooDeep }] };
  }
}

function readDocuments(text: string): SopsText {
  const masked = maskEmptyMaps(text);
  const tokens = [...new Parser().parse(masked.text)];
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    strict: true,
  });
  const composed = [...composer.compose(tokens, true, text.length)];
  const problems: Problem[] = [...disputedPlaces(text, { start: 0, end: text.length })];
  const marks = [...marksOf(tokens), ...masked.comments].sort((a, b) => a.offset - b.offset);
  let end = 0;
  const documents = composed.map((document) => {
    const problem = document.errors[0];
    if (problem !== undefined) problems.push({ offset: problem.pos[0], message: messageOf(problem) });
    const { explicit, version } = document.directives.yaml;
    if (explicit === true && version !== '1.1')
      problems.push({
        offset: end,
        message: 'SOPS reads YAML 1.1, and this says that it is of another version',
      });
    // The parser counts what stands before the first `---` to no document.
    // Behind a key without a value, it counts blank lines to none, too, or to the next.
    const span = { start: end, end: afterBlankLines(text, document.range[2]) };
    end = span.end;
    return new TreeReader(text, marks, problems).read(document, span);
  });
  const bare = documents.length === 0 || text.trim() === '';
  if (bare) problems.push({ offset: 0, message: 'there is no document in this file' });
  return { text, format: 'yaml', documents: bare ? [] : documents, problems };
}

interface Around {
  readonly flow: boolean;
  readonly indent: number;
}

/** Makes one document's tree of what the parser made. */
class TreeReader {
  readonly #text: string;
  readonly #marks: readonly Mark[];
  readonly #problems: Problem[];
  readonly #anchors = new Map<string, SopsNode>();
  /** The names of anchors that something refers to. */
  #aliased: ReadonlySet<string> = new Set();

  constructor(text: string, marks: readonly Mark[], problems: Problem[]) {
    this.#text = text;
    this.#marks = marks;
    this.#problems = problems;
  }

  read(document: Document.Parsed, span: Span): SopsDocument {
    const { start, end } = span;
    const { contents } = document;
    if (document.errors.length > 0 || contents === null || isEmpty(contents))
      return { span, root: undefined };
    if (!isMap(contents)) {
      const what = isSeq(contents) ? 'a list' : 'no mapping';
      this.#problem(document.range[0], `the document is ${what}; SOPS takes nothing but mappings`);
      return { span, root: undefined };
    }
    this.#aliased = aliasesIn(document);
    const root = this.#map(contents, { flow: false, indent: 0 });
    const comments = this.#marks.filter(
      ({ type, offset }) => type === 'comment' && offset >= start && offset < end,
    );
    return { span, root: placeComments(this.#text, root, comments) };
  }

  #node(node: unknown, around: Around): SopsNode | undefined {
    if (isScalar(node)) return this.#scalar(node, around);
    if (isMap(node)) return this.#map(node, around);
    if (isSeq(node)) return this.#list(node, around);
    if (!isAlias(node)) return undefined;
    const span = spanOf(node);
    const target = this.#anchors.get(node.source);
    if (target === undefined) this.#problem(span.start, 'this alias refers to nothing before it');
    return target === undefined ? undefined : { kind: 'alias', span, target };
  }

  #list(node: YAMLSeq, around: Around): SopsNode {
    const inside = this.#inside(node, around);
    const items = node.items.flatMap((item) => this.#node(item, inside) ?? []);
    const anchored = this.#aliased.has(node.anchor ?? '');
    const span = collectionSpan(node, items);
    return this.#named(node.anchor, { kind: 'list', span, items, anchored, ...inside });
  }

  #map(node: YAMLMap, around: Around): SopsMap {
    const inside = this.#inside(node, around);
    const seen = new Set<string>();
    const members = node.items.flatMap((pair): SopsMember[] => {
      const key = this.#key(pair.key);
      const value = this.#node(pair.value, inside);
      if (key === undefined || value === undefined) return [];
      if (seen.has(key.key)) this.#problem(key.keySpan.start, 'this key stands twice in its mapping');
      seen.add(key.key);
      return [{ kind: 'member', ...key, value }];
    });
    const anchored = this.#aliased.has(node.anchor ?? '');
    const span = collectionSpan(node, members);
    return this.#named(node.anchor, { kind: 'map', span, members, anchored, ...inside });
  }

  /** SOPS takes keys that are strings to Go: `1:` and `true:` are none, `"1":` is. */
  #key(node: unknown): Pick<SopsMember, 'key' | 'keySpan'> | undefined {
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    const read = isScalar(node) ? this.#scalar(node, { flow: false, indent: 0 }) : undefined;
    if (read?.scalar.type === 'str') {
      const key = read.tag === undefined ? read.text : (utf8(read.scalar.bytes) ?? read.text);
      return { key, keySpan: read.span };
    }
    this.#problem(read?.span.start ?? offset, 'this key is no string, and SOPS takes no other keys');
    return undefined;
  }

  #scalar(node: Scalar, { flow, indent }: Around): SopsScalar {
    const style = styles.get(node.type ?? '') ?? 'plain';
    const text = typeof node.value === 'string' ? node.value : '';
    const span = this.#scalarSpan(spanOf(node), style);
    const tagMark = node.tag === undefined ? undefined : lastBefore(this.#marks, 'tag', span.start);
    const tag =
      tagMark === undefined
        ? undefined
        : {
            name: node.tag ?? tagMark.source,
            span: { start: tagMark.offset, end: tagMark.offset + tagMark.source.length },
          };
    const scalar = readGoScalar(text, { plain: style === 'plain', tag: tag?.name });
    const anchored = this.#aliased.has(node.anchor ?? '');
    return this.#named(node.anchor, {
      kind: 'scalar',
      span,
      style,
      text,
      scalar,
      tag,
      anchored,
      flow,
      indent,
    });
  }

  /** The parser counts the line breaks behind a block scalar to it. */
  #scalarSpan({ start, end }: Span, style: ScalarStyle): Span {
    if (style !== 'literal' && style !== 'folded') return { start, end };
    const header = blockHeader(this.#text, start, end);
    if (header === undefined) return { start, end };
    const body = { start: nextLine(this.#text, header.end, end), next: end, indent: 0 };
    return { start, end: blockSpanEnd(this.#text, header, body) };
  }

  #named<N extends SopsNode>(anchor: string | undefined, node: N): N {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #inside(node: YAMLMap | YAMLSeq, around: Around): Around {
    const flow = around.flow || node.flow === true;
    if (flow) return { flow, indent: around.indent };
    const start = spanOf(node).start;
    return { flow, indent: start - (this.#text.lastIndexOf('\n', start - 1) + 1) };
  }

  #problem(offset: number, message: string): void {
    this.#problems.push({ offset, message });
  }
}

function aliasesIn(document: Document.Parsed): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void names.add(source) });
  return names;
}

const styles: ReadonlyMap<string, ScalarStyle> = new Map([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
  ['BLOCK_LITERAL', 'literal'],
  ['BLOCK_FOLDED', 'folded'],
]);

/** A document of nothing, or of null: SOPS reads an empty mapping. */
function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.type === 'PLAIN' && /^(?:~|null|Null|NULL)?$/.test(String(node.value));
}

/** The parser counts comments and line breaks behind a block collection to it. */
function collectionSpan(node: YAMLMap | YAMLSeq, children: readonly (SopsMember | SopsNode)[]): Span {
  const { start, end } = spanOf(node);
  return { start, end: node.flow === true || children.length === 0 ? end : collectionEnd(children) };
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}
