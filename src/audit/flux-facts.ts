import type { Span } from '../core/span.ts';
import { type Field, readFields } from '../manifest/fields.ts';
import { isSecret, type Manifest, type ManifestDocument } from '../manifest/manifest.ts';
import { matchesPath } from './field-path.ts';
import type { ObjectIdentity } from './finding.ts';
import { isSopsFile } from './flux-file-size.ts';
import { type InnerObject, objectsOfKind } from './inner-objects.ts';

/** What a kustomization does to the name or the namespace of everything it builds. */
export interface PlaceChange {
  /** As it is written: `namespace`, `namePrefix`, `nameSuffix`; of Flux `spec.targetNamespace` and so on. */
  readonly field: string;
  readonly does: 'namespace' | 'prefix' | 'suffix';
  /** Never empty. It may hold variables that Flux fills in. */
  readonly value: string;
}

/** A Kustomization of Flux, as far as it tells what it applies and whether it decrypts that. */
export interface FluxKustomization {
  readonly object: ObjectIdentity;
  /** Its kind's token. */
  readonly span: Span;
  /** `GitRepository/flux-system/main`; undefined where it is none, or yet to be filled in. */
  readonly source: string | undefined;
  /** As it is written, from the source's root; empty where it is not stated. */
  readonly path: string;
  readonly decrypts: boolean;
  readonly changes: readonly PlaceChange[];
  /** The Secret with the keys to decrypt with. */
  readonly secret: { readonly name: string; readonly span: Span } | undefined;
}

/** What one file adds to what Flux applies. */
export interface FluxFacts {
  readonly kustomizations: readonly FluxKustomization[];
  /** What a kustomization.yaml builds: files and folders, as they are written. */
  readonly builds: readonly string[] | undefined;
  /** What a kustomization.yaml does to the names of that. */
  readonly changes: readonly PlaceChange[];
  /** Whether it holds a Secret that SOPS encrypted. */
  readonly sealed: boolean;
  /** The names of Secrets that it holds or makes. */
  readonly secrets: readonly string[];
  /** Whether it may add `spec.decryption` to Kustomizations elsewhere, as a patch. */
  readonly addsDecryption: boolean;
}

const isKustomizationFile = (name: string) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(name);

/** Whether a file may say what is built or applied. `name` is its base name. */
export function mayApply(name: string, bytes: Uint8Array): boolean {
  if (isKustomizationFile(name)) return true;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(group);
}

/** What a file adds to what Flux applies; undefined for nothing. `name` is the file's base name. */
export function fluxFacts(manifest: Manifest, name: string): FluxFacts | undefined {
  const { text, documents } = manifest;
  const sealed = isSopsFile(text) && documents.some((document) => isSealedSecret(text, document));
  const root = isKustomizationFile(name)
    ? documents.flatMap((document) => readFields(text, document))
    : undefined;
  const builds = root && builtFrom(root);
  const changes = changesOf(root ?? []);
  const kustomizations: FluxKustomization[] = [];
  let addsDecryption = false;
  for (const document of text.includes('decryption') || text.includes(group) ? documents : []) {
    const fields = readFields(text, document);
    const own = [...objectsOfKind(fields, kinds)].filter(isFlux);
    kustomizations.push(...own.flatMap((object) => kustomizationOf(object) ?? []));
    addsDecryption ||= isPatch(fields, own);
  }
  const secrets = [...secretNames(manifest)];
  const nothing = !sealed && !addsDecryption && builds === undefined;
  if (nothing && kustomizations.length === 0 && secrets.length === 0) return undefined;
  return { kustomizations, builds, changes, sealed, secrets, addsDecryption };
}

const group = 'kustomize.toolkit.fluxcd.io/';
const kinds: ReadonlySet<string> = new Set(['Kustomization']);

function isFlux({ identity }: InnerObject): boolean {
  return identity.apiVersion?.startsWith(group) === true;
}

