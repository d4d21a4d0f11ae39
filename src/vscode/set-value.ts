import { env, type InputBox, type QuickInputButton, type TextDocument, ThemeIcon, window } from 'vscode';
import { ManifestText } from '../app/manifest-text.ts';
import { sentenceOf } from '../app/messages.ts';
import { shown } from '../app/sentence.ts';
import { planSet } from '../app/set-value.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { entryName, type Located } from '../manifest/address.ts';
import { tokenOf } from '../manifest/secret.ts';
import { applyEdits } from './apply-edits.ts';
import { sealingFor, tellEncrypted } from './sealing.ts';
import type { Services } from './services.ts';
import { entryAt, targetOf } from './targets.ts';

const fromClipboard: QuickInputButton = { iconPath: new ThemeIcon('clippy'), tooltip: 'Use the Clipboard' };
const fromFile: QuickInputButton = { iconPath: new ThemeIcon('folder-opened'), tooltip: 'Read from a File' };

/** Set Value: a value typed unseen, or taken from the clipboard or a file; only its ciphertext reaches the document. */
export async function setValue(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const manifest = new ManifestText(services.manifests.examine(target.document).manifest);
  const located = entryAt(manifest.manifest, target.offset) ?? (await pickEntry(manifest));
  if (located !== undefined) await setValueAt(target.document, located, services);
}

/** Sets the value of one entry of a document. */
export async function setValueAt(
  document: TextDocument,
  located: Located,
  services: Services,
): Promise<void> {
  const { version } = document;
  const manifest = new ManifestText(services.manifests.examine(document).manifest);
  manifest.requireEditable(located);
  const token = tokenOf(located.entry);
  const oldScheme = token === undefined ? undefined : services.registry.ofToken(token)?.id;
  const sealing = await sealingFor(document.uri, services, oldScheme);
  if (sealing === undefined) return;
  const plaintext = await askValue(located, services);
  if (plaintext === undefined) return;
  const plan = await planSet(manifest, located, plaintext, sealing.key);
  await applyEdits(document, version, plan.edits);
  tellEncrypted(1, plan.verification === 'opened');
}

async function pickEntry(manifest: ManifestText): Promise<Located | undefined> {
  const items = manifest.entries().map((located) => ({
    label: shown(entryName(located.entry)),
    description: shown(located.object.name ?? ''),
    located,
  }));
  if (items.length === 0) throw new Failure('manifest.no-entries', {});
  return (await window.showQuickPick(items, { placeHolder: 'Which value do you want to set?' }))?.located;
}

/** A masked input. What a person pastes into one line of it loses its line breaks, so a PEM there is refused. */
function askValue(located: Located, services: Services): Promise<Plaintext | undefined> {
  const box = window.createInputBox();
  box.title = `Set ${shown(entryName(located.entry))}`;
  box.prompt =
    'It is encrypted before it reaches the file. Values of several lines: use the clipboard or a file.';
  box.password = true;
  box.buttons = [fromClipboard, fromFile];
  return new Promise((resolve, reject) => {
    const finish = (value: Plaintext | undefined) => {
      resolve(value);
      box.dispose();
    };
    box.onDidChangeValue(() => (box.validationMessage = ''));
    box.onDidAccept(() => {
      if (isFlattenedPem(box.value))
        box.validationMessage = 'This lost its line breaks: use the clipboard button or a file for it.';
      else finish(Plaintext.fromText(box.value));
    });
    // Where file dialogs are quick inputs (in a browser, over SSH), one hides the box.
    let elsewhere = false;
    box.onDidTriggerButton((button) => {
      elsewhere = true;
      const back = (value: Plaintext | undefined) => {
        elsewhere = false;
        if (value === undefined) box.show();
        else finish(value);
      };
      takeFrom(button, box, services).then(back, reject);
    });
    box.onDidHide(() => !elsewhere && finish(undefined));
    box.show();
  });
}

function isFlattenedPem(value: string): boolean {
  return /-----BEGIN [^-]+-----[^\n]+-----END /.test(value);
}

async function takeFrom(
  button: QuickInputButton,
  box: InputBox,
  { files }: Services,
): Promise<Plaintext | undefined> {
  if (button === fromClipboard) {
    const text = await env.clipboard.readText();
    if (text !== '') return Plaintext.fromText(text);
    box.validationMessage = 'The clipboard is empty.';
    return undefined;
  }
  const [file] =
    (await window.showOpenDialog({
      openLabel: 'Use Content',
      title: 'The file whose content is the value',
    })) ?? [];
  if (file === undefined) return undefined;
  try {
    return new Plaintext(await files.read(file.fsPath));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    box.validationMessage = sentenceOf(error);
    return undefined;
  }
}
