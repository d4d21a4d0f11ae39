import type { Span } from '../../core/span.ts';
import type { SecretField } from '../../manifest/at-rest/configuration.ts';
import { readGoBase64 } from '../../manifest/at-rest/go-base64.ts';
import type { KkpClusterText, KkpKeyText } from '../../manifest/kkp/cluster-text.ts';

/** Why KKP refuses a Cluster, in its own words, and where. */
export interface KkpError extends Span {
  /** `spec.encryptionConfiguration.secretbox.keys[0].name` */
  readonly path: string;
  readonly message: string;
}

const root = 'spec.encryptionConfiguration';

/**
 * What KKP's admission webhook says to the encryption of a Cluster (kubermatic, pkg/validation/cluster.go,
 * `validateEncryptionConfiguration`), and what the CRD says before it. One that is not enabled is taken as it is.
 */
export function encryptionErrors(cluster: KkpClusterText): readonly KkpError[] {
  const { encryption, feature, features } = cluster;
  if (encryption === undefined) return [];
  const { enabled, resources, secretbox } = encryption;
  const empty =
    resources.items.length === 0
      ? [error(resources, `${root}.resources`, 'should have at least 1 items')]
      : [];
  if (enabled?.value !== true) return empty;
  const gated =
    feature?.value === true ? [] : [error(feature ?? features ?? enabled, `${root}.enabled`, missingFeature)];
  if (secretbox === undefined) return [...gated, ...empty, error(enabled, `${root}.secretbox`, noProvider)];
  const { keys } = secretbox;
  const none =
    keys.items.length === 0 ? [error(keys, `${root}.secretbox.keys`, 'should have at least 1 items')] : [];
  const wrong = keys.items.flatMap((key, index) => keyErrors(key, `${root}.secretbox.keys[${index}]`));
  return [...gated, ...empty, ...none, ...wrong];
}

const missingFeature = "cannot enable encryption configuration if feature gate 'encryptionAtRest' is not set";
const noProvider = 'exactly one encryption provider (secretbox, kms) needs to be configured';

function keyErrors(key: KkpKeyText, path: string): readonly KkpError[] {
  const { name, value, secretRef } = key;
  const place = name ?? key;
  const found: KkpError[] = [];
  if ((name?.text ?? '') === '') found.push(error(place, `${path}.name`, 'secretbox key name is required'));
  if (value === undefined && secretRef === undefined)
    found.push(error(place, path, "either 'value' or 'secretRef' must be set"));
  if (value !== undefined && secretRef !== undefined)
    found.push(error(secretRef.keySpan, path, "'value' and 'secretRef' cannot be set at the same time"));
  const wrong = value && valueError(value);
  if (value !== undefined && wrong !== undefined) found.push(error(value, `${path}.value`, wrong));
  return found;
}

/** `validateKeyLength`; undefined for 32 bytes in base64. */
function valueError({ text }: SecretField): string | undefined {
  const read = readGoBase64(text.exposeText() ?? '');
  if ('illegalAt' in read) return `illegal base64 data at input byte ${read.illegalAt}`;
  return read.length === 32 ? undefined : `key length should be 32 it is ${read.length}`;
}

function error({ start, end }: Span, path: string, message: string): KkpError {
  return { start, end, path, message };
}
