import { EndOfLine, l10n, type TextDocument, window } from 'vscode';
import { movedFrom, planDecrypt } from '../app/decrypt.ts';
import { ManifestText } from '../app/manifest-text.ts';
import { isWholeToken, openWhole, wholeMovedFrom } from '../app/whole-file.ts';
import { Failure } from '../core/errors.ts';
import type { DocumentTraits, SealedDocument } from '../schemes/document-scheme.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';
import { applyEdits } from './apply-edits.ts';
import { applyDocumentEdit, documentFile, wishFor } from './document-file.ts';
import { confirmMoved, confirmMovedFrom, groupsAt, keysFor, requireTrust, warnOfWeak } from './opening.ts';
import { withProgress } from './progress.ts';
import { sealedAt, sealedNear } from './sealed-at.ts';
import type { Services } from './services.ts';
import { entryAt, secretAt, targetOf } from './targets.ts';
import { savesNoAscii } from './whole-source.ts';

/** Decrypt Value: the ciphertext under the cursor becomes plaintext in the file. */
export async function decryptValue(argument: unknown, services: Services): Promise<void> {
  await decryptSome(argument, services, (manifest, groups, offset) => {
    const entry = entryAt(manifest.manifest, offset)?.entry;
    return groups.filter(({ envelopes }) => envelopes.some((envelope) => envelope.entry === entry));
  });
}

/** Decrypt Secret: every ciphertext of the Secret under the cursor, or the whole file where it is one token. */
export async function decryptSecret(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target !== undefined && isWholeToken(target.document.getText(), services.registry)) {
    return decryptWhole(target.document, services);
  }
  await decryptSome(argument, services, (manifest, groups, offset) => {
    const secret = secretAt(manifest.manifest, offset);
    return groupsAt(manifest, groups, secret?.span.start ?? offset).filter(
      ({ envelopes }) => envelopes[0]?.object === secret,
    );
  });
}

type Choose = (
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  offset: number,
) => readonly EnvelopeGroup[];

async function decryptSome(argument: unknown, services: Services, choose: Choose): Promise<void> {
  requireTrust();
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document } = target;
  const { version } = document;
  const examined = services.manifests.examine(document);
  const place = sealedAt(examined, target.offset);
  if (place?.item !== undefined) return decryptDocument(document, place.sealed, services);
  const manifest = new ManifestText(examined.manifest);
  const groups = choose(manifest, examined.groups, target.offset);
  const near = groups.length === 0 ? sealedNear(examined, target.offset) : undefined;
  if (near !== undefined) return decryptDocument(document, near.sealed, services);
  if (groups.length === 0) throw new Failure('entry.not-encrypted', {});
  if (!(await confirmPlaintext(groups.length)) || !(await confirmMoved(groups, services))) return;
  const allowMoved = groups.some((group) => movedFrom(group, services.registry) !== undefined);
  const plan = await withProgress(l10n.t('Decrypting'), () =>
    planDecrypt(manifest, groups, keysFor(document, services), services.registry, { allowMoved }),
  );
  await applyEdits(document, version, plan.edits);
  warnOfWeak(groups, services);
}

async function decryptWhole(document: TextDocument, services: Services): Promise<void> {
  requireTrust();
  const { version } = document;
  const text = document.getText();
  if (!(await confirmPlaintext(1))) return;
  const boundTo = wholeMovedFrom(text, services.registry);
  if (boundTo !== undefined && !(await confirmMovedFrom(boundTo))) return;
  const plaintext = await openWhole(text, keysFor(document, services), services.registry, {
    allowMoved: true,
  });
  const opened = plaintext.exposeText();
  if (opened === undefined)
    throw new Failure('file.not-text', { reason: l10n.t('what is sealed in it is binary') });
  requireSavedAs(opened, document);
  const edit = { span: { start: 0, end: text.length }, text: opened };
  await applyEdits(document, version, [edit], endOfLineIn(opened));
}

/** Throws `document.inexact` where other bytes would be saved. */
function requireSavedAs(text: string, { encoding }: TextDocument): void {
  const isAscii = Buffer.byteLength(text) === text.length;
  if (encoding !== 'utf8' && (!isAscii || savesNoAscii.test(encoding)))
    throw new Failure('document.inexact', { reason: l10n.t('it has this file open as {0}', encoding) });
}

/** A document has one kind of line ends, LF or CR LF. Undefined for one line; throws `document.inexact` where the text has others. */
function endOfLineIn(text: string): EndOfLine | undefined {
  const [end, other] = new Set(text.match(/\r\n?|\n/g));
  if (other !== undefined || end === '\r')
    throw new Failure('document.inexact', { reason: l10n.t('it keeps line ends of one kind, LF or CR LF') });
  if (end === undefined) return undefined;
  return end === '\n' ? EndOfLine.LF : EndOfLine.CRLF;
}

async function decryptDocument(
  document: TextDocument,
  sealed: SealedDocument,
  services: Services,
): Promise<void> {
  const { version } = document;
  const work = await services.documents.of(sealed);
  if (!(await confirmPlaintext(sealed.items.length, work.scheme.traits.verbs.open))) return;
  const file = await documentFile(document, services);
  const edit = await withProgress(l10n.t('Decrypting'), (signal) =>
    work.decrypt(file, sealed, wishFor(file.answer), signal),
  );
  await applyDocumentEdit(document, version, edit);
}

type Verb = DocumentTraits['verbs']['open'];

/** The one modal: what a person decrypts into an ordinary editor is VS Code's to back up. */
async function confirmPlaintext(values: number, verb: Verb = 'Decrypt'): Promise<boolean> {
  const sentences = [
    l10n.t(
      'The plaintext will be on disk: VS Code backs up open editors within a second, and keeps saved versions in Local History.',
    ),
    l10n.t('To look at a value or change it without that, use Peek or Set Value.'),
  ];
  const options = { modal: true, detail: sentences.join(' ') };
  const { question, button } = wordings[verb](values);
  return (await window.showWarningMessage(question, options, button)) === button;
}

const wordings: {
  readonly [V in Verb]: (values: number) => { readonly question: string; readonly button: string };
} = {
  Decrypt: (values) => ({
    question:
      values === 1
        ? l10n.t('Decrypt this value into the file?')
        : l10n.t('Decrypt {0} values into the file?', values),
    button: l10n.t('Decrypt'),
  }),
  Unseal: (values) => ({
    question:
      values === 1
        ? l10n.t('Unseal this value into the file?')
        : l10n.t('Unseal {0} values into the file?', values),
    button: l10n.t('Unseal'),
  }),
};
