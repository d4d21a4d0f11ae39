import * as l10n from '@vscode/l10n';
import { Plaintext } from '../../core/plaintext.ts';
import { generate32ByteKey } from '../../crypto/symmetric-key.ts';
import { writeScalar } from '../../manifest/write-scalar.ts';

/** A Secret with encryption keys of a user cluster, each as KKP reads it: in base64. */
export interface KeySecret {
  readonly name: string;
  readonly namespace: string;
  /** The user cluster that KKP copies it to; undefined where it is on the seed already. */
  readonly copiedTo: string | undefined;
  readonly entries: ReadonlyMap<string, Plaintext>;
}

/** A new key, as a Cluster's `value` or a Secret has it. */
export function newKkpKey(): Plaintext {
  return Plaintext.fromText(Buffer.from(generate32ByteKey(), 'base64url').toString('base64'));
}

/** The name of the Secret that KKP copies from the master to a user cluster's namespace (encryption-secret-synchronizer). */
export function copiedSecretName(cluster: string): string {
  return `encryption-key-cluster-${cluster}`;
}

/** The manifest, with the keys in clear: to be sealed before anything is written. */
export function keySecretManifest({ name, namespace, copiedTo, entries }: KeySecret): Plaintext {
  const annotations =
    copiedTo === undefined ? [] : ['  annotations:', `    kubermatic.io/cluster-name: ${token(copiedTo)}`];
  const lines = [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${token(name)}`,
    `  namespace: ${token(namespace)}`,
    ...annotations,
    'type: Opaque',
    'stringData:',
    ...[...entries].map(([key, value]) => `  ${token(key)}: ${token(value.exposeText() ?? '')}`),
  ];
  return Plaintext.fromText(`${lines.join('\n')}\n`);
}

/** A name for a new key that none of these have: `encryption-key-2026-11`. */
export function suggestKeyName(used: readonly string[], now: Date): string {
  return freeName(`encryption-key-${now.toISOString().slice(0, 7)}`, used);
}

/** This name, or with the first number behind it that makes it one which none of these are: `name-2`. */
export function freeName(name: string, used: readonly string[]): string {
  for (let at = 1; ; at++) {
    const candidate = at === 1 ? name : `${name}-${at}`;
    if (!used.includes(candidate)) return candidate;
  }
}

/** What stands against a name for a new key, in one sentence. */
export function problemOfKeyName(name: string, used: readonly string[]): string | undefined {
  if (!/^[a-z0-9](?:[-.a-z0-9]{0,200}[a-z0-9])?$/.test(name))
    return l10n.t('Small letters, digits, dots and dashes, with a letter or a digit at both ends.');
  if (used.includes(name)) return l10n.t('A key has this name: KKP keeps the value that a name had first.');
  return undefined;
}

function token(value: string): string {
  return writeScalar(value, { style: 'none', flow: false, indent: 0, eol: '\n' }).token;
}
