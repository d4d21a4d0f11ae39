import { specHash } from '../../crypto/kkp/spec-hash.ts';
import { goJson } from '../../manifest/at-rest/go-text.ts';
import type { KkpEncryptionText } from '../../manifest/kkp/cluster-text.ts';

/**
 * `spec.encryptionConfiguration` of a KKP Cluster as Go's struct has it (sdk/apis/kubermatic/v1/cluster.go). It may hold keys in clear:
 * to be hashed at once, and not kept.
 */
export interface KkpSpec {
  readonly enabled: boolean;
  readonly resources: readonly string[] | null;
  readonly keys: readonly KkpSpecKey[] | undefined;
}

interface KkpSpecKey {
  readonly name: string;
  readonly value: string;
  readonly secretRef:
    | { readonly name: string; readonly key: string; readonly optional: boolean | undefined }
    | undefined;
}

/** KKP's hash of it; undefined is hashed too, as `null`. */
export function hashOfSpec(spec: KkpSpec | undefined): string {
  return specHash(goJson(spec === undefined ? null : inGo(spec)));
}

/** As it stands in a manifest. */
export function specOfText({ enabled, resources, secretbox }: KkpEncryptionText): KkpSpec {
  return {
    enabled: enabled?.value ?? false,
    resources: resources.isNull ? null : resources.items.map(({ text }) => text),
    keys: secretbox?.keys.items.map(({ name, value, secretRef }) => ({
      name: name?.text ?? '',
      value: value?.text.exposeText() ?? '',
      secretRef,
    })),
  };
}

/** Fields in the order of Go's structs, those without a value left out where Go does. */
function inGo({ enabled, resources, keys }: KkpSpec): unknown {
  const secretbox = keys && { keys: keys.map(keyInGo) };
  return { enabled, resources, ...(secretbox === undefined ? {} : { secretbox }) };
}

function keyInGo({ name, value, secretRef }: KkpSpecKey): unknown {
  const reference = secretRef && {
    ...(secretRef.name === '' ? {} : { name: secretRef.name }),
    key: secretRef.key,
    ...(secretRef.optional === undefined ? {} : { optional: secretRef.optional }),
  };
  return {
    name,
    ...(value === '' ? {} : { value }),
    ...(reference === undefined ? {} : { secretRef: reference }),
  };
}
