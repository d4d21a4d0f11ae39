import type { Span } from '../core/span.ts';
import { type Field, readFields } from '../manifest/fields.ts';
import { isSecret, type Manifest, type ManifestDocument } from '../manifest/manifest.ts';
import { matchesPath } from './field-path.ts';
import type { ObjectIdentity } from './finding.ts';
import { isSopsFile } from './flux-file-size.ts';
import { type InnerObject, objectsOfKind } from './inner-objects.ts';

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
  /** The Secret with the keys to decrypt with. */
  readonly secret: { readonly name: string; readonly span: Span } | undefined;
}

/** What one file adds to what Flux applies. */
export interface FluxFacts {
  readonly kustomizations: readonly FluxKustomization[];
  /** What a kustomization.yaml builds: files and folders, as they are written. */
  readonly builds: readonly string[] | undefined;
  /** Whether it holds a Secret that SOPS encrypted. */
  readonly sealed: boolean;
  /** The names of Secrets that it holds or makes. */
  readonly secrets: readonly string[];
  /** Whether it may add `spec.decryption` to Kustomizations elsewhere, as a patch. */
  readonly addsDecryption: boolean;
}

const isKustomizationFile = (name: string) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(name);

/** What a file adds to what Flux applies; undefined for nothing. `name` is the file's base name. */
export function fluxFacts(manifest: Manifest, name: string): FluxFacts | undefined {
  const { text, documents } = manifest;
  const sealed = isSopsFile(text) && documents.some((document) => isSealedSecret(text, document));
  const builds = isKustomizationFile(name)
    ? documents.flatMap((document) => builtFrom(text, document))
    : undefined;
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
  return { kustomizations, builds, sealed, secrets, addsDecryption };
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

function builtFrom(text: string, document: ManifestDocument): readonly string[] {
  return readFields(text, document)
    .filter(({ path }) => path.length === 2 && built.has(path[0]))
    .map((field) => field.text);
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
