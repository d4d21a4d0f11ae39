import type { Entry, Refusal } from './manifest.ts';
import type { OutlineNode } from './outline.ts';

/** One item of `spec.encryptedData`, where it stands. Its text is what `recogniseSealedItem` takes. */
export type SealedEntry = Omit<Entry, 'map' | 'aliased'>;

/**
 * The pairs of a map, each with what forbids to edit it.
 * @param anchor where one stands around the map
 * @param repeated where the map stands a second time
 */
export function readEntries(
  map: OutlineNode | undefined,
  anchor: number | undefined,
  repeated: number | undefined,
): readonly SealedEntry[] {
  if (map?.is !== 'map') return [];
  const around = anchor ?? anchorOf(map);
  const first = new Map<string, number>();
  for (const { key } of map.pairs) if (key && !first.has(key.text)) first.set(key.text, key.start);
  const last = new Map(map.pairs.map(({ key }) => [key?.text, key?.start]));
  return map.pairs.flatMap(({ key, value }): readonly SealedEntry[] => {
    if (key === undefined) return [];
    const other = [first.get(key.text), last.get(key.text)].find((at) => at !== key.start) ?? repeated;
    const scalar = value.is === 'scalar' ? value : undefined;
    return [
      {
        key: key.text,
        keySpan: { start: key.start, end: key.end },
        span: { start: value.start, end: value.end },
        style: value.is === 'absent' ? 'plain' : (scalar?.style ?? 'none'),
        text: scalar?.text ?? '',
        indent: map.indent,
        flow: map.flow,
        refusal: refusalOf(value, around, other),
      },
    ];
  });
}

function refusalOf(
  value: OutlineNode,
  anchor: number | undefined,
  duplicate: number | undefined,
): Refusal | undefined {
  if (value.is === 'alias') return { why: 'alias', at: value.start };
  if (value.is === 'map' || value.is === 'list') return { why: 'not-scalar' };
  const around = anchor ?? anchorOf(value);
  if (around !== undefined) return { why: 'alias', at: around };
  if (duplicate !== undefined) return { why: 'duplicate', at: duplicate };
  const tag = value.is === 'scalar' ? value.tag : undefined;
  return tag === undefined || tag === '!!str' || tag === '!' ? undefined : { why: 'tagged', tag };
}

/** Where a node that an alias may bring elsewhere stands. */
export function anchorOf(node: OutlineNode | undefined): number | undefined {
  return node !== undefined && 'anchor' in node && node.anchor !== undefined ? node.start : undefined;
}
