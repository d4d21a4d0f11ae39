import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  type Diagnostic,
  l10n,
  type Range,
  type TextDocument,
} from 'vscode';
import { statedScheme } from '../app/how-to-seal.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { isAboutPlaintext } from '../app/workspace-scan.ts';
import type { Finding } from '../audit/finding.ts';
import { overwritten } from '../audit/value-pitfall.ts';
import { type DocumentSchemeId, isDocumentScheme } from '../schemes/document-scheme.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { diagnosticSource } from './diagnostics.ts';
import { isAboutFile, isSealable, mayTakeComment } from './file-findings.ts';
import type { Examined, Manifests } from './manifests.ts';
import type { Location } from './targets.ts';

/** Fixes for findings: encrypt by policy first, then the rest of the Secret, then to say why it may stay. */
export class QuickFixes implements CodeActionProvider {
  readonly #manifests: Manifests;

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
  }

  async provideCodeActions(
    document: TextDocument,
    _range: Range,
    context: CodeActionContext,
  ): Promise<CodeAction[]> {
    const own = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    if (own.length === 0) return [];
    const answer = await this.#manifests.policyOf(document);
    return own.flatMap((diagnostic) => this.#fixesOf(document, diagnostic, answer));
  }

  #fixesOf(
    document: TextDocument,
    diagnostic: Diagnostic,
    answer: PolicyAnswer | undefined,
  ): readonly CodeAction[] {
    const scheme = answer && statedScheme(answer);
    const rule = ruleOf(diagnostic);
    const start = document.offsetAt(diagnostic.range.start);
    const examined = this.#manifests.examine(document);
    if (rule === 'copied-ciphertext') return copiedFixes(document, start, examined, diagnostic);
    const finding = examined.findings.find((one) => one.span.start === start && one.rule === rule);
    if (finding === undefined) return [];
    const { located, entry } = finding.place;
    const offset = located?.entry.keySpan.start ?? finding.span.start;
    const at = { uri: document.uri.toString(), offset };
    const ignore = fix(
      l10n.t('Ignore with a reason…'),
      'purser.ignoreFinding',
      { ...at, rule: finding.rule },
      diagnostic,
    );
    const ignores = mayTakeComment(document, finding) ? [ignore] : [];
    if (finding.rule === 'wrong-recipient')
      return [
        renewal(finding, examined, at, diagnostic),
        ...(located === undefined ? [] : ignores),
        ...pageOf(diagnostic),
      ];
    const setting = settingFix(finding, examined, at, diagnostic);
    if (setting !== undefined)
      return [
        setting,
        ...(located === undefined ? [] : ignores),
        ...(rule === 'malformed-ciphertext' ? [] : pageOf(diagnostic)),
      ];
    if (finding.rule === 'no-cluster-opener' && answer?.file !== undefined && answer.rule !== undefined)
      return [
        preferred(fix(l10n.t('Say what opens it in the cluster…'), 'purser.sayOpener', at, diagnostic)),
        ...ignores,
        ...pageOf(diagnostic),
      ];
    const moving = movingFix(finding, at, diagnostic);
    if (moving !== undefined) return [preferred(moving), ...ignores, ...pageOf(diagnostic)];
    if (isAboutFile({ rule: finding.rule, entry }))
      return [fix(by(scheme, l10n.t('Encrypt this file')), 'purser.encryptFile', at, diagnostic)];
    const sealing =
      scheme !== undefined && isDocumentScheme(scheme)
        ? documentFix(finding, scheme, examined, at, diagnostic)
        : undefined;
    if (sealing !== undefined) return [preferred(sealing), ...ignores];
    if (located === undefined || !isSealable({ rule: finding.rule, entry })) {
      return [...ignores, ...pageOf(diagnostic)];
    }
    return [...encryptFixes(scheme, at, diagnostic), ...ignores];
  }
}

/** Seals the value where it stands, or all of its Secret. */
function encryptFixes(
  scheme: SchemeId | undefined,
  at: Location,
  diagnostic: Diagnostic,
): readonly CodeAction[] {
  const value = fix(by(scheme, l10n.t('Encrypt this value')), 'purser.encryptValue', at, diagnostic);
  const secret = fix(by(scheme, l10n.t('Encrypt this Secret')), 'purser.encryptSecret', at, diagnostic);
  return [preferred(value), secret];
}

/** `Encrypt this file (fernet)` */
function by(scheme: SchemeId | undefined, title: string): string {
  return scheme === undefined ? title : l10n.t('{0} ({1})', title, scheme);
}

/** What is damaged, moved, sealed otherwise than policy says or not what it looks like is put right by setting it. */
const setAgain: ReadonlySet<string> = new Set([
  'malformed-ciphertext',
  'moved-ciphertext',
  'wrong-scheme',
  'value-pitfall',
]);

