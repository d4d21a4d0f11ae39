import { Plaintext } from '../../core/plaintext.ts';
import type { Span } from '../../core/span.ts';
import type { ListOf, SecretField, TextField } from '../at-rest/configuration.ts';
import { type GoMember, type GoValue, readGoValue } from '../at-rest/go-value.ts';
import type { OutlineNode } from '../outline.ts';

/**
 * A Cluster of KKP, or a template of one, as far as it is about encryption at rest, with the places where that stands
 * (kubermatic, sdk/apis/kubermatic/v1/cluster.go). What is not written is undefined.
 */
export interface KkpClusterText extends Span {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string | undefined;
  /** `spec.features`; undefined where there are none. */
  readonly features: Span | undefined;
  /** `spec.features.encryptionAtRest` */
  readonly feature: BoolField | undefined;
  /** `spec.encryptionConfiguration` */
  readonly encryption: KkpEncryptionText | undefined;
  /** `status.encryption`, which is only in what was read from a cluster. */
  readonly status: KkpStatusText | undefined;
}

export interface KkpEncryptionText extends Span {
  readonly enabled: BoolField | undefined;
  readonly resources: ListOf<TextField>;
  /** Undefined where there is no `secretbox`. */
  readonly secretbox: (Span & { readonly keys: ListOf<KkpKeyText> }) | undefined;
}

/** An element of `secretbox.keys`. */
export interface KkpKeyText extends Span {
  readonly name: TextField | undefined;
  /** Undefined where it is empty too, which is the same to KKP. */
  readonly value: (SecretField & { readonly keySpan: Span }) | undefined;
  readonly secretRef: KkpSecretRefText | undefined;
}

export interface KkpSecretRefText extends Span {
  readonly keySpan: Span;
  readonly name: string;
  readonly key: string;
  readonly optional: boolean | undefined;
}

export interface BoolField extends Span {
  readonly value: boolean;
}

interface KkpStatusText extends Span {
  readonly phase: TextField | undefined;
  readonly resources: readonly string[];
}

const group = 'kubermatic.k8c.io/';
const kinds: ReadonlySet<string> = new Set(['Cluster', 'ClusterTemplate']);

/** The KKP Clusters of a document: its object itself, or those of a list. Total: what has another type than it must is as not written. */
export function kkpClustersIn(root: OutlineNode | undefined, text: string): readonly KkpClusterText[] {
  const { value } = readGoValue(root, text, text[root?.start ?? 0] === '{');
  const listed = itemsOf(at(value, 'items'));
  return [value, ...listed].flatMap((object) => readCluster(object) ?? []);
}

function readCluster(object: GoValue): KkpClusterText | undefined {
  const apiVersion = stringAt(object, 'apiVersion')?.text ?? '';
  const kind = stringAt(object, 'kind')?.text ?? '';
  if (!apiVersion.startsWith(group) || !kinds.has(kind)) return undefined;
  const spec = at(object, 'spec');
  const features = at(spec, 'features');
  return {
    ...placeOf(object),
    apiVersion,
    kind,
    name: stringAt(at(object, 'metadata'), 'name')?.text,
    features: features && placeOf(features),
    feature: boolAt(features, 'encryptionAtRest'),
    encryption: readEncryption(at(spec, 'encryptionConfiguration')),
    status: readStatus(at(at(object, 'status'), 'encryption')),
  };
}

function readEncryption(value: GoValue | undefined): KkpEncryptionText | undefined {
  if (value?.is !== 'object') return undefined;
  const secretbox = at(value, 'secretbox');
  return {
    ...placeOf(value),
    enabled: boolAt(value, 'enabled'),
    resources: textsOf(at(value, 'resources'), value),
    secretbox:
      secretbox?.is === 'object'
        ? { ...placeOf(secretbox), keys: keysOf(at(secretbox, 'keys'), secretbox) }
        : undefined,
  };
}

function readStatus(value: GoValue | undefined): KkpStatusText | undefined {
  if (value?.is !== 'object') return undefined;
  const resources = textsOf(at(value, 'encryptedResources'), value).items.map(({ text }) => text);
  return { ...placeOf(value), phase: stringAt(value, 'phase'), resources };
}

function textsOf(value: GoValue | undefined, around: GoValue): ListOf<TextField> {
  const items = itemsOf(value).flatMap((item) =>
    item.is === 'string' ? [{ ...placeOf(item), text: item.text }] : [],
  );
  return { ...placeOf(value ?? around), items, isNull: value === undefined || value.is === 'null' };
}

function keysOf(value: GoValue | undefined, around: GoValue): ListOf<KkpKeyText> {
  const isNull = value === undefined || value.is === 'null';
  return { ...placeOf(value ?? around), items: itemsOf(value).map(readKey), isNull };
}

function readKey(item: GoValue): KkpKeyText {
  const value = memberOf(item, 'value');
  const reference = memberOf(item, 'secretRef');
  return {
    ...placeOf(item),
    name: stringAt(item, 'name'),
    value:
      value?.value.is === 'string' && value.value.text !== ''
        ? {
            ...placeOf(value.value),
            text: Plaintext.fromText(value.value.text),
            keySpan: placeOf(value.keySpan),
          }
        : undefined,
    secretRef:
      reference?.value.is === 'object'
        ? {
            ...placeOf(reference.value),
            keySpan: placeOf(reference.keySpan),
            name: stringAt(reference.value, 'name')?.text ?? '',
            key: stringAt(reference.value, 'key')?.text ?? '',
            optional: boolAt(reference.value, 'optional')?.value,
          }
        : undefined,
  };
}

function memberOf(value: GoValue | undefined, key: string): GoMember | undefined {
  return value?.is === 'object' ? value.members.findLast((member) => member.key === key) : undefined;
}

function at(value: GoValue | undefined, key: string): GoValue | undefined {
  return memberOf(value, key)?.value;
}

function itemsOf(value: GoValue | undefined): readonly GoValue[] {
  return value?.is === 'array' ? value.items : [];
}

function stringAt(value: GoValue | undefined, key: string): TextField | undefined {
  const found = at(value, key);
  return found?.is === 'string' ? { ...placeOf(found), text: found.text } : undefined;
}

function boolAt(value: GoValue | undefined, key: string): BoolField | undefined {
  const found = at(value, key);
  return found?.is === 'bool' ? { ...placeOf(found), value: found.value } : undefined;
}

function placeOf({ start, end }: Span): Span {
  return { start, end };
}
