import { Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import type { Services } from './services.ts';

interface KeyChoice {
  readonly scheme: SchemeId;
  readonly ref: string;
}

/** Offers to write down what the person picked, so that nobody is asked again. */
export async function offerRule(
  answer: PolicyAnswer,
  uri: Uri,
  choice: KeyChoice,
  services: Services,
): Promise<void> {
  const relative = services.files.relative(answer.base, uri.fsPath);
  const folder = relative.includes('/') ? `${relative.slice(0, relative.lastIndexOf('/'))}/**` : relative;
  const write = 'Write Rule';
  const question = `Write a rule to .purser.yaml, so that files in ${folder} are encrypted with ${choice.scheme} to ${choice.ref}?`;
  if ((await window.showInformationMessage(question, { modal: true }, write)) === write) {
    await writeRule(answer, folder, choice, services);
  }
}

/** Adds a rule to the policy that applies, or to a new one at the root. */
export async function writeRule(
  answer: PolicyAnswer,
  path: string,
  choice: KeyChoice,
  { policies }: Services,
): Promise<void> {
  await editPolicy(answer, path, choice);
  // The next command must not wait for the file watcher.
  policies.refresh();
}

async function editPolicy(answer: PolicyAnswer, path: string, { scheme, ref }: KeyChoice): Promise<void> {
  const { addRule } = await import('../policy/add-rule.ts');
  const file =
    answer.file === undefined ? Uri.joinPath(Uri.file(answer.root), '.purser.yaml') : Uri.file(answer.file);
  const change = new WorkspaceEdit();
  if (answer.file === undefined) {
    const contents = new TextEncoder().encode(addRule(undefined, { path, scheme, key: ref }));
    change.createFile(file, { contents, ignoreIfExists: false });
    await workspace.applyEdit(change);
    return;
  }
  const document = await workspace.openTextDocument(file);
  const text = document.getText();
  const after = addRule(text, { path, scheme, key: ref });
  change.replace(file, new Range(document.positionAt(0), document.positionAt(text.length)), after);
  await workspace.applyEdit(change);
  await document.save();
}
