import { type Field, type FieldPath, pathName } from '../manifest/fields.ts';
import { matchesPath, type PathPattern } from './field-path.ts';
import type { ObjectIdentity } from './finding.ts';

/** A field as an object that holds it sees it. */
export interface InnerField {
  readonly field: Field;
  /** From the object's root. */
  readonly path: FieldPath;
  /** `spec.template.data.password` */
  readonly name: string;
}

/** A part of a document: an object at its root, in a list, in a chart's values. */
export class InnerObject {
  readonly fields: readonly InnerField[];

  readonly #kind: string | undefined;

  /**
   * @param root the path at which the object stands, that `fields` are below of
   * @param kind which of its kinds is meant, where a template states several
   */
  constructor(root: FieldPath, fields: readonly Field[], kind?: string) {
    this.#kind = kind;
    this.fields = fields.map((field) => innerField(field, root.length));
  }

  textAt(pattern: PathPattern): string | undefined {
    return this.fields.find(({ path }) => matchesPath(path, pattern))?.field.text;
  }

  /** The scalar under this key in the same map as the field at this index. */
  beside(index: number, key: string): Field | undefined {
    const parent = this.fields[index]?.path.slice(0, -1) ?? [];
    for (const step of [-1, 1]) {
      for (let at = index + step; ; at += step) {
        const other = this.fields[at];
        if (other === undefined || !startsWith(other.path, parent)) break;
        if (other.path.length === parent.length + 1 && other.path.at(-1) === key) return other.field;
      }
    }
    return undefined;
  }

  get identity(): ObjectIdentity {
    return {
      apiVersion: this.textAt(['apiVersion']),
      kind: this.#kind ?? this.textAt(['kind']),
      namespace: this.textAt(['metadata', 'namespace']),
      name: this.textAt(['metadata', 'name']),
    };
  }
}

function innerField(field: Field, depth: number): InnerField {
  const path = field.path.slice(depth);
  return {
    field,
    path,
    get name() {
      return pathName(path);
    },
  };
}

function startsWith(path: FieldPath, root: FieldPath): boolean {
  return root.every((part, depth) => path[depth] === part);
}

/** The part of a document that a field stands in: fields of one part stand together. */
export function partAround(
  fields: readonly Field[],
  index: number,
  root: FieldPath,
  kind?: string,
): InnerObject {
  const isIn = (at: number) => {
    const path = fields[at]?.path;
    return path !== undefined && startsWith(path, root);
  };
  let start = index;
  let end = index + 1;
  while (start > 0 && isIn(start - 1)) start--;
  while (end < fields.length && isIn(end)) end++;
  return new InnerObject(root, fields.slice(start, end), kind);
}

/** Every object of one of these kinds, wherever in the document it stands. */
export function* objectsOfKind(
  fields: readonly Field[],
  kinds: { has(kind: string): boolean },
): Iterable<InnerObject> {
  // A template may state the kind of one object more than once, in branches.
  const told = new Set<string>();
  for (const [index, { path, text: kind }] of lastKeys(fields, 'kind')) {
    const root = path.slice(0, -1);
    const id = [...root, kind].join('\0');
    if (!kinds.has(kind) || told.has(id)) continue;
    told.add(id);
    yield partAround(fields, index, root, kind);
  }
}

function* lastKeys(fields: readonly Field[], key: string): Iterable<readonly [number, Field]> {
  for (const [index, field] of fields.entries()) if (field.path.at(-1) === key) yield [index, field];
}
