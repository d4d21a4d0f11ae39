import { judgeConfiguration } from '../../audit/at-rest/judge-configuration.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { KeyedKind } from '../../manifest/at-rest/configuration.ts';
import { tellDocument } from '../../manifest/parse.ts';
import { writeScalar } from '../../manifest/write-scalar.ts';

/** What a new configuration is to say. */
export interface NewConfiguration {
  /** As they are spelled there: `secrets`, `*.*`. */
  readonly resources: readonly string[];
  readonly provider: NewProvider;
}

export type NewProvider =
  | { readonly kind: KeyedKind; readonly name: string }
  | { readonly kind: 'kms'; readonly name: string; readonly endpoint: string };

/** What kube-apiserver would have against it, in its words; undefined for nothing. */
export function problemOf(wanted: NewConfiguration): string | undefined {
  const { errors } = judge(textOf(wanted, 'A'.repeat(43).concat('=')));
  return errors[0]?.message;
}

/**
 * A configuration for a cluster that does not encrypt yet: identity stays the last one to read with.
 * @param key 32 bytes; not needed for kms
 * @throws Failure `edit.unverified` where kube-apiserver would not take it
 */
export function newConfiguration(wanted: NewConfiguration, key: Plaintext): Plaintext {
  const text = textOf(wanted, Buffer.from(key.expose()).toString('base64'));
  if (judge(text).errors.length > 0) throw new Failure('edit.unverified', {});
  return Plaintext.fromText(text);
}

function judge(text: string) {
  return judgeConfiguration(text, { reload: true, kmsV1: false }, tellDocument);
}

function textOf({ resources, provider }: NewConfiguration, secret: string): string {
  return [
    'apiVersion: apiserver.config.k8s.io/v1',
    'kind: EncryptionConfiguration',
    'resources:',
    '  - resources:',
    ...resources.map((name) => `      - ${token(name)}`),
    '    providers:',
    ...providerLines(provider, secret),
    '      # Reads what was stored before. Remove it once everything was written anew: until then it must stay, and last.',
    '      - identity: {}',
    '',
  ].join('\n');
}

function providerLines(provider: NewProvider, secret: string): readonly string[] {
  const name = `name: ${token(provider.name)}`;
  if (provider.kind === 'kms')
    return [
      '      - kms:',
      '          apiVersion: v2',
      `          ${name}`,
      `          endpoint: ${token(provider.endpoint)}`,
    ];
  return [
    `      - ${provider.kind}:`,
    '          keys:',
    `            - ${name}`,
    `              secret: ${secret}`,
  ];
}

function token(value: string): string {
  return writeScalar(value, { style: 'none', flow: false, indent: 0, eol: '\n' }).token;
}
