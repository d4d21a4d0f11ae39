import { l10n } from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { isAboutPlaintext } from '../app/workspace-scan.ts';
import type { Finding } from '../audit/finding.ts';
import { isSecret, type KubeObject } from '../manifest/manifest.ts';
import type { DocumentRecipient, DocumentTraits, SealedDocument } from '../schemes/document-scheme.ts';
import { documentSchemeOf } from './document-file.ts';
import { isSealable } from './file-findings.ts';
import type { Examined } from './manifests.ts';

/** Lenses are for reading: with more than this many, a Secret or a sealed document gets them above itself only. */
const entryLensesAtMost = 40;

/** What can be done at a place. */
export interface LensAction {
  readonly offset: number;
  readonly title: string;
  readonly command: string;
}

type Answer = Pick<PolicyAnswer, 'rule' | 'sopsFile'> | undefined;

/** The actions above Secrets, above sealed documents, and above what is sealed in either. */
export function lensActions(examined: Examined, answer: Answer): readonly LensAction[] {
  const secrets = examined.manifest.documents.flatMap(({ objects }) => objects.filter(isSecret));
  return [
    ...fileAction(examined, answer),
    ...examined.sealed.documents.flatMap((document) => [
      ...sealedActions(document),
      ...renewalAction(document, examined),
    ]),
    ...secrets.flatMap((secret) => secretActions(secret, examined, answer)),
  ];
}

/** Above a file that is to be sealed as a whole and is not: one action for all that stands in plaintext there. */
function fileAction(examined: Examined, answer: Answer): readonly LensAction[] {
  const { registry, findings, sealed } = examined;
  const scheme = documentSchemeOf(answer);
  if (scheme === undefined || registry.documentById(scheme).traits.unit !== 'file') return [];
  if (sealed.documents.some((document) => document.scheme === scheme)) return [];
  const first = findings.find(({ rule }) => isAboutPlaintext(rule));
  if (first === undefined) return [];
  const { verbs } = registry.documentById(scheme).traits;
  const title = `$(lock) ${sealTitles[verbs.seal].file()} · ${scheme}`;
  return [{ offset: headingAbove(first, examined), title, command: 'purser.encryptFile' }];
}

const sealTitles: {
  readonly [Verb in DocumentTraits['verbs']['seal']]: {
    readonly file: () => string;
    readonly object: () => string;
  };
} = {
  Encrypt: { file: () => l10n.t('Encrypt file'), object: () => l10n.t('Encrypt') },
  Seal: { file: () => l10n.t('Seal file'), object: () => l10n.t('Seal') },
};

function headingAbove({ span, place }: Finding, { manifest }: Examined): number {
  const object = place.located?.object;
  if (object !== undefined) return object.span.start;
  const around = manifest.documents.find((one) => span.start >= one.span.start && span.start < one.span.end);
  return around?.objects[0]?.span.start ?? around?.span.start ?? 0;
}

function sealedActions({ scheme, heading, items, recipients, notes }: SealedDocument): readonly LensAction[] {
  if (items.length === 0) return [];
  const about = [withRecipients(scheme, recipients), ...notes].join(', ');
  const title = `$(eye) ${peekTitle(items.length)} · ${about}`;
  const top = { offset: heading, title, command: 'purser.peek' };
  const shown = items.length <= entryLensesAtMost ? items : [];
  return [top, ...shown.flatMap(({ keySpan }) => valueActions(keySpan.start))];
}

/** Where a document is sealed to others than policy names. */
function renewalAction(
  { scheme, heading, mark }: SealedDocument,
  { findings, registry }: Examined,
): readonly LensAction[] {
  if (!findings.some(({ rule, span }) => rule === 'wrong-recipient' && span.start === mark.start)) return [];
  const isFile = registry.documentById(scheme).traits.unit === 'file';
  const [title, command] = isFile
    ? [l10n.t('Sealed to other recipients · Update…'), 'purser.updateRecipients']
    : [l10n.t('Sealed to another certificate · Seal Again…'), 'purser.sealAgain'];
  return [{ offset: heading, title: `$(warning) ${title}`, command }];
}

function peekTitle(values: number): string {
  return values === 1 ? l10n.t('Peek 1 value') : l10n.t('Peek {0} values', values);
}

/** `sops age (2 recipients)`. A certificate goes without saying: there is one, and its fingerprint is no name. */
function withRecipients(scheme: string, recipients: readonly DocumentRecipient[]): string {
  const kinds = new Set(recipients.map(({ kind }) => kind).filter((kind) => kind !== 'certificate'));
  if (kinds.size === 0) return scheme;
  const listed = [...kinds].reduce((before, kind) => l10n.t('{0} and {1}', before, kind));
  return recipients.length === 1
    ? l10n.t('{0} {1} (1 recipient)', scheme, listed)
    : l10n.t('{0} {1} ({2} recipients)', scheme, listed, recipients.length);
}

function secretActions(secret: KubeObject, examined: Examined, answer: Answer): readonly LensAction[] {
  const plaintext = examined.findings.filter(
    ({ place, rule }) => place.located?.object === secret && isSealable({ rule, entry: place.entry }),
  );
  const groups = examined.groups.filter(({ envelopes }) => envelopes[0]?.object === secret);
  const offset = secret.span.start;
  const actions = plaintext.length > 0 ? encryptActions(offset, plaintext.length, examined, answer) : [];
  const title = `$(eye) ${peekTitle(groups.length)}`;
  const peek = groups.length > 0 ? [{ offset, title, command: 'purser.peek' }] : [];
  const keys = groups.flatMap(({ envelopes: [envelope] }) => envelope?.entry.keySpan.start ?? []);
  return [...actions, ...peek, ...(keys.length <= entryLensesAtMost ? keys.flatMap(valueActions) : [])];
}

function encryptActions(
  offset: number,
  values: number,
  { registry }: Examined,
  answer: Answer,
): readonly LensAction[] {
  const command = 'purser.encryptSecret';
  const rule = answer?.rule;
  const how = rule === undefined ? '' : ` · ${rule.scheme}${keyOf(rule)}`;
  const scheme = documentSchemeOf(answer);
  if (scheme === undefined) return [{ offset, title: `$(lock) ${encryptTitle(values)}${how}`, command }];
  const { unit, verbs } = registry.documentById(scheme).traits;
  return unit === 'file'
    ? []
    : [{ offset, title: `$(lock) ${sealTitles[verbs.seal].object()}${how}`, command }];
}

function encryptTitle(values: number): string {
  return values === 1 ? l10n.t('Encrypt 1 value') : l10n.t('Encrypt {0} values', values);
}

function keyOf({ keys: [key] }: NonNullable<PolicyAnswer['rule']>): string {
  if (key === undefined) return '';
  return ` ${key.kind === 'path' ? key.path.slice(key.path.lastIndexOf('/') + 1) : key.text}`;
}

function valueActions(offset: number): readonly LensAction[] {
  return [
    { offset, title: `$(eye) ${l10n.t('Peek')}`, command: 'purser.peek' },
    { offset, title: `$(edit) ${l10n.t('Set…')}`, command: 'purser.setValue' },
  ];
}
