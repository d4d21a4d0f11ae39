import type { SealingPlace } from '../core/sealing-place.ts';
import type { Span } from '../core/span.ts';
import type { EntryMap } from './manifest.ts';
import { type OutlineMap, type OutlineNode, pairAt, textAt, valueAt } from './outline.ts';
import { outlineOf } from './outline-document.ts';
import { objectsOf } from './outline-objects.ts';
import { anchorOf, readEntries, type SealedEntry } from './sealed-secret-entries.ts';
import { scopeOf } from './sealed-secret-scope.ts';
import { isNull } from './yaml-scalar.ts';

/** A SealedSecret (bitnami.com/v1alpha1), where it stands in a file. */
export interface SealedSecret {
  readonly span: Span;
  readonly kindSpan: Span | undefined;
  readonly flow: boolean;
  /** What its items must be sealed for to open: its own metadata counts, not its template's. */
  readonly place: SealingPlace;
  /** Where `encryptedData` stands. */
  readonly items: EntryMap | undefined;
  readonly entries: readonly SealedEntry[];
  /** `purser.dev/sealed-with`: the fingerprint of the certificate it was sealed to. */
  readonly sealedWith: SealedEntry | undefined;
  /** It has the one ciphertext of the format before items, which controllers refuse by default. */
  readonly deprecated: boolean;
}

/** The annotation that holds the fingerprint of the certificate a SealedSecret was sealed to. */
export const sealedWithAnnotation = 'purser.dev/sealed-with';

const word = 'SealedSecret';

/**
 * Every SealedSecret of a file, in order; Lists are looked into. Total and linear, broken files and templates included.
 * @param documents its documents, as `scan` has them
 */
export function findSealedSecrets({
  text,
  documents,
}: {
  readonly text: string;
  readonly documents: readonly { readonly span: Span }[];
}): readonly SealedSecret[] {
  if (!text.includes(word)) return [];
  return documents.flatMap(({ span }) =>
    text.slice(span.start, span.end).includes(word) ? sealedSecretsIn(text, span) : [],
  );
}

function sealedSecretsIn(text: string, span: Span): readonly SealedSecret[] {
  return objectsOf(outlineOf(text, span))
    .filter(({ kind, object }) => isSealedSecret(kind, textAt(object, 'apiVersion')))
    .map(({ object, anchor }) => readSealedSecret(text, object, anchor));
}

function isSealedSecret(kind: string | undefined, apiVersion: string | undefined): boolean {
  return kind === word && (apiVersion === undefined || apiVersion.startsWith('bitnami.com/'));
}

/** @param anchor where an anchor stands around the object, which an alias may use elsewhere */
export function readSealedSecret(text: string, object: OutlineMap, anchor?: number): SealedSecret {
  const metadata = valueAt(object, 'metadata');
  const annotations = valueAt(metadata, 'annotations');
  const spec = valueAt(object, 'spec');
  const kind = valueAt(object, 'kind');
  const around = anchor ?? anchorOf(object) ?? anchorOf(spec);
  return {
    span: { start: object.start, end: object.end },
    kindSpan: kind?.is === 'scalar' ? { start: kind.start, end: kind.end } : undefined,
    flow: object.flow,
    place: {
      namespace: textAt(metadata, 'namespace') ?? '',
      name: textAt(metadata, 'name') ?? '',
      scope: scopeOf(annotations),
    },
    items: itemsMap(text, object, spec),
    entries: readEntries(valueAt(spec, 'encryptedData'), around, repeatedAt(object, spec)),
    sealedWith: readEntries(annotations, around, undefined).find(({ key }) => key === sealedWithAnnotation),
    deprecated: hasText(valueAt(spec, 'data')),
  };
}

function hasText(node: OutlineNode | undefined): boolean {
  return node?.is === 'scalar' && node.text !== '' && !/^(?:~|null|Null|NULL)$/.test(node.text);
}

/** Where a second `spec` or `encryptedData` stands: then it is open which one counts. */
function repeatedAt(object: OutlineMap, spec: OutlineNode | undefined): number | undefined {
  for (const [node, name] of [
    [object, 'spec'],
    [spec, 'encryptedData'],
  ] as const) {
    const same = node?.is === 'map' ? node.pairs.filter(({ key }) => key?.text === name) : [];
    if (same.length > 1) return same[0]?.key?.start;
  }
  return undefined;
}

function itemsMap(text: string, object: OutlineMap, spec: OutlineNode | undefined): EntryMap | undefined {
  const pair = pairAt(spec, 'encryptedData');
  if (pair?.key === undefined || spec?.is !== 'map') return undefined;
  const { key, value } = pair;
  const empty =
    value.is === 'absent' || (value.is === 'scalar' && isNull(text, { ...value, parentIndent: -1 }));
  if (value.is !== 'map' && !empty) return undefined;
  const step = Math.max(spec.indent - object.indent, 1);
  return {
    keySpan: { start: key.start, end: key.end },
    span: { start: value.start, end: value.end },
    indent: value.is === 'map' && !(value.flow && !spec.flow) ? value.indent : spec.indent + step,
    flow: value.is === 'map' ? value.flow : spec.flow,
    empty: value.is !== 'map' || value.pairs.length === 0,
  };
}
