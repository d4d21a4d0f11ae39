import * as l10n from '@vscode/l10n';
import { fromBase64 } from '../core/bytes.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { Field, FieldPath } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { isSampleKey, sampleKeyMatter } from './at-rest/sample-keys.ts';
import { EmbeddedText } from './embedded-text.ts';
import { matchesPath, type PathPattern } from './field-path.ts';
import type { FieldDocument, FieldRule } from './field-rule.ts';
import { Finding } from './finding.ts';
import { judgeNamed } from './judge/field.ts';
import { keyFinding } from './private-key-in-repo.ts';

/** Where a key stands, from its end, and how many bytes it has there. */
interface KeyPlace {
  readonly end: PathPattern;
  readonly sizes: readonly number[];
}

/** kube-apiserver takes AES keys of all three sizes (apiserver, validation_encryption.go). */
const aes = [16, 24, 32];

/**
 * EncryptionConfigurations wherever they stand (kube-apiserver's own file, RKE's and KubeOne's configurations), KKP
 * Clusters and ClusterTemplates, and Talos' machine configurations and secrets bundles.
 */
const places: readonly KeyPlace[] = [
  { end: ['providers', '*', 'aescbc', 'keys', '*', 'secret'], sizes: aes },
  { end: ['providers', '*', 'aesgcm', 'keys', '*', 'secret'], sizes: aes },
  { end: ['providers', '*', 'secretbox', 'keys', '*', 'secret'], sizes: [32] },
  { end: ['encryptionConfiguration', 'secretbox', 'keys', '*', 'value'], sizes: [32] },
  { end: ['cluster', 'secretboxEncryptionSecret'], sizes: [32] },
  { end: ['cluster', 'aescbcEncryptionSecret'], sizes: [32] },
  { end: ['secrets', 'secretboxencryptionsecret'], sizes: [32] },
  { end: ['secrets', 'aescbcencryptionsecret'], sizes: [32] },
];

/** One of these is part of every such place. */
const ciphers = ['aescbc', 'aesgcm', 'secretbox'];

/** Keys of encryption at rest: whoever has one reads every Secret in a copy of etcd. */
export const encryptionKeys: FieldRule = {
  // Of all parts of the word this is the quickest to search for.
  words: ['yption'],
  concerns: (text) => text.includes('ncryption') && ciphers.some((name) => text.includes(name)),
  *findings(document, registry) {
    for (const field of document.fields) {
      const key = keyIn(field, registry);
      if (key !== undefined) yield foundAt(key, document);
      else if (field.style !== 'plain') yield* keysInText(field, document, registry);
    }
  },
};

function* keysInText(field: Field, document: FieldDocument, registry: SchemeRegistry): Iterable<Finding> {
  const { start, end } = field.span;
  if (!document.text.slice(start, end).includes('ncryptionConfig')) return;
  const embedded = new EmbeddedText(field, document.text);
  for (const inner of embedded.documents().flat()) {
    const key = keyIn(inner, registry);
    if (key !== undefined) yield foundAt({ ...key, field }, document, embedded.outerSpan(inner.span));
  }
}

function foundAt({ field, isSample }: FoundKey, { object }: FieldDocument, span = field.span): Finding {
  const place = { span, object, entry: field.name };
  if (!isSample) return keyFinding(place, l10n.t('the key of encryption at rest'));
  return new Finding({ ...place, located: undefined }, 'at-rest/sample-key', 'error', sampleKeyMatter);
}

interface FoundKey {
  readonly field: Field;
  /** Whether everybody knows it. */
  readonly isSample: boolean;
}

function keyIn(field: Field, registry: SchemeRegistry): FoundKey | undefined {
  const place = places.find(({ end }) => endsWithPath(field.path, end));
  if (place === undefined) return undefined;
  const bytes = fromBase64(field.text.trim());
  if (bytes === undefined || !place.sizes.includes(bytes.byteLength)) return undefined;
  if (judgeNamed('encryption-key', field, 'data', registry).judgement === 'placeholder') return undefined;
  return { field, isSample: isSampleKey(new Plaintext(bytes)) };
}

function endsWithPath(path: FieldPath, end: PathPattern): boolean {
  return path.length >= end.length && matchesPath(path.slice(-end.length), end);
}
