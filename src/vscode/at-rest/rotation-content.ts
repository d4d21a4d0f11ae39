import { l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { isWholeToken, openWhole, requireNoBrokenToken, sealWhole } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { applyEdits as applied, type Edit } from '../../core/span.ts';
import { scan } from '../../manifest/scan.ts';
import { applyEdits } from '../apply-edits.ts';
import { keysFor, requireTrust } from '../opening.ts';
import { howToSealIn, valueKey } from '../sealing.ts';
import type { Services } from '../services.ts';

export type ContentServices = Pick<Services, 'files' | 'policies' | 'keys' | 'registry'>;

/**
 * The bytes of an EncryptionConfiguration as API servers get it: as it is saved, or will be; where the file is one token, what is
 * sealed in it. Throws `workspace.untrusted`, `rotation.refused` for SOPS, and what reading and opening throw, with the path.
 */
export async function rotationContent(uri: Uri, services: ContentServices): Promise<Plaintext> {
  requireTrust();
  try {
    const document = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    const bytes =
      document?.isDirty === true
        ? Buffer.from(document.getText())
        : Buffer.from(await services.files.read(uri.fsPath));
    const text = bytes.toString();
    if (isWholeToken(text, services.registry))
      return await openWhole(text, keysFor({ uri }, services), services.registry, { path: uri.fsPath });
    requireNoBrokenToken(text, services.registry);
    requireNoDocument(text, services);
    return new Plaintext(new Uint8Array(bytes));
  } catch (error) {
    throw error instanceof Failure ? error.at({ path: uri.fsPath }) : error;
  }
}

/**
 * Changes an EncryptionConfiguration as one undo step, and saves it where it was saved before. One that is a token is opened in
 * memory and sealed again. Undefined where the person gave up. Throws as `rotationContent`, and what the change and sealing throw.
 *
 * @param change is given the text that stands in the file, or is sealed in it
 */
export async function changeContent(
  uri: Uri,
  change: (text: string) => Edit,
  services: Services,
): Promise<'changed' | undefined> {
  requireTrust();
  const document = await workspace.openTextDocument(uri);
  const { version, isDirty } = document;
  const edit = await editOf(document, change, services);
  if (edit === undefined) return undefined;
  await applyEdits(document, version, [edit]);
  if (!isDirty) await document.save();
  return 'changed';
}

async function editOf(
  document: TextDocument,
  change: (text: string) => Edit,
  services: Services,
): Promise<Edit | undefined> {
  const text = document.getText();
  const { registry } = services;
  const scheme = registry.ofToken(text.trim())?.id;
  if (scheme === undefined) {
    requireNoBrokenToken(text, registry);
    requireNoDocument(text, services);
    return change(text);
  }
  const how = await howToSealIn(document.uri, services, scheme);
  if (how?.unit !== 'value') return undefined;
  const path = document.uri.fsPath;
  const opened = (await openWhole(text, keysFor(document, services), registry, { path })).exposeText();
  if (opened === undefined)
    throw new Failure('file.not-text', { reason: l10n.t('what is sealed in it is binary') });
  const changed = Plaintext.fromText(applied(opened, [change(opened)]));
  const { token } = await sealWhole(changed, await valueKey(how, services));
  return { span: { start: 0, end: text.length }, text: token };
}

/** What SOPS gives out are not the bytes that it was given, and API servers tell the hash of bytes. */
function requireNoDocument(text: string, { registry }: Pick<Services, 'registry'>): void {
  const { documents, malformed } = registry.findDocuments(scan(text));
  if (documents.length + malformed.length === 0) return;
  const reason = l10n.t(
    'what SOPS makes of this file is not known byte by byte, so it cannot be told which API servers run it: seal the file as a whole instead, with a rule that says whole: true',
  );
  throw new Failure('rotation.refused', { reason });
}
