import type { Span } from '../core/span.ts';
import { type Field, type FieldPath, readFields } from '../manifest/fields.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ObjectIdentity } from './finding.ts';
import { InnerObject } from './inner-objects.ts';

/** Whether a text may make Secrets by kustomize's `secretGenerator` or its plugin `SecretGenerator`. */
export function mayGenerateSecrets(text: string): boolean {
  return text.includes('secretGenerator') || text.includes('SecretGenerator');
}

/** A field that a secret generator is made of. */
export interface GeneratorField {
  readonly field: Field;
  /** `literals`, `envs`, `files`, `commands` with the item's place in it; or `env`. */
  readonly path: FieldPath;
}

const lists: ReadonlySet<unknown> = new Set(['literals', 'envs', 'files']);

/** What every secret generator among a document's fields is made of, broken lists around it notwithstanding. */
export function generatorFields(fields: readonly Field[]): readonly GeneratorField[] {
  const plugin = isPlugin(new InnerObject([], fields).identity);
  return fields.flatMap((field) => {
    const path = field.path.slice(-2);
    const [list, item] = path;
    if (!plugin && !field.path.includes('secretGenerator')) return [];
    if (item === 'env') return [{ field, path: ['env'] }];
    const known = typeof item === 'number' ? lists.has(list) : list === 'commands';
    return known ? [{ field, path }] : [];
  });
}

/** kustomize's own; others of this kind name things in a store. */
function isPlugin({ apiVersion, kind }: ObjectIdentity): boolean {
  return kind === 'SecretGenerator' && (apiVersion === undefined || apiVersion === 'builtin');
}

/** A file whose content a generator puts into a Secret. */
export interface GeneratorReference {
  /** The list item's token. */
  readonly span: Span;
  /** `secretGenerator[0].envs[0]` */
  readonly entry: string;
  readonly object: ObjectIdentity | undefined;
  /** As it is written, relative to the kustomization's folder. */
  readonly path: string;
  /** The key of a file that becomes one value; undefined where each of its lines is one. */
  readonly key: string | undefined;
}

/** The files that a kustomization makes Secrets of. Remote ones, and those whose name is yet to be substituted, are left out. */
export function generatorReferences(manifest: Manifest): readonly GeneratorReference[] {
  return manifest.documents.flatMap((document) => {
    if (!mayGenerateSecrets(manifest.text.slice(document.span.start, document.span.end))) return [];
    const fields = readFields(manifest.text, document);
    const object = statedObject(new InnerObject([], fields).identity);
    return generatorFields(fields).flatMap((field) => referenceOf(field, object) ?? []);
  });
}

/** A kustomization need not say that it is one. */
export function statedObject(object: ObjectIdentity): ObjectIdentity | undefined {
  return object.kind === undefined ? undefined : object;
}

function referenceOf(
  { field, path }: GeneratorField,
  object: ObjectIdentity | undefined,
): GeneratorReference | undefined {
  const [list] = path;
  const place = { span: field.span, entry: field.name, object };
  if (list === 'env' || list === 'envs') {
    const written = field.text.trim();
    return isFileName(written) ? { ...place, path: written, key: undefined } : undefined;
  }
  if (list !== 'files') return undefined;
  const written = field.text.trim();
  const equals = written.indexOf('=');
  const file = written.slice(equals + 1);
  if (equals === 0 || !isFileName(file)) return undefined;
  return { ...place, path: file, key: equals === -1 ? baseName(file) : written.slice(0, equals) };
}

function isFileName(text: string): boolean {
  return text !== '' && !text.includes('://') && !/\{\{|\$[{(]|\0/.test(text);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
