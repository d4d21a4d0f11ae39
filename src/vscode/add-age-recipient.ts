import { env, l10n, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import type { Services } from './services.ts';
import { targetFolder } from './target-folder.ts';

/**
 * Puts a recipient of age where SOPS looks for it: into a first `.sops.yaml`. One that is there is the person's to change,
 * since its first rule that matches counts: it is opened, with the recipient on the clipboard. Throws `key.unusable`.
 */
export async function addAgeRecipient(written: string, services: Services): Promise<void> {
  const { readAgeRecipient } = await import('../crypto/age/recipient.ts');
  const { text } = readAgeRecipient(written, l10n.t('that was typed'));
  const folder = await targetFolder();
  if (folder === undefined) return;
  const { finder, files, policies } = services;
  const { root } = await policies.require(Uri.joinPath(folder, '.sops.yaml'));
  const there = await finder.findSops(files.join(folder.fsPath, 'any.yaml'));
  if (there !== undefined) return openRules(there.file, text);
  const path = await askPattern();
  if (path === undefined || !(await confirm(text, path))) return;
  await createRules(Uri.file(files.join(root, '.sops.yaml')), rulesFor(text, path));
  policies.refresh();
}

/** `data` and `stringData` only: Flux and kubectl must read the rest. */
function rulesFor(recipient: string, path: string): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
  return [
    'creation_rules:',
    `  - path_regex: ${quoted(path)}`,
    '    encrypted_regex: ^(data|stringData)$',
    `    age: ${quoted(recipient)}`,
    '',
  ].join('\n');
}

async function openRules(file: string, recipient: string): Promise<void> {
  await env.clipboard.writeText(recipient);
  await window.showTextDocument(await workspace.openTextDocument(Uri.file(file)));
  void window.showInformationMessage(
    l10n.t(
      'The public half is on the clipboard: add it to the age recipients of a rule, then update the recipients of its files.',
    ),
  );
}

function askPattern(): Thenable<string | undefined> {
  return window.showInputBox({
    prompt: l10n.t(
      'Which files does SOPS encrypt to it? A regular expression of Go, for paths relative to .sops.yaml.',
    ),
    value: '\\.ya?ml$',
    ignoreFocusOut: true,
    validateInput: (pattern) => (pattern === '' ? l10n.t('A regular expression is required.') : ''),
  });
}

async function confirm(recipient: string, path: string): Promise<boolean> {
  const write = l10n.t('Write .sops.yaml');
  const detail = [
    `age ${shown(recipient)}`,
    l10n.t('Files: {0}', shown(path)),
    l10n.t('Whoever has the private half can read what is encrypted to it.'),
  ].join('\n\n');
  const question = l10n.t('Write a .sops.yaml that has SOPS encrypt Secrets to this recipient?');
  return (await window.showInformationMessage(question, { modal: true, detail }, write)) === write;
}

async function createRules(uri: Uri, text: string): Promise<void> {
  const change = new WorkspaceEdit();
  change.createFile(uri, { contents: new TextEncoder().encode(text), ignoreIfExists: false });
  if (!(await workspace.applyEdit(change)))
    throw new Failure(
      'file.unwritable',
      { reason: l10n.t('the editor could not write .sops.yaml') },
      { path: uri.fsPath },
    );
  void window.showInformationMessage(
    l10n.t('.sops.yaml is in the repository: files that it covers are encrypted with SOPS.'),
  );
}
