import { type OutlineMap, type OutlineNode, textAt, valueAt } from './outline.ts';

/** A Kubernetes object of a document, and what it is: in a typed List, items need not say so. */
interface FoundObject {
  readonly object: OutlineMap;
  readonly kind: string | undefined;
  /** Where an anchor stands around it. */
  readonly anchor: number | undefined;
}

/** The objects of a document: the one it is, or the items of a List. */
export function objectsOf(root: OutlineNode | undefined): readonly FoundObject[] {
  if (root?.is !== 'map') return [];
  const kind = textAt(root, 'kind');
  const items = valueAt(root, 'items');
  if (kind?.endsWith('List') !== true || items?.is !== 'list')
    return [{ object: root, kind, anchor: undefined }];
  const around = [root, items].find(({ anchor }) => anchor !== undefined)?.start;
  const typed = kind === 'List' ? undefined : kind.slice(0, -'List'.length);
  return items.items.flatMap((object) =>
    object.is === 'map' ? [{ object, kind: textAt(object, 'kind') ?? typed, anchor: around }] : [],
  );
}
