import { parseAllDocuments } from 'yaml';
import type { SealingPlace } from '../../src/core/sealing-place.ts';
import type { Edit } from '../../src/core/span.ts';
import { applyEdits } from '../../src/core/span.ts';
import { scan } from '../../src/manifest/scan.ts';
import { findSealedSecrets, type SealedSecret } from '../../src/manifest/sealed-secret.ts';

/** Where the first object of this kind begins. */
export function startOfKind(text: string, kind: string): number {
  if (kind === 'SealedSecret') return onlySealedSecret(text).span.start;
  const object = scan(text)
    .documents.flatMap(({ objects }) => objects)
    .find((candidate) => candidate.kind === kind);
  if (object === undefined) throw new Error(`no ${kind} there`);
  return object.span.start;
}

export function onlySealedSecret(text: string): SealedSecret {
  const [secret, ...others] = findSealedSecrets(scan(text));
  if (secret === undefined || others.length > 0) throw new Error('not one SealedSecret');
  return secret;
}

interface PlainSealedSecret {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: {
    readonly encryptedData: Readonly<Record<string, string>>;
    readonly template: Readonly<Record<string, unknown>>;
  };
}

export interface PlainSecret {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string | null>>;
}

/** The first document that is not empty, as its values: what a tool would make of it. */
export function valuesIn(text: string): unknown {
  const documents = parseAllDocuments(text);
  const found = 'empty' in documents ? undefined : documents.find(({ contents }) => contents !== null);
  return found?.toJS();
}

export function secretIn(text: string): PlainSecret {
  return valuesIn(text) as PlainSecret;
}

/** Everything in a SealedSecret but the ciphertexts, of which it says only that they are there. */
export function shapeOf(text: string) {
  const { apiVersion, kind, metadata, spec } = valuesIn(text) as PlainSealedSecret;
  const { template } = spec;
  return { apiVersion, kind, metadata, template, keys: Object.keys(spec.encryptedData).toSorted() };
}

export function edited(
  text: string,
  change: Edit | readonly Edit[] | { readonly edits: readonly Edit[] },
): string {
  if ('edits' in change) return applyEdits(text, change.edits);
  return applyEdits(text, 'span' in change ? [change] : change);
}

/** What a SealedSecret is sealed for, in this namespace where it states none. */
export function placeIn(text: string, namespace?: string): SealingPlace {
  const { place } = onlySealedSecret(text);
  return place.namespace === '' ? { ...place, namespace: namespace ?? '' } : place;
}
