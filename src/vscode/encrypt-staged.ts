import { l10n, Uri, window, workspace } from 'vscode';
import { encryptFileOrDocument } from './encrypt-commands.ts';
import type { GitRepository } from './git-extension.ts';
import type { Services } from './services.ts';
import { property } from './targets.ts';

/** Encrypt and Stage: the files that Source Control lists, or the one whose button was pressed. */
export async function encryptStaged(argument: unknown, services: Services): Promise<void> {
  const only = property(argument, 'resourceUri');
  const listed = services.staged.listed();
  const wanted =
    only instanceof Uri ? listed.filter(({ uri }) => uri.toString() === only.toString()) : listed;
  if (wanted.length === 0) void window.showInformationMessage(l10n.t('There is nothing to encrypt here.'));
  for (const { uri, repository } of wanted) await encryptOne(uri, repository, services);
}

/** Other changes of the file than those that are staged stay out of the index: then only the person can stage. */
async function encryptOne(uri: Uri, repository: GitRepository, services: Services): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  const { workingTreeChanges } = repository.state;
  const hasMore = document.isDirty || workingTreeChanges.some((change) => change.uri.fsPath === uri.fsPath);
  const { version } = document;
  await window.showTextDocument(document);
  const isOnDisk = await encryptFileOrDocument({ uri: uri.toString(), offset: 0 }, services);
  if (!isOnDisk && document.version === version) return;
  if (hasMore) {
    void window.showInformationMessage(
      l10n.t('The file has other changes that are not staged: save it, and stage what you want to commit.'),
    );
    return;
  }
  if (isOnDisk || (await document.save())) await repository.add([uri.fsPath]);
}
