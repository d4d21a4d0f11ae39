import { shownUtf8 } from '../../core/bytes.ts';

/** The providers whose keys stand in an EncryptionConfiguration. */
export type StaticProvider = 'aescbc' | 'aesgcm' | 'secretbox';

/** What wrote a value of etcd: kube-apiserver's providers, `identity` for plaintext, `unknown` for one that is newer than this. */
export type StoredProvider = StaticProvider | 'kms v1' | 'kms v2' | 'identity' | 'unknown';

/** How plaintext is serialised: built-in kinds as protobuf, custom resources as JSON or (behind a gate) CBOR. */
export type PlainForm = 'protobuf' | 'json' | 'cbor' | 'other';

/** What the first bytes of a value of etcd say about it. */
export interface StoredMark {
  readonly provider: StoredProvider;
  /** The key's, or the KMS provider's, name. Undefined for plaintext, and where the value breaks off before its end. */
  readonly keyName: string | undefined;
  /** Where the payload begins, in bytes: behind `k8s:enc:<provider>:<version>:<name>:`. */
  readonly payloadAt: number;
  /** Of plaintext only. */
  readonly form: PlainForm | undefined;
}

/** A name that an EncryptionConfiguration gives to a key, or to a KMS. */
export interface StoredKeyName {
  readonly provider: StoredProvider;
  readonly name: string;
}

/** As many first bytes of a value as `readStoredMark` ever looks at. */
export const markBytes = 512;

const versions: readonly (readonly [string, StoredProvider])[] = [
  ['k8s:enc:aescbc:v1:', 'aescbc'],
  ['k8s:enc:aesgcm:v1:', 'aesgcm'],
  ['k8s:enc:secretbox:v1:', 'secretbox'],
  ['k8s:enc:kms:v1:', 'kms v1'],
  ['k8s:enc:kms:v2:', 'kms v2'],
];
const colon = 0x3a;

/**
 * Which provider and which key wrote a value, from its first bytes (k8s.io/apiserver, encryptionconfig/config.go). Total. A key's
 * name may hold colons: kube-apiserver compares with the names it knows, in their order, and so does this where `names` has one
 * that fits; else the name ends at the first colon.
 */
export function readStoredMark(value: Uint8Array, names: readonly StoredKeyName[] = []): StoredMark {
  const head = value.subarray(0, markBytes);
  if (!isSealed(head))
    return { provider: 'identity', keyName: undefined, payloadAt: 0, form: plainForm(head) };
  const known = versions.find(([prefix]) => startsWith(head, prefix, 0));
  if (known === undefined)
    return { provider: 'unknown', keyName: undefined, payloadAt: head.byteLength, form: undefined };
  const [prefix, provider] = known;
  const named = names.find(
    (one) => one.provider === provider && startsWith(head, `${one.name}:`, prefix.length),
  );
  const end =
    named === undefined ? head.indexOf(colon, prefix.length) : prefix.length + Buffer.byteLength(named.name);
  if (end === -1) return { provider, keyName: undefined, payloadAt: head.byteLength, form: undefined };
  return {
    provider,
    keyName: named?.name ?? shownUtf8(head.subarray(prefix.length, end)),
    payloadAt: end + 1,
    form: undefined,
  };
}

/** kube-apiserver's own test: plaintext never begins like this, and `identity` refuses what does. */
function isSealed(head: Uint8Array): boolean {
  return startsWith(head, 'k8s:enc:', 0);
}

function plainForm(head: Uint8Array): PlainForm {
  if (startsWith(head, 'k8s\0', 0)) return 'protobuf';
  if (startsWith(head, '{', 0)) return 'json';
  const selfDescribedCbor = head[0] === 0xd9 && head[1] === 0xd9 && head[2] === 0xf7;
  return selfDescribedCbor ? 'cbor' : 'other';
}

function startsWith(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return startsWithUtf8(bytes, text, at);
    if (bytes[at + index] !== code) return false;
  }
  return true;
}

function startsWithUtf8(bytes: Uint8Array, text: string, at: number): boolean {
  return Buffer.from(text).equals(bytes.subarray(at, at + Buffer.byteLength(text)));
}
