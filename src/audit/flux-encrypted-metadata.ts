import * as l10n from '@vscode/l10n';
import type { Field } from '../manifest/fields.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter } from './finding.ts';
import { isSopsValue } from './judge/encrypted.ts';
import { isSopsManifest } from './sops-manifest.ts';

const matter: Matter = (place) =>
  l10n.t(
    '{0} is encrypted, where Flux must read apiVersion, kind and metadata: say encrypted_regex: ^(data|stringData)$ in .sops.yaml and encrypt the file again',
    place,
  );

const named = /(?:apiVersion|kind|name|namespace)["']?[ \t]{0,8}:[ \t]{0,8}["']?ENC\[AES256_GCM,/;

/**
 * Manifests of which SOPS encrypted what says which object they are: Flux builds them before it decrypts them
 * (fluxcd/kustomize-controller, docs/spec/v1/kustomizations.md). Told once a document, at the first such value.
 */
export const fluxEncryptedMetadata: FieldRule = {
  words: ['ENC[AES256_GCM,'],
  concerns: (text) => named.test(text),
  *findings({ fields }) {
    const first = fields.find((field) => isIdentity(field) && isSopsValue(field.text));
    if (first === undefined || !isSopsManifest(fields)) return;
    const place = { span: first.span, object: undefined, entry: first.name, located: undefined };
    yield new Finding(place, 'flux/encrypted-metadata', 'error', matter);
  },
};

function isIdentity({ path: [root] }: Field): boolean {
  return root === 'apiVersion' || root === 'kind' || root === 'metadata';
}
