import * as l10n from '@vscode/l10n';
import type { Span } from '../../core/span.ts';
import { type KkpClusterText, kkpClustersIn } from '../../manifest/kkp/cluster-text.ts';
import { outlineOf } from '../../manifest/outline-document.ts';
import type { FieldRule } from '../field-rule.ts';
import { Finding, type Matter, type ObjectIdentity } from '../finding.ts';
import { encryptionAdvice } from './encryption-advice.ts';
import { encryptionErrors } from './validate-encryption.ts';

/** Encryption at rest of KKP's user clusters: what KKP refuses, word for word, and what it takes and does not do. */
export const kkpEncryption: FieldRule = {
  words: ['encryptionConfiguration'],
  concerns: (text) => text.includes('kubermatic.k8c.io/'),
  *findings({ text, span }) {
    for (const cluster of kkpClustersIn(outlineOf(text, span), text)) yield* clusterFindings(cluster, text);
  },
};

function* clusterFindings(cluster: KkpClusterText, text: string): Iterable<Finding> {
  const { apiVersion, kind, name } = cluster;
  const object = { apiVersion, kind, namespace: undefined, name };
  const { encryption, features } = cluster;
  const whole = isFilledIn(text, encryption) && isFilledIn(text, features);
  for (const { path, message, ...span } of encryptionErrors(cluster)) {
    // What a template leaves out may be there in the end.
    if (whole || (path.endsWith('.value') && isFilledIn(text, span)))
      yield found(object, span, path, 'kkp/invalid-encryption', 'error', (where) =>
        l10n.t('{0} is refused by KKP: {1}', where, message),
      );
  }
  for (const { path, rule, level, matter, ...span } of encryptionAdvice(cluster))
    if (isFilledIn(text, span)) yield found(object, span, path, rule, level, matter);
}

function found(
  object: ObjectIdentity,
  { start, end }: Span,
  entry: string,
  ...[rule, level, matter]: [Finding['rule'], Finding['level'], Matter]
): Finding {
  return new Finding({ span: { start, end }, object, entry, located: undefined }, rule, level, matter);
}

/** Of a template nobody can say what will stand there. */
function isFilledIn(text: string, span: Span | undefined): boolean {
  return span === undefined || !/\{\{|\$\{/.test(text.slice(span.start, span.end));
}
