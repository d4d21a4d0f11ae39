/** A part of the `sops` mapping, whatever the file around it is written in. Scalars that were read are texts. */
export type MetadataNode = MetadataScalar | readonly MetadataNode[] | MetadataMap;

export type MetadataScalar = string | number | boolean | null;

export type MetadataMap = ReadonlyMap<string, MetadataNode>;

export function isMap(node: MetadataNode | undefined): node is MetadataMap {
  return node instanceof Map;
}

export function isList(node: MetadataNode | undefined): node is readonly MetadataNode[] {
  return Array.isArray(node);
}

/** A member as text; empty where it is absent, null, or no scalar. */
export function textOf(map: MetadataMap, name: string): string {
  const node = map.get(name) ?? null;
  return node === null || typeof node === 'object' ? '' : String(node);
}
