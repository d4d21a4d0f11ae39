import type { OutlineNode, OutlinePair } from './outline.ts';

/** A pair of an object that is to be written: kept as it stands, a new value, or a map of more. */
export type Piece = KeptPiece | ValuePiece | MapPiece;

export interface KeptPiece {
  readonly is: 'kept';
  readonly key: string;
  readonly pair: OutlinePair;
}

export interface ValuePiece {
  readonly is: 'value';
  readonly key: string;
  readonly value: string;
  /** The pair it stands for, whose comments stay. */
  readonly like: OutlinePair | undefined;
  /** Pairs that go, whose comments above them come above this one. */
  readonly above: readonly OutlinePair[];
}

export interface MapPiece {
  readonly is: 'map';
  readonly key: string;
  readonly children: readonly Piece[];
  readonly like: OutlinePair | undefined;
  readonly above: readonly OutlinePair[];
}

export function kept(pair: OutlinePair): KeptPiece {
  return { is: 'kept', key: pair.key?.text ?? '', pair };
}

export function value(
  key: string,
  text: string,
  like?: OutlinePair,
  above: readonly OutlinePair[] = [],
): ValuePiece {
  return { is: 'value', key, value: text, like, above };
}

export function map(
  key: string,
  children: readonly Piece[],
  like?: OutlinePair,
  above: readonly OutlinePair[] = [],
): MapPiece {
  return { is: 'map', key, children, like, above };
}

/** What a node holds, as text to compare: keys in order, every scalar as its text. */
export function contentOfNode(node: OutlineNode): string {
  if (node.is === 'scalar') return JSON.stringify(node.text);
  if (node.is === 'list') return `[${node.items.map(contentOfNode).join()}]`;
  if (node.is !== 'map') return node.is;
  return contentOfPairs(node.pairs.map(({ key, value: at }) => [key?.text ?? '', contentOfNode(at)]));
}

/** What pieces hold, once they are written. */
export function contentOfPieces(pieces: readonly Piece[]): string {
  return contentOfPairs(
    pieces.map((piece) => {
      if (piece.is === 'kept') return [piece.key, contentOfNode(piece.pair.value)];
      return [
        piece.key,
        piece.is === 'value' ? JSON.stringify(piece.value) : contentOfPieces(piece.children),
      ];
    }),
  );
}

function contentOfPairs(pairs: readonly (readonly [key: string, content: string])[]): string {
  return `{${pairs.map(([key, content]) => `${JSON.stringify(key)}:${content}`).join()}}`;
}
