import { l10n, type TextDocument, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import { kkpPatch } from '../../app/kkp/kkp-patch.ts';
import { Failure } from '../../core/errors.ts';
import type { Edit } from '../../core/span.ts';
import type { KkpChange } from '../../manifest/kkp/kkp-change.ts';
import { plainMessage } from '../plain-text.ts';
import { rangeOf } from '../positions.ts';
import type { Services } from '../services.ts';

/** A Secret whose keys are encrypted, to be written to a file that is not there yet. */
export interface SealedSecretFile {
  readonly path: string;
  readonly text: string;
}

/** Changes a manifest, and writes the Secret that it refers to: one undo step, both or neither. Throws `document.changed`. */
export async function writeToManifest(
  document: TextDocument,
  version: number,
  edit: Edit,
  secret: SealedSecretFile | undefined,
): Promise<void> {
  if (document.isClosed || document.version !== version) throw new Failure('document.changed', {});
  const change = new WorkspaceEdit();
  if (secret !== undefined) addFile(change, secret);
  change.replace(document.uri, rangeOf(document, edit.span), edit.text);
  if (!(await workspace.applyEdit(change))) throw new Failure('document.changed', {});
  await window.showTextDocument(document);
}

/**
 * Writes a patch for kubectl, where no manifest of the workspace can be changed, and tells how it is applied. False where the person gave
 * up. Throws `file.exists`, `document.changed`.
 */
export async function writePatch(
  kkp: KkpEncryption,
  change: Exclude<KkpChange, { step: 'move-out' }>,
  secret: SealedSecretFile | undefined,
  { files }: Pick<Services, 'files'>,
): Promise<boolean> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? files.home();
  const name = `cluster-${kkp.cluster.replace(/[^-.\w]/g, '_')}-${change.step}.json`;
  const file = await window.showSaveDialog({
    defaultUri: Uri.file(files.join(folder, name)),
    title: l10n.t('Patch for kubectl'),
    saveLabel: l10n.t('Write'),
  });
  if (file === undefined) return false;
  if (secret !== undefined) {
    const edit = new WorkspaceEdit();
    addFile(edit, secret);
    if (!(await workspace.applyEdit(edit))) throw new Failure('file.exists', {}, { path: secret.path });
  }
  await files.create(file.fsPath, new TextEncoder().encode(kkpPatch(kkp, change)), 0o644);
  const shown = workspace.asRelativePath(file);
  const command = `kubectl patch clusters.kubermatic.k8c.io ${shellWord(kkp.cluster)} --type json --patch-file ${shellWord(shown)}`;
  const sentences = [
    l10n.t('The workspace states no Cluster {0}, so a patch was written.', kkp.cluster),
    ...(secret === undefined
      ? []
      : [l10n.t('First apply {0}.', workspace.asRelativePath(Uri.file(secret.path)))]),
    command,
  ];
  void window.showInformationMessage(plainMessage(sentences.join(' ')));
  return true;
}

/** As a shell takes it for one word and for nothing else: a lying server's name is not one for a shell. */
function shellWord(text: string): string {
  return /^[-./\w]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function addFile(change: WorkspaceEdit, { path, text }: SealedSecretFile): void {
  change.createFile(Uri.file(path), { contents: new TextEncoder().encode(text), ignoreIfExists: false });
}
