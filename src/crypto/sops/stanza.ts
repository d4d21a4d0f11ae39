import { Failure } from '../../core/errors.ts';
import { isList, isMap, type MetadataMap, type MetadataNode, textOf } from './metadata-node.ts';

/** The kinds of master keys, in the order in which SOPS puts them into a group. */
export const keyKinds = ['kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp', 'age'] as const;

export type KeyKind = (typeof keyKinds)[number];

/** Those that Purser can use, in the order in which they are tried; not yet what a service over the network keeps. */
export const supportedKinds: readonly KeyKind[] = ['age', 'pgp'];

/** Whom a data key is wrapped for, by the fields that SOPS keeps of them. */
export interface KeyRecipient {
  readonly kind: KeyKind;
  /** All but `enc` and `created_at`: `recipient` of age, `fp` of pgp, `arn`, `role` and `context` of kms … */
  readonly fields: MetadataMap;
}

/** A data key, or a share of one, wrapped for one recipient. */
export interface KeyStanza extends KeyRecipient {
  /** As the kind writes it: an armored age file or PGP message, base64, `vault:v1:…`. */
  readonly enc: string;
  /** RFC 3339; age has none. */
  readonly createdAt: string | undefined;
}

/** Any one of these keys opens what the group stands for. */
export type KeyGroup = readonly KeyStanza[];

const names: Readonly<Record<KeyKind, readonly string[]>> = {
  kms: ['arn'],
  gcp_kms: ['resource_id'],
  hckms: ['key_id'],
  azure_kv: ['vault_url', 'name', 'version'],
  hc_vault: ['vault_address', 'engine_path', 'key_name'],
  pgp: ['fp'],
  age: ['recipient'],
};

const titles: Readonly<Record<KeyKind, string>> = {
  kms: 'AWS KMS',
  gcp_kms: 'Google Cloud KMS',
  hckms: 'HuaweiCloud KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'HashiCorp Vault',
  pgp: 'PGP',
  age: 'age',
};

/** What a person calls a key: its recipient, fingerprint or resource. */
export function recipientName({ kind, fields }: KeyRecipient): string {
  return names[kind].map((name) => textOf(fields, name)).join('/');
}

/** What people call the kind of a key. */
export function kindTitle(kind: KeyKind): string {
  return titles[kind];
}

/** Whether Purser can wrap and unwrap for a key. */
export function isSupported({ kind }: KeyRecipient): boolean {
  return supportedKinds.includes(kind);
}

export function unsupportedKey(recipient: KeyRecipient): Failure<'key.unsupported'> {
  const service = kindTitle(recipient.kind);
  return new Failure('key.unsupported', { service, name: recipientName(recipient) });
}

/** Whether two are the same recipient, with the same role and context. */
export function isSameRecipient(a: KeyRecipient, b: KeyRecipient): boolean {
  const shape = ({ kind, fields }: KeyRecipient) => JSON.stringify([kind, plainFields(fields)]);
  return shape(a) === shape(b);
}

/** The stanzas in the lists of a mapping: the `sops` mapping itself, or one of its `key_groups`. */
export function keyGroupOf(map: MetadataMap): KeyGroup {
  return keyKinds.flatMap((kind) => {
    const list = map.get(kind);
    return isList(list) ? list.filter(isMap).map((fields) => stanzaOf(kind, fields)) : [];
  });
}

/** The lists of a group, by the name of their kind. */
export function keysOfGroup(group: KeyGroup): readonly [string, MetadataNode][] {
  return keyKinds.flatMap((kind): [string, MetadataNode][] => {
    const list = group.filter((stanza) => stanza.kind === kind).map(writeStanza);
    return list.length === 0 ? [] : [[kind, list]];
  });
}

function stanzaOf(kind: KeyKind, all: MetadataMap): KeyStanza {
  const createdAt = textOf(all, 'created_at');
  const fields = new Map([...all].filter(([name]) => name !== 'enc' && name !== 'created_at'));
  return { kind, fields, enc: textOf(all, 'enc'), createdAt: createdAt === '' ? undefined : createdAt };
}

function writeStanza({ fields, enc, createdAt }: KeyStanza): MetadataMap {
  const entries: [string, MetadataNode][] = [...fields, ['enc', enc]];
  if (createdAt !== undefined) entries.push(['created_at', createdAt]);
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Absent and empty fields are one to SOPS. */
function plainFields(fields: MetadataMap): unknown {
  return [...fields]
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => [name, isMap(value) ? plainFields(value) : value])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
