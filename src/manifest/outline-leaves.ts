import type { Span } from '../core/span.ts';
import type { OutlineMap, OutlineNode } from './outline.ts';

/** A scalar value of a document. */
export interface OutlineLeaf {
  /** `data.password`, `users[0].token`. */
  readonly name: string;
  /** The nearest key above it. */
  readonly key: string;
  readonly keySpan: Span;
  readonly span: Span;
  readonly text: string;
}

interface Step {
  readonly node: OutlineNode;
  readonly name: string;
  readonly key: string;
  readonly keySpan: Span;
}

/** Every scalar value, in order. `isWanted` is asked of the keys at the top. Nothing recurses: documents may be nested deep. */
export function outlineLeaves(root: OutlineMap, isWanted: (key: string) => boolean): readonly OutlineLeaf[] {
  const leaves: OutlineLeaf[] = [];
  const open: Step[] = childrenOf({ node: root, name: '', key: '', keySpan: root })
    .filter(({ key }) => isWanted(key))
    .toReversed();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { node, name, key, keySpan } = step;
    if (node.is === 'scalar')
      leaves.push({ name, key, keySpan, span: { start: node.start, end: node.end }, text: node.text });
    else for (const child of childrenOf(step).toReversed()) open.push(child);
  }
  return leaves;
}

function childrenOf({ node, name, key, keySpan }: Step): readonly Step[] {
  if (node.is === 'list')
    return node.items.map((item, at) => ({ node: item, name: `${name}[${at}]`, key, keySpan }));
  if (node.is !== 'map') return [];
  return node.pairs.flatMap(({ key: own, value }) =>
    own === undefined
      ? []
      : [
          {
            node: value,
            name: name === '' ? own.text : `${name}.${own.text}`,
            key: own.text,
            keySpan: { start: own.start, end: own.end },
          },
        ],
  );
}
