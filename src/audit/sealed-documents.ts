import type {
  DocumentRecipient,
  FoundDocuments,
  MalformedDocument,
  SealedDocument,
} from '../schemes/document-scheme.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Place } from './finding.ts';

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
    const sentence = place.object === undefined ? `this file ${matter}` : matter;
    yield new Finding(place, 'wrong-recipient', 'warning', sentence);
  }
}

function malformedDocument({ scheme, item, span, reason }: MalformedDocument): Finding {
  const place = { span, object: undefined, entry: item, located: undefined };
  return new Finding(place, 'malformed-ciphertext', 'error', `looks like ${scheme} but is not: ${reason}`);
}

/** An object that says what it is stands for a file that holds nothing else; values of Helm, say, are none. */
function placeOf({ mark, objects: [only, ...others] }: SealedDocument): Place {
  const object = others.length === 0 && only?.kind !== undefined ? only : undefined;
  return { span: mark, object, entry: undefined, located: undefined };
}

/** Of a document of another scheme than policy's, that is said, and nothing of its recipients. */
function otherRecipients(document: SealedDocument, policy: AppliedPolicy): string | undefined {
  if (document.scheme !== policy.rule.scheme) return undefined;
  if (document.scheme === 'sops')
    return policy.sopsRecipients && otherThan(document.recipients, policy.sopsRecipients);
  const { recipients } = policy;
  const certificate = document.recipients.find(({ name }) => recipients?.has(name) === false);
  if (certificate === undefined) return undefined;
  return `is sealed to the certificate ${shortened(certificate.name)}, which is none of the keys that policy names`;
}

/** Whom it is sealed to and should not be, and the other way round. */
function otherThan(
  sealed: readonly DocumentRecipient[],
  named: readonly DocumentRecipient[],
): string | undefined {
  const without = (all: readonly DocumentRecipient[], others: readonly DocumentRecipient[]) =>
    all.filter((one) => !others.some((other) => isSame(one, other)));
  const added = without(sealed, named);
  const missing = without(named, sealed);
  const parts = [
    ...(added.length === 0 ? [] : [`is sealed to ${listed(added)}, whom .sops.yaml does not name`]),
    ...(missing.length === 0 ? [] : [`is not sealed to ${listed(missing)}, whom .sops.yaml names`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', and ');
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
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
}

const longest = 24;

function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
