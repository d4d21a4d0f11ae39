import * as l10n from '@vscode/l10n';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter } from './finding.ts';
import { isSopsManifest } from './sops-manifest.ts';

const matter: Matter = (place) =>
  l10n.t(
    '{0} says by comments what is encrypted, and Flux sees no comments: it would apply the ciphertext as the value; say it by encrypted_regex and encrypt the file again',
    place,
  );

/**
 * Manifests in which comments say what SOPS encrypted: kustomize drops comments before Flux decrypts, so Flux takes such values for plain
 * ones and applies the ciphertext (seen with kustomize-controller 1.9.5). Told at the rule in the `sops` mapping.
 */
export const fluxCommentRule: FieldRule = {
  words: ['_comment_regex'],
  concerns: (text) => text.includes('ENC[AES256_GCM,'),
  *findings({ fields, object }) {
    const rule = fields.find(
      ({ path }) => path[0] === 'sops' && path.length === 2 && String(path[1]).endsWith('_comment_regex'),
    );
    if (rule === undefined || !isSopsManifest(fields)) return;
    const place = { span: rule.span, object, entry: rule.name, located: undefined };
    yield new Finding(place, 'flux/comment-rule', 'warning', matter);
  },
};
