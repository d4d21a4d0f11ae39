import type { Span } from '../core/span.ts';
import type { GoScalar } from './go-yaml-scalar.ts';
import type { Problem, ScalarStyle } from './manifest.ts';

/** Which of SOPS' stores reads a file: they type numbers differently, and only one knows comments and documents. */
export type SopsFormat = 'yaml' | 'json';

/** A scalar where it stands, and as SOPS types it. */
export interface SopsScalar {
  readonly kind: 'scalar';
  /** Quotes included, block scalars from the `|` to the end of their last line. */
  readonly span: Span;
  readonly style: ScalarStyle;
  readonly text: string;
  readonly scalar: GoScalar;
  /** An explicit tag as written, and where. */
  readonly tag: { readonly name: string; readonly span: Span } | undefined;
  /** Something may refer to it: what stands here stands elsewhere, too. */
  readonly anchored: boolean;
  readonly flow: boolean;
  /** Column of the block mapping or list around it. */
  readonly indent: number;
}

/** One line of a comment: SOPS encrypts each for itself. */
export interface SopsComment {
  readonly kind: 'comment';
  /** From the `#` to the end of the line. */
  readonly span: Span;
  /** What follows the `#`. */
  readonly text: string;
  /** It stands right above what it is about, or behind it: no reader of YAML would see it anywhere else. */
  readonly firm: boolean;
}

export interface SopsMember {
  readonly kind: 'member';
  readonly key: string;
  readonly keySpan: Span;
  readonly value: SopsNode;
}

/** A mapping in file order. Never a plain object, which would sort keys that look like numbers first. */
export interface SopsMap {
  readonly kind: 'map';
  readonly span: Span;
  readonly members: readonly (SopsMember | SopsComment)[];
  readonly anchored: boolean;
  readonly flow: boolean;
  /** Column of its keys. */
  readonly indent: number;
}

export interface SopsList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly (SopsNode | SopsComment)[];
  readonly anchored: boolean;
  readonly flow: boolean;
  readonly indent: number;
}

/** `*name`: SOPS reads what it refers to in its place. */
export interface SopsAlias {
  readonly kind: 'alias';
  readonly span: Span;
  readonly target: SopsNode;
}

export type SopsNode = SopsScalar | SopsMap | SopsList | SopsAlias;

export interface SopsDocument {
  /** With its `---`, up to the next document. */
  readonly span: Span;
  /** Undefined for a document that is empty but for comments. */
  readonly root: SopsMap | undefined;
}

/** A file as SOPS sees it, with positions. Where there are problems, SOPS or another reader would refuse it. */
export interface SopsText {
  readonly text: string;
  readonly format: SopsFormat;
  readonly documents: readonly SopsDocument[];
  readonly problems: readonly Problem[];
}

/** The members of a mapping without its comments. */
export function membersOf(map: SopsMap): readonly SopsMember[] {
  return map.members.filter((member) => member.kind === 'member');
}

/** Where the last value of a block collection ends: the one token that both readers of YAML agree to be its last. */
export function collectionEnd(children: readonly (SopsMember | SopsNode)[]): number {
  const last = children.at(-1);
  if (last?.kind === 'member') return Math.max(last.keySpan.end, last.value.span.end);
  return last?.span.end ?? 0;
}
