import * as l10n from '@vscode/l10n';
import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Span } from '../core/span.ts';
import { type GoType, readGoScalar } from '../manifest/go-yaml-scalar.ts';
import type { MappingWords } from './mapping-words.ts';
import type { PolicyProblem } from './policy.ts';
import { quoted } from './quoted.ts';
import { parseShallow, tooDeep } from './shallow-yaml.ts';

/** A member of a mapping. */
export interface ConfigMember {
  readonly key: string;
  readonly keyNode: Node;
  /** Undefined where nothing stands there, or null. */
  readonly value: Node | undefined;
}

/**
 * A YAML configuration as a Go program reads it into its types (go-yaml v3, decode.go): aliases and merge keys are followed,
 * and scalars have Go's types. What would not fit is a problem, and is taken for absent.
 */
export class GoConfig {
  readonly problems: PolicyProblem[] = [];
  /** The first document's; undefined where it is empty. */
  readonly root: Node | undefined;
  /** Whether it is YAML at all. */
  readonly isReadable: boolean;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #targets = new Map<Alias, Node>();
  #read = 0;

  constructor(text: string) {
    this.#text = text;
    // Go's types are told from the text; duplicates are told here, because yaml compares each with each.
    const options = { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' } as const;
    const [document] = parseShallow(text, this.#lines, options) ?? [];
    const [error] = document?.errors ?? [];
    this.isReadable = document !== undefined && error === undefined;
    if (document === undefined) {
      this.problems.push(tooDeep());
      return;
    }
    if (error !== undefined)
      this.problemAt({ start: error.pos[0], end: error.pos[1] }, l10n.t('this is not YAML'));
    // Once for all aliases: yaml would look through the document for each.
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_key, node) => {
        const target = isAlias(node) ? anchors.get(node.source) : undefined;
        if (isAlias(node) && target !== undefined) this.#targets.set(node, target);
        if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
    this.root = this.#present(document.contents);
  }

  problem(node: Node, message: string): void {
    this.problemAt(this.span(node), message);
  }

  problemAt(span: Span, message: string): void {
    this.problems.push({
      line: this.#lines.linePos(span.start).line,
      span: firstLineOf(this.#text, span),
      message,
    });
  }

  /** The members of a mapping; none, and a problem, where something else stands. */
  members(node: Node | undefined, words: Pick<MappingWords, 'noMapping'>): readonly ConfigMember[] {
    if (node === undefined) return [];
    if (isMap(node)) return this.#membersOf(node, new Set());
    this.problem(node, words.noMapping());
    return [];
  }

  /** The members of a mapping by key, of which only these may be there. */
  record(node: Node | undefined, known: readonly string[], words: MappingWords): ReadonlyMap<string, Node> {
    const record = new Map<string, Node>();
    for (const { key, keyNode, value } of this.members(node, words)) {
      if (!known.includes(key)) this.problem(keyNode, words.noMember(quoted(key), known.join(', ')));
      if (value !== undefined) record.set(key, value);
    }
    return record;
  }

  /** The items of a list, null for those that are; none, and a problem, where something else stands. */
  list(node: Node | undefined, what: string): readonly (Node | undefined)[] {
    if (node === undefined) return [];
    if (isSeq(node))
      return this.#mayRead(node, node.items.length) ? node.items.map((item) => this.#present(item)) : [];
    this.problem(node, l10n.t('{0} must be a list', what));
    return [];
  }

  /** Any scalar as it is written, as Go puts it into a string. */
  text(node: Node | undefined, what: string): string | undefined {
    if (node === undefined) return undefined;
    if (isScalar(node))
      return this.#mayRead(node, String(node.value).length / 8) ? String(node.value) : undefined;
    this.problem(node, l10n.t('{0} must be text', what));
    return undefined;
  }

  boolean(node: Node | undefined, what: string): boolean | undefined {
    if (node === undefined) return undefined;
    const written = isScalar(node) ? String(node.value) : '';
    const type = this.typeOf(node);
    if (type === 'bool') return written.toLowerCase() === 'true';
    if (type === 'str' && /^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(written)) return true;
    if (type === 'str' && /^(?:n|N|no|No|NO|off|Off|OFF)$/.test(written)) return false;
    this.problem(node, l10n.t('{0} must be true or false', what));
    return undefined;
  }

  integer(node: Node | undefined, what: string): number | undefined {
    if (node === undefined) return undefined;
    if (isScalar(node) && this.typeOf(node) === 'int') {
      const value = Number(new TextDecoder().decode(readGoScalar(String(node.value), formOf(node)).bytes));
      if (Number.isSafeInteger(value)) return value;
    }
    this.problem(node, l10n.t('{0} must be a whole number', what));
    return undefined;
  }

  /** Undefined for what is no scalar. */
  typeOf(node: Node): GoType | undefined {
    return isScalar(node) ? readGoScalar(String(node.value), formOf(node)).type : undefined;
  }

  span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return { start, end };
  }

  line(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }

  /** Its own members before those that it merges in, and of those the earlier before the later. */
  #membersOf(map: YAMLMap, around: ReadonlySet<YAMLMap>): readonly ConfigMember[] {
    const members = new Map<string, ConfigMember>();
    const merged: YAMLMap[] = [];
    if (!this.#mayRead(map, map.items.length)) return [];
    for (const { key: keyNode, value } of map.items) {
      const scalar = this.#follow(keyNode);
      if (!isScalar(scalar) || !isNode(keyNode)) {
        this.problem(isNode(keyNode) ? keyNode : map, l10n.t('this key is no text'));
        continue;
      }
      const key = String(scalar.value);
      if (key === '<<' && formOf(scalar).plain) merged.push(...this.#mapsIn(value));
      else if (members.has(key)) this.problem(keyNode, l10n.t('{0} stands twice', quoted(key)));
      else members.set(key, { key, keyNode, value: this.#present(value) });
    }
    if (merged.length > 0) this.#merge(merged, members, new Set([...around, map]));
    return [...members.values()];
  }

  #merge(merged: readonly YAMLMap[], members: Map<string, ConfigMember>, around: ReadonlySet<YAMLMap>): void {
    for (const other of merged) {
      if (around.has(other) || around.size > deepestMerge)
        this.problem(other, l10n.t('it merges itself, or far too deeply'));
      else
        for (const member of this.#membersOf(other, around))
          if (!members.has(member.key)) members.set(member.key, member);
    }
  }

  #mapsIn(value: unknown): readonly YAMLMap[] {
    const node = this.#follow(value);
    if (isMap(node)) return [node];
    const all = isSeq(node) ? node.items.map((item) => this.#follow(item)) : [];
    if (isNode(value) && all.length === 0) this.problem(value, l10n.t('there is nothing here to merge'));
    return all.filter((item) => isMap(item));
  }

  #present(value: unknown): Node | undefined {
    const node = this.#follow(value);
    return node === undefined || this.typeOf(node) === 'null' ? undefined : node;
  }

  #follow(value: unknown): Node | undefined {
    if (isAlias(value)) return this.#targets.get(value);
    return isNode(value) ? value : undefined;
  }

  /** Whether this much more may be read; told once where it may not. */
  #mayRead(node: Node, amount: number): boolean {
    const before = this.#read;
    this.#read += 1 + amount;
    if (before <= mostRead && this.#read > mostRead)
      this.problem(node, l10n.t('aliases make far too much of this file'));
    return this.#read <= mostRead;
  }
}

/** What of a place stands on its first line; yaml's errors may point behind the text. */
export function firstLineOf(text: string, { start, end }: Span): Span {
  const [line = ''] = text.slice(start, end).split(/[\r\n]/, 1);
  const from = Math.min(start, text.length);
  return { start: from, end: from + line.length };
}

/** No honest file merges into what is merged into something this often. */
const deepestMerge = 16;

/** Aliases of aliases could be written so as to multiply; no honest file comes near this. */
const mostRead = 100_000;

function formOf(node: Node): { readonly plain: boolean; readonly tag: string | undefined } {
  return { plain: isScalar(node) && node.type === 'PLAIN', tag: node.tag };
}
