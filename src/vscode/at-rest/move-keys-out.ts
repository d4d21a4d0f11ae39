import { l10n, type TextDocument, Uri, window, workspace } from 'vscode';
import {
  holdsKeysInClear,
  isConfigurationFile,
  sealedEnding,
  withIgnoredFile,
} from '../../app/at-rest/configuration-file.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { applyEdits } from '../apply-edits.ts';
import { bulkSource } from '../bulk-source.ts';
import { documentSchemeOf } from '../document-file.ts';
import type { SealedFileTarget } from '../keep-sealed-file.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { targetOf } from '../targets.ts';
import { closeTabs } from './close-tabs.ts';
import { decideConfigurationSealing, sealInPlace, writeSealed } from './seal-configuration.ts';

const title = l10n.t('Move Keys Out');

/**
 * Move Keys Out: an EncryptionConfiguration with keys in clear is sealed, in place where SOPS has a rule for it, else beside it;
 * then the file in clear goes, and is left out of git from then on.
 */
export async function moveKeysOut(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const target = await targetOf(argument);
  if (target === undefined) throw new Failure('configuration.no-keys', {});
  const { document } = target;
  if (document.uri.scheme !== 'file' || document.isDirty) throw new Failure('document.unsaved', {});
  const { uri, version } = document;
  const text = document.getText();
  if (!isConfigurationFile(text) || !holdsKeysInClear(text, services.registry))
    throw new Failure('configuration.no-keys', {});
  const answer = await services.policies.require(uri);
  if (documentSchemeOf(answer) === 'sops')
    return sealHere(document, version, { path: uri.fsPath, answer }, services);
  const path = `${uri.fsPath}${sealedEnding}`;
  if (await services.files.exists(path)) throw new Failure('file.exists', {}, { path });
  await sealBeside(document, { path, answer: await services.policies.require(Uri.file(path)) }, services);
}

async function sealHere(
  document: TextDocument,
  version: number,
  target: SealedFileTarget,
  services: Services,
): Promise<void> {
  const name = nameOf(document.uri.fsPath);
  const history = await historyOf(document.uri.fsPath, target, services);
  const detail = `${l10n.t('It is encrypted in place by SOPS.')} ${history}`;
  if (!(await confirm(l10n.t('Encrypt {0}?', name), detail, l10n.t('Encrypt')))) return;
  const { edits } = await sealInPlace(document.getText(), target, services);
  await applyEdits(document, version, edits);
  if (!(await document.save()))
    throw new Failure('file.unwritable', { reason: l10n.t('it could not be saved') });
  void window.showInformationMessage(
    plainMessage(`${l10n.t('{0} is encrypted by SOPS.', name)} ${rotate()}`),
  );
}

const rotate = () =>
  l10n.t(
    'Whoever has read the repository has the keys: rotate them, each to a new one (Rotate Encryption Key…).',
  );

async function sealBeside(
  document: TextDocument,
  target: SealedFileTarget,
  services: Services,
): Promise<void> {
  const { files } = services;
  const { fsPath } = document.uri;
  const [name, sealed] = [nameOf(fsPath), nameOf(target.path)];
  const steps = (await isInGit(target, services))
    ? l10n.t(
        'It is encrypted into {0}. The file in the clear is removed and named in .gitignore: purser decrypt makes it again where it is deployed.',
        sealed,
      )
    : l10n.t(
        'It is encrypted into {0}. The file in the clear is removed: purser decrypt makes it again where it is deployed.',
        sealed,
      );
  const detail = `${steps} ${await historyOf(fsPath, target, services)}`;
  if (!(await confirm(l10n.t('Move the keys out of {0}?', name), detail, title))) return;
  const how = await decideConfigurationSealing(target, title, services);
  if (how === undefined) return;
  const bytes = await files.read(fsPath);
  if (document.isDirty) throw new Failure('document.unsaved', {});
  const verified = await writeSealed(new Plaintext(bytes), target, how, services);
  if (verified || (await confirmUnverified(name, sealed)))
    await removeClear(document.uri, bytes, target, services);
  const message = `${l10n.t('The keys are in {0}, encrypted.', sealed)} ${rotate()}`;
  const told = window.showInformationMessage(plainMessage(message));
  await Promise.all([told, how.by === 'token' ? how.sealing.afterwards() : undefined]);
}

function confirmUnverified(name: string, sealed: string): Promise<boolean> {
  const detail = l10n.t(
    '{0} could not be opened here to verify: the private key is not at hand. Let somebody who has it open it before the only other copy goes.',
    sealed,
  );
  return confirm(l10n.t('Remove {0} all the same?', name), detail, l10n.t('Remove'));
}

/** Only what was sealed is removed. Throws `document.changed`. */
async function removeClear(uri: Uri, sealed: Uint8Array, target: SealedFileTarget, services: Services) {
  const { files } = services;
  await leaveOutOfGit(uri.fsPath, target, services);
  if (!Buffer.from(await files.read(uri.fsPath)).equals(sealed))
    throw new Failure('document.changed', {}, { path: uri.fsPath });
  await files.remove(uri.fsPath);
  await closeTabs(uri);
}

function isInGit({ answer: { root } }: SealedFileTarget, { files }: Services): Promise<boolean> {
  return files.exists(files.join(root, '.git'));
}

async function leaveOutOfGit(path: string, target: SealedFileTarget, services: Services): Promise<void> {
  if (!(await isInGit(target, services))) return;
  const { files } = services;
  const { root } = target.answer;
  const relative = files.relative(root, path);
  const ignore = files.join(root, '.gitignore');
  if (!(await files.exists(ignore))) {
    await files.create(ignore, new TextEncoder().encode(withIgnoredFile(undefined, relative)), 0o644);
    return;
  }
  const source = await bulkSource(Uri.file(ignore), files);
  const after = withIgnoredFile(source.text, relative);
  const span = { start: source.text.length, end: source.text.length };
  if (after !== source.text) await source.write([{ span, text: after.slice(source.text.length) }], after);
}

async function historyOf(
  path: string,
  { answer }: SealedFileTarget,
  { repository }: Services,
): Promise<string> {
  const held = await repository.holds(path, answer.root).catch(() => true);
  return held
    ? l10n.t('The keys stay in the history of git, and in every copy of it: rotate them afterwards.')
    : l10n.t('Rotate the keys afterwards if anybody else may have seen them.');
}

async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  const options = { modal: true, detail: plainMessage(detail) };
  return (await window.showWarningMessage(plainMessage(question), options, button)) === button;
}

function nameOf(path: string): string {
  return shown(workspace.asRelativePath(Uri.file(path)));
}