function settingFix(
  { rule, place }: Finding,
  { sealed, text }: Examined,
  at: Location,
  diagnostic: Diagnostic,
): CodeAction | undefined {
  if (!setAgain.has(rule)) return undefined;
  const { located, object } = place;
  // A file that is one ciphertext has no objects.
  if (object === undefined) return fix(l10n.t('Set the file again…'), 'purser.setFile', at, diagnostic);
  // What a document seals as a whole is no single value.
  const isSingle = rule === 'malformed-ciphertext' || sealed.documents.length === 0;
  if (located === undefined || !isSingle) return undefined;
  // Another value wins over it, whatever this one is.
  if (overwritten(located.object, text)?.has(located.entry) === true) return undefined;
  return fix(l10n.t('Set the value again…'), 'purser.setValue', at, diagnostic);
}

/** Whether a ciphertext stands elsewhere too is not told by this document, so it is found by its place. */
function copiedFixes(
  { uri }: TextDocument,
  start: number,
  { groups }: Examined,
  diagnostic: Diagnostic,
): readonly CodeAction[] {
  const entries = groups.flatMap(({ envelopes }) => envelopes.map(({ entry }) => entry));
  const entry = entries.find(({ span }) => span.start === start);
  if (entry === undefined) return pageOf(diagnostic);
  const at = { uri: uri.toString(), offset: entry.keySpan.start };
  return [fix(l10n.t('Set the value again…'), 'purser.setValue', at, diagnostic), ...pageOf(diagnostic)];
}

/** Seals the file that a key of encryption at rest stands in; of a KKP Cluster, a Secret takes the key. */
function movingFix({ rule, place }: Finding, at: Location, diagnostic: Diagnostic): CodeAction | undefined {
  if (rule !== 'private-key-in-repo' && rule !== 'at-rest/sample-key') return undefined;
  const kind = place.object?.kind;
  if (kind === 'Cluster' && place.entry?.startsWith('spec.encryptionConfiguration.') === true)
    return fix(l10n.t('Move Keys Out…'), 'purser.kkpMoveKeysOut', at, diagnostic);
  if (kind !== 'EncryptionConfiguration' && kind !== 'EncryptionConfig') return undefined;
  return fix(l10n.t('Move Keys Out…'), 'purser.moveKeysOut', at, diagnostic);
}

/** Seals plaintext with the file or the Secret that it stands in; in a file that is sealed, it is set. */
function documentFix(
  { rule, place }: Finding,
  scheme: DocumentSchemeId,
  { registry, sealed }: Examined,
  at: Location,
  diagnostic: Diagnostic,
): CodeAction | undefined {
  const { unit, verbs } = registry.documentById(scheme).traits;
  const isSecret = place.located !== undefined && isSealable({ rule, entry: place.entry });
  const seals = verbs.seal === 'Seal';
  if (unit === 'object') {
    const title = seals ? l10n.t('Seal this Secret') : l10n.t('Encrypt this Secret');
    return isSecret ? fix(by(scheme, title), 'purser.encryptSecret', at, diagnostic) : undefined;
  }
  if (!isAboutPlaintext(rule)) return undefined;
  if (!sealed.documents.some((one) => one.scheme === scheme)) {
    const title = seals ? l10n.t('Seal this file') : l10n.t('Encrypt this file');
    return fix(by(scheme, title), 'purser.encryptFile', at, diagnostic);
  }
  return isSecret ? fix(l10n.t('Set this value…'), 'purser.setValue', at, diagnostic) : undefined;
}

/** Of what is sealed as a whole file its recipients are updated; everything else is sealed again. */
function renewal(
  { span }: Finding,
  { sealed, registry }: Examined,
  at: Location,
  diagnostic: Diagnostic,
): CodeAction {
  const document = sealed.documents.find(({ mark }) => mark.start === span.start);
  const isFile = document !== undefined && registry.documentById(document.scheme).traits.unit === 'file';
  return isFile
    ? fix(l10n.t('Update Recipients…'), 'purser.updateRecipients', at, diagnostic)
    : fix(l10n.t('Seal Again…'), 'purser.sealAgain', at, diagnostic);
}

function preferred(action: CodeAction): CodeAction {
  action.isPreferred = true;
  return action;
}

/** Where the text itself has to be changed, the rule's page says how. */
function pageOf(diagnostic: Diagnostic): readonly CodeAction[] {
  if (typeof diagnostic.code !== 'object') return [];
  const title = l10n.t('What {0} is about', diagnostic.code.value);
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { title, command: 'markdown.showPreview', arguments: [diagnostic.code.target] };
  action.diagnostics = [diagnostic];
  return [action];
}

function ruleOf({ code }: Diagnostic): string | undefined {
  return typeof code === 'object' ? String(code.value) : undefined;
}

function fix(
  title: string,
  command: string,
  argument: Location & { readonly rule?: string },
  diagnostic: Diagnostic,
): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [argument] };
  action.diagnostics = [diagnostic];
  return action;
}