/** One that does not say where it takes manifests from is a patch of another. */
function kustomizationOf(object: InnerObject): FluxKustomization | undefined {
  const { identity } = object;
  const at = (...path: readonly string[]) => object.textAt(path);
  const kind = object.fields.find(({ path }) => matchesPath(path, ['kind']));
  const source = at('spec', 'sourceRef', 'name');
  if (kind === undefined || source === undefined) return undefined;
  const namespace = at('spec', 'sourceRef', 'namespace') ?? identity.namespace ?? '';
  const sourceId = `${at('spec', 'sourceRef', 'kind') ?? ''}/${namespace}/${source}`;
  const path = at('spec', 'path') ?? '';
  const secret = object.fields.find((one) =>
    matchesPath(one.path, ['spec', 'decryption', 'secretRef', 'name']),
  )?.field;
  return {
    object: identity,
    span: kind.field.span,
    source: isFilledIn(sourceId) && isFilledIn(path) ? sourceId : undefined,
    path,
    changes: fluxChangesOf(object),
    decrypts: object.fields.some((one) => one.path[0] === 'spec' && one.path[1] === 'decryption'),
    secret: secret && isFilledIn(secret.text) ? { name: secret.text, span: secret.span } : undefined,
  };
}

function isFilledIn(text: string): boolean {
  return !/\$\{|\{\{/.test(text);
}

/** Decryption that is stated elsewhere than in a Kustomization that is applied itself. */
function isPatch(fields: readonly Field[], own: readonly InnerObject[]): boolean {
  if (own.some((object) => kustomizationOf(object) === undefined && hasDecryption(object))) return true;
  return fields.some(
    ({ path, text }) => path.some(isPatchKey) && (path.includes('decryption') || text.includes('decryption')),
  );
}

function hasDecryption({ fields }: InnerObject): boolean {
  return fields.some(({ path }) => path.includes('decryption'));
}

function isPatchKey(part: string | number): boolean {
  return typeof part === 'string' && part.startsWith('patches');
}

/** A v1 Secret with a block of SOPS that Flux is not told to leave alone: of others, it applies them as they are. */
function isSealedSecret(text: string, { span, objects }: ManifestDocument): boolean {
  if (!objects.some(isSecret)) return false;
  const own = text.slice(span.start, span.end);
  return isSopsFile(own) && !own.includes(`${group}decrypt`);
}

const built: ReadonlySet<unknown> = new Set(['resources', 'bases', 'components']);

function builtFrom(fields: readonly Field[]): readonly string[] {
  return fields.filter(({ path }) => path.length === 2 && built.has(path[0])).map((field) => field.text);
}

const changing: ReadonlyMap<unknown, PlaceChange['does']> = new Map([
  ['namespace', 'namespace'],
  ['namePrefix', 'prefix'],
  ['nameSuffix', 'suffix'],
]);
const fluxChanging: ReadonlyMap<unknown, PlaceChange['does']> = new Map([
  ['targetNamespace', 'namespace'],
  ['namePrefix', 'prefix'],
  ['nameSuffix', 'suffix'],
]);

function changesOf(fields: readonly Field[]): readonly PlaceChange[] {
  return fields
    .filter(({ path }) => path.length === 1)
    .flatMap((field) => changeBy(`${field.path[0]}`, field, changing.get(field.path[0])));
}

function fluxChangesOf({ fields }: InnerObject): readonly PlaceChange[] {
  return fields
    .filter(({ path }) => path.length === 2 && path[0] === 'spec')
    .flatMap(({ field, path }) => changeBy(`spec.${path[1]}`, field, fluxChanging.get(path[1])));
}

function changeBy(name: string, field: Field, does: PlaceChange['does'] | undefined): readonly PlaceChange[] {
  // Working out a text costs more than looking at a path.
  const value = does === undefined ? '' : field.text;
  return does === undefined || value === '' ? [] : [{ field: name, does, value }];
}

const maker = /kind["']?\s{0,8}:\s{0,8}["']?\w{0,40}Secret|secretGenerator/;

/** Whatever makes Secrets is called after them; what it says of their names is taken at its word. */
function* secretNames({ text, documents }: Manifest): Iterable<string> {
  for (const document of documents) {
    const { span, objects } = document;
    if (objects.length > 0 && objects.every(isSecret)) {
      for (const { name } of objects) if (name !== undefined) yield name;
    } else if (maker.test(text.slice(span.start, span.end))) {
      for (const field of readFields(text, document)) if (namesSecret(field)) yield field.text;
    }
  }
}

function namesSecret({ path }: Field): boolean {
  if (path.at(-1) !== 'name') return false;
  return path.at(-2) === 'metadata' || path.at(-2) === 'target' || path[0] === 'secretGenerator';
}
