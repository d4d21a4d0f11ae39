import type { Span } from '../../core/span.ts';
import type { OutlineList, OutlineMap, OutlineNode, OutlineScalar } from '../outline.ts';
import { type GoScalarValue, typeScalar } from './go-scalar.ts';
import { goQuote } from './go-text.ts';

/** A document as kube-apiserver's JSON decoder gets it: without anchors, tags and merge keys, each value with its place. */
export type GoValue = (GoScalarValue | GoArray | GoObject) & Span;

interface GoArray {
  readonly is: 'array';
  readonly items: readonly GoValue[];
}

export interface GoObject {
  readonly is: 'object';
  readonly members: readonly GoMember[];
}

export interface GoMember {
  readonly key: string;
  /** As Go prints it: texts in quotes. */
  readonly printed: string;
  readonly keySpan: Span;
  readonly value: GoValue;
}

/** What is the matter with YAML beyond its syntax. */
export interface YamlProblem extends Span {
  readonly reason: string;
}

/** A key that stands before in its mapping already. */
interface RepeatedKey {
  /** As Go prints it: texts in quotes. */
  readonly printed: string;
  readonly span: Span;
  /** Where its value begins: the line that Go names. */
  readonly line: number;
}

export interface ReadValue {
  readonly value: GoValue;
  /** Keys that stand twice in a mapping of YAML, in the order in which go-yaml meets them. */
  readonly repeated: readonly RepeatedKey[];
  /** The first thing that ends the reading. */
  readonly problem: YamlProblem | undefined;
}

/** go-yaml allows ten thousand; a configuration has ten. */
const deepest = 500;
/** Aliases that bring in more than this were made to be slow. */
const mostBrought = 100_000;

/**
 * Makes of an outline what sigs.k8s.io/yaml makes of the document. A YAML mapping's keys come sorted, the last of two that are
 * alike; JSON keeps them all as they stand.
 */
export function readGoValue(root: OutlineNode | undefined, text: string, json: boolean): ReadValue {
  return new ValueReader(text, json).read(root);
}

class ValueReader {
  readonly #text: string;
  readonly #json: boolean;
  readonly #anchored = new Map<string, OutlineNode>();
  /** Anchors of collections that are being read: an alias of one inside of it has no end. */
  readonly #open = new Set<string>();
  readonly #repeated: RepeatedKey[] = [];
  #brought = 0;
  #problem: YamlProblem | undefined;

  constructor(text: string, json: boolean) {
    this.#text = text;
    this.#json = json;
  }

  read(root: OutlineNode | undefined): ReadValue {
    const value: GoValue =
      root === undefined ? { is: 'null', start: 0, end: 0 } : this.#value(root, 0, undefined);
    return { value, repeated: this.#json ? [] : this.#repeated, problem: this.#problem };
  }

  /** @param at where it is brought to by an alias; its own place without */
  #value(node: OutlineNode, depth: number, at: Span | undefined): GoValue {
    const { start, end } = at ?? node;
    const nothing: GoValue = { is: 'null', start, end };
    if (at !== undefined) this.#brought++;
    if (this.#brought > mostBrought)
      return this.#stop(nothing, 'document contains excessive aliasing', nothing);
    if (depth > deepest) return this.#stop(node, 'it is nested too deeply', nothing);
    if (node.is === 'absent') return nothing;
    if (node.is === 'alias') return this.#aliased(node, depth, nothing);
    if (node.is === 'scalar') {
      if (node.anchor !== undefined) this.#anchored.set(node.anchor, node);
      const typed = typeScalar(node.text, node.style === 'plain', node.tag);
      // Of JSON, Go prints a number as it is written.
      return this.#json && typed.is === 'number'
        ? { is: 'number', text: node.text, start, end }
        : { ...typed, start, end };
    }
    return { ...this.#collection(node, depth, at), start, end };
  }

  #aliased(alias: Span, depth: number, nothing: GoValue): GoValue {
    const name = this.#text.slice(alias.start + 1, alias.end);
    const node = this.#anchored.get(name);
    if (this.#open.has(name)) return this.#stop(alias, `anchor '${name}' value contains itself`, nothing);
    if (node === undefined) return this.#stop(alias, `unknown anchor '${name}' referenced`, nothing);
    return this.#value(node, depth + 1, nothing);
  }

  #collection(node: OutlineMap | OutlineList, depth: number, at: Span | undefined): GoArray | GoObject {
    const { anchor } = node;
    if (anchor !== undefined) {
      this.#anchored.set(anchor, node);
      this.#open.add(anchor);
    }
    const value = node.is === 'map' ? this.#object(node, depth, at) : this.#array(node, depth, at);
    if (anchor !== undefined) this.#open.delete(anchor);
    return value;
  }

  #array(node: OutlineList, depth: number, at: Span | undefined): GoArray {
    return { is: 'array', items: node.items.map((item) => this.#value(item, depth + 1, at)) };
  }

  #object(node: OutlineMap, depth: number, at: Span | undefined): GoObject {
    const members: GoMember[] = [];
    const seen = new Set<string>();
    for (const { key, value } of node.pairs) {
      if (key === undefined) this.#stop(value, 'invalid map key', undefined);
      for (const member of key === undefined ? [] : this.#members(key, value, depth, at)) {
        members.push(member);
        const { printed, keySpan } = member;
        if (seen.has(printed)) this.#repeated.push({ printed, span: keySpan, line: member.value.start });
        seen.add(printed);
      }
    }
    return { is: 'object', members: this.#json ? members : sorted(members) };
  }

  #members(key: OutlineScalar, value: OutlineNode, depth: number, at: Span | undefined): readonly GoMember[] {
    if (key.text === '<<' && key.style === 'plain' && !this.#json) return this.#merged(value, depth);
    return [{ ...this.#key(key), keySpan: at ?? key, value: this.#value(value, depth + 1, at) }];
  }

  /** Keys of JSON are texts: `yes` as a key is `true`. */
  #key(key: OutlineScalar): Pick<GoMember, 'key' | 'printed'> {
    const typed = typeScalar(key.text, key.style === 'plain' && !this.#json, key.tag);
    if (typed.is === 'string') return { key: typed.text, printed: goQuote(typed.text) };
    if (typed.is === 'null') this.#problem ??= { start: key.start, end: key.end, reason: 'a key is null' };
    const printed = typed.is === 'bool' ? String(typed.value) : typed.is === 'number' ? typed.text : key.text;
    return { key: printed, printed };
  }

  #merged(value: OutlineNode, depth: number): readonly GoMember[] {
    const read = this.#value(value, depth + 1, undefined);
    // Of several, the earlier ones go before the later.
    const maps = read.is === 'array' ? read.items.toReversed() : [read];
    const reason = 'map merge requires map or sequence of maps as the value';
    if (maps.some(({ is }) => is !== 'object')) this.#stop(read, reason, undefined);
    return maps.flatMap((map) => (map.is === 'object' ? map.members : []));
  }

  #stop<T>(at: Span, reason: string, value: T): T {
    this.#problem ??= { start: at.start, end: at.end, reason };
    return value;
  }
}

function sorted(members: readonly GoMember[]): readonly GoMember[] {
  const byKey = new Map(members.map((member) => [member.key, member]));
  return [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
