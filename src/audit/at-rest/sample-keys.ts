import * as l10n from '@vscode/l10n';
import { Plaintext } from '../../core/plaintext.ts';
import type { ConfiguredKey, EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';
import type { Finding, Matter } from '../finding.ts';
import { reporter } from './advice.ts';

/** What Kubernetes' documentation and its tests have in the place of keys (kubernetes/website, encrypt-data.md; kubernetes/apiserver). */
const samples: readonly Plaintext[] = [
  'secret is secure',
  'this is password',
  'abcdefghijklmnopqrstuvwxyz123456',
  'secret is secure, is it?',
  'secret is secure, or is it?\n',
  'secret is secure, I think',
].map((text) => Plaintext.fromText(text));

/** Whether a key is one that everybody can look up. */
export function isSampleKey(bytes: Plaintext): boolean {
  return samples.some((sample) => sample.equals(bytes));
}

/** What is the matter with such a key. */
export const sampleKeyMatter: Matter = (place) =>
  l10n.t("{0} is a sample key of Kubernetes' documentation, which everybody has: make a new one", place);

/** The sample keys of a configuration. */
export function sampleKeyFindings(configuration: EncryptionConfiguration): readonly Finding[] {
  const report = reporter(configuration);
  return keysOf(configuration).flatMap(({ key, path }) => {
    const bytes = keyBytes(key.secret);
    if (bytes === undefined || !isSampleKey(bytes)) return [];
    return [report(key.secret, path, 'at-rest/sample-key', 'error', sampleKeyMatter)];
  });
}

function keysOf({
  resources,
}: EncryptionConfiguration): readonly { readonly key: ConfiguredKey; readonly path: string }[] {
  return resources.flatMap((rule, at) =>
    rule.providers.items.flatMap((element, provider) =>
      (['aesgcm', 'aescbc', 'secretbox'] as const).flatMap((kind) =>
        (element[kind]?.keys.items ?? []).map((key, index) => ({
          key,
          path: `resources[${at}].providers[${provider}].${kind}.keys[${index}].secret`,
        })),
      ),
    ),
  );
}
