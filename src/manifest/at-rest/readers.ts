import type { Plaintext } from '../../core/plaintext.ts';
import type { Span } from '../../core/span.ts';
import { type ConfiguredKey, kindsOf, type ProviderElement, type ProviderKind } from './configuration.ts';

/** One key of a provider, a KMS plugin, or plaintext: what can read a stored value, and where it stands. */
export interface Reader extends Span {
  readonly kind: ProviderKind;
  /** `secretbox/key1`, `kms/vault`, `identity`: how KKP names an active key too. */
  readonly id: string;
  /** Of the key or the KMS plugin; empty for identity. */
  readonly name: string;
  /** What values begin with that it wrote; empty for identity. */
  readonly prefix: string;
  /** The key as it is written, where it stands in the configuration. */
  readonly secret: Plaintext | undefined;
  /** Position of the provider, and of the key in it. */
  readonly provider: number;
  readonly key: number;
}

/** All that read values, in the order in which they are tried. The first one writes. */
export function readersOf(providers: readonly ProviderElement[]): readonly Reader[] {
  return providers.flatMap((element, provider) => readersIn(element, provider));
}

function readersIn(element: ProviderElement, provider: number): readonly Reader[] {
  const [kind] = kindsOf(element);
  if (kind === undefined) return [];
  const { start, end } = element;
  const alone = { kind, start, end, provider, key: 0, secret: undefined };
  if (kind === 'identity') return [{ ...alone, id: 'identity', name: '', prefix: '' }];
  if (kind !== 'kms')
    return (element[kind]?.keys.items ?? []).map((key, at) => keyReader(kind, key, provider, at));
  const name = element.kms?.name.text ?? '';
  const prefix = `k8s:enc:kms:${element.kms?.apiVersion.text ?? 'v1'}:${name}:`;
  return [{ ...alone, id: `kms/${name}`, name, prefix }];
}

function keyReader(kind: ProviderKind, item: ConfiguredKey, provider: number, key: number): Reader {
  const name = item.name.text;
  const { start, end } = item;
  const prefix = `k8s:enc:${kind}:v1:${name}:`;
  return { kind, start, end, provider, key, id: `${kind}/${name}`, name, prefix, secret: item.secret.text };
}
