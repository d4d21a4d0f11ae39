import { l10n, Range, type TextDocument, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { Failure } from '../core/errors.ts';
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
  const write = l10n.t('Write Rule');
  const question = l10n.t(
    'Write a rule to .purser.yaml, so that files in {0} are encrypted with {1} to {2}?',
    folder,
    choice.scheme,
    choice.ref,
  );
  if ((await window.showInformationMessage(question, { modal: true }, write)) === write) {
    await writeRule(answer, folder, choice, services);
  }
}

/** Adds a rule to the policy that applies, or to a new one at the root. */
export async function writeRule(
  answer: PolicyAnswer,
  path: string,
  { scheme, ref }: KeyChoice,
  services: Pick<Services, 'policies'>,
): Promise<void> {
  const { addRule } = await import('../policy/add-rule.ts');
  const plan = await planPolicy(answer, answer.root, (text) => addRule(text, { path, scheme, key: ref }));
  await plan.write(services);
}

/** A policy's next text, worked out and not yet written. */
interface PlannedPolicy {
  /** Throws `document.changed`, and `file.unwritable` where the editor cannot write it. */
  write(services: Pick<Services, 'policies'>): Promise<void>;
}

/**
 * Works out the next text of the policy that applies, or of a new one.
 *
 * @param folder where a new one is to stand
 * @param change makes the new text of the old one
 */
export async function planPolicy(
  { file }: Pick<PolicyAnswer, 'file'>,
  folder: string,
  change: (text: string | undefined) => string,
): Promise<PlannedPolicy> {
  if (file === undefined) {
    const after = change(undefined);
    const uri = Uri.joinPath(Uri.file(folder), '.purser.yaml');
    return planned(() => createPolicy(uri, after));
  }
  const document = await workspace.openTextDocument(Uri.file(file));
  const { version } = document;
  const after = change(document.getText());
  return planned(() => replacePolicy(document, version, after));
}

function planned(write: () => Promise<void>): PlannedPolicy {
  return {
    async write({ policies }) {
      await write();
      // The next command must not wait for the file watcher.
      policies.refresh();
    },
  };
}

async function createPolicy(uri: Uri, text: string): Promise<void> {
  const change = new WorkspaceEdit();
  change.createFile(uri, { contents: new TextEncoder().encode(text), ignoreIfExists: false });
  if (!(await workspace.applyEdit(change))) throw unwritable(uri);
}

async function replacePolicy(document: TextDocument, version: number, after: string): Promise<void> {
  if (document.version !== version) throw new Failure('document.changed', {});
  const before = document.getText();
  if (!(await replaceText(document, after))) throw unwritable(document.uri);
  if (await document.save()) return;
  // What could not be saved must not wait in the editor to be saved by chance.
  await replaceText(document, before);
  throw unwritable(document.uri);
}

async function replaceText(document: TextDocument, text: string): Promise<boolean> {
  const change = new WorkspaceEdit();
  const all = new Range(document.positionAt(0), document.positionAt(document.getText().length));
  change.replace(document.uri, all, text);
  return workspace.applyEdit(change);
}

function unwritable({ fsPath }: Uri): Failure {
  return new Failure(
    'file.unwritable',
    { reason: l10n.t('the editor could not save .purser.yaml') },
    { path: fsPath },
  );
}
