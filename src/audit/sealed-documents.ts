import * as l10n from '@vscode/l10n';
import type {
  DocumentRecipient,
  FoundDocuments,
  MalformedDocument,
  SealedDocument,
} from '../schemes/document-scheme.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Matter, type Place } from './finding.ts';

/** What is the matter with documents that are sealed as a whole: damage, and recipients that policy does not name. */
export function* sealedDocumentFindings(
  { documents, malformed }: FoundDocuments,
  policy: AppliedPolicy | undefined,
): Iterable<Finding> {
  for (const damaged of malformed) yield malformedDocument(damaged);
  if (policy === undefined) return;
  for (const document of documents) {
    const matter = otherRecipients(document, policy);
    if (matter === undefined) continue;
    const place = placeOf(document);
    const sentence = place.object === undefined ? () => matter(l10n.t('this file')) : matter;
    yield new Finding(place, 'wrong-recipient', 'warning', sentence);
  }
}

function malformedDocument({ scheme, item, span, reason }: MalformedDocument): Finding {
  const place = { span, object: undefined, entry: item, located: undefined };
  const matter: Matter =
    item === undefined
      ? () => l10n.t('looks like {0} but is not: {1}', scheme, reason)
      : (where) => l10n.t('{0} looks like {1} but is not: {2}', where, scheme, reason);
  return new Finding(place, 'malformed-ciphertext', 'error', matter);
}

/** An object that says what it is stands for a file that holds nothing else; values of Helm, say, are none. */
function placeOf({ mark, objects: [only, ...others] }: SealedDocument): Place {
  const object = others.length === 0 && only?.kind !== undefined ? only : undefined;
  return { span: mark, object, entry: undefined, located: undefined };
}

/** Of a document of another scheme than policy's, that is said, and nothing of its recipients. */
function otherRecipients(document: SealedDocument, policy: AppliedPolicy): Matter | undefined {
  if (document.scheme !== policy.rule.scheme) return undefined;
  if (document.scheme === 'sops')
    return policy.sopsRecipients && otherThan(document.recipients, policy.sopsRecipients);
  const { recipients } = policy;
  const certificate = document.recipients.find(({ name }) => recipients?.has(name) === false);
  if (certificate === undefined) return undefined;
  return (place) =>
    l10n.t(
      '{0} is sealed to the certificate {1}, which is none of the keys that policy names',
      place,
      shortened(certificate.name),
    );
}

/** Whom it is sealed to and should not be, and the other way round. */
function otherThan(
  sealed: readonly DocumentRecipient[],
  named: readonly DocumentRecipient[],
): Matter | undefined {
  const without = (all: readonly DocumentRecipient[], others: readonly DocumentRecipient[]) =>
    all.filter((one) => !others.some((other) => isSame(one, other)));
  const added = without(sealed, named);
  const missing = without(named, sealed);
  if (added.length === 0 && missing.length === 0) return undefined;
  if (missing.length === 0)
    return (place) => l10n.t('{0} is sealed to {1}, whom .sops.yaml does not name', place, listed(added));
  if (added.length === 0)
    return (place) => l10n.t('{0} is not sealed to {1}, whom .sops.yaml names', place, listed(missing));
  return (place) =>
    l10n.t(
      '{0} is sealed to {1}, whom .sops.yaml does not name, and is not sealed to {2}, whom .sops.yaml names',
      place,
      listed(added),
      listed(missing),
    );
}

/** PGP fingerprints are written in either case, and with spaces. */
function isSame(a: DocumentRecipient, b: DocumentRecipient): boolean {
  const plain = ({ name }: DocumentRecipient) => name.replace(/\s/g, '').toLowerCase();
  return a.kind === b.kind && plain(a) === plain(b);
}

const listedAtMost = 3;

function listed(recipients: readonly DocumentRecipient[]): string {
  const names = recipients
    .slice(0, listedAtMost)
    .map(({ kind, name }) => `${kind === 'age' ? '' : `${kind} `}${shortened(name)}`);
  const more = recipients.length - names.length;
  if (more > 0) return l10n.t('{0} and {1} more', names.join(', '), more);
  return names.reduce((first, last) => l10n.t('{0} and {1}', first, last));
}

const longest = 24;

function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
