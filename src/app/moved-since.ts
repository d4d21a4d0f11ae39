import * as l10n from '@vscode/l10n';
import { Finding, type Matter } from '../audit/finding.ts';
import { IgnoreComments } from '../audit/ignore-comment.ts';
import { shortened } from '../audit/moved-ciphertext.ts';
import type { SealingPlace } from '../core/sealing-place.ts';
import { textOf } from '../manifest/file-text.ts';
import { type MovedItem, movedItems } from '../schemes/sealed-secrets/moved-items.ts';
import { type LookedThrough, type ReportedFinding, reportFindings } from './scan-file.ts';

/**
 * Items of SealedSecrets that a commit moves: what they were sealed for is told by what stood in the file before.
 * @param before that version, asked only where there is a SealedSecret
 */
export function movedSince(
  { manifest, file, lines }: LookedThrough,
  before: () => Uint8Array | undefined,
): readonly ReportedFinding[] {
  const { text } = manifest;
  const bytes = text.includes('SealedSecret') ? before() : undefined;
  const old = bytes && textOf(bytes);
  if (old === undefined) return [];
  const ignored = new IgnoreComments(text);
  const findings = movedItems(old, text).map(findingOf);
  return reportFindings(
    findings.filter(({ span, rule }) => !ignored.silence(span.start, rule)),
    file,
    lines,
  );
}

function findingOf({ secret, entry, from }: MovedItem): Finding {
  const { namespace, name } = secret.place;
  const place = {
    span: entry.span,
    object: {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      namespace: namespace || undefined,
      name: name || undefined,
    },
    entry: `encryptedData.${entry.key}`,
    located: undefined,
  };
  return new Finding(place, 'moved-ciphertext', 'warning', movedFrom(from));
}

function movedFrom({ namespace, name, scope }: SealingPlace): Matter {
  if (scope === 'cluster-wide')
    return (place) => l10n.t('{0} was sealed for any namespace: the controller cannot open it here', place);
  if (scope === 'namespace-wide')
    return (place) =>
      l10n.t(
        '{0} was sealed for the namespace {1}: the controller cannot open it here',
        place,
        shortened(namespace),
      );
  const from = shortened([namespace, name].filter((part) => part !== '').join('/'));
  return (place) => l10n.t('{0} was sealed for {1}: the controller cannot open it here', place, from);
}
