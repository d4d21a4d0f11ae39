import type { Field, FieldPath } from '../manifest/fields.ts';
import type { EntryMapName } from '../manifest/manifest.ts';

/** A scalar of a patch, with its path from where the patch begins. */
export interface PatchField {
  readonly field: Field;
  readonly path: FieldPath;
}

/** What a patch gives a key of a Secret. */
export interface PatchedEntry {
  readonly map: EntryMapName;
  readonly key: string;
  readonly field: Field;
}

/** What a JSON patch (RFC 6902) or a strategic merge patch writes into `data` and `stringData`. */
export function patchedEntries(fields: readonly PatchField[]): readonly PatchedEntry[] {
  const pointers = new Map<unknown, readonly string[]>();
  for (const { field, path } of fields) {
    if (path.length === 2 && typeof path[0] === 'number' && path[1] === 'path')
      pointers.set(path[0], readPointer(field.text));
  }
  return fields.flatMap(({ field, path }) => {
    const written = typeof path[0] === 'number' ? writtenPath(path, pointers) : path;
    const [map, key, ...deeper] = written ?? [];
    if ((map !== 'data' && map !== 'stringData') || typeof key !== 'string' || deeper.length > 0) return [];
    return [{ map, key, field }];
  });
}

/** Where in the object an operation's value ends up. */
function writtenPath(
  path: FieldPath,
  pointers: ReadonlyMap<unknown, readonly string[]>,
): FieldPath | undefined {
  const pointer = pointers.get(path[0]);
  return pointer !== undefined && path[1] === 'value' ? [...pointer, ...path.slice(2)] : undefined;
}

/** A JSON pointer (RFC 6901) taken apart; one that is none leads nowhere. */
function readPointer(text: string): readonly string[] {
  if (!text.startsWith('/')) return [];
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
