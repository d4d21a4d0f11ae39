import { env, type InputBox, l10n, type QuickInputButton, ThemeIcon, window } from 'vscode';
import { sentenceOf } from '../app/messages.ts';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { Services } from './services.ts';

const fromClipboard: QuickInputButton = {
  iconPath: new ThemeIcon('clippy'),
  tooltip: l10n.t('Use the Clipboard'),
};
const fromFile: QuickInputButton = {
  iconPath: new ThemeIcon('folder-opened'),
  tooltip: l10n.t('Read from a File'),
};

/** A masked input: undefined where the person gave up. What a person pastes into one line of it loses its line breaks, so a PEM there is refused. */
export function askValue(name: string, services: Pick<Services, 'files'>): Promise<Plaintext | undefined> {
  const box = window.createInputBox();
  box.title = l10n.t('Set {0}', shown(name));
  box.prompt = l10n.t(
    'It is encrypted before it reaches the file. Values of several lines: use the clipboard or a file.',
  );
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
        box.validationMessage = l10n.t(
          'This lost its line breaks: use the clipboard button or a file for it.',
        );
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
  { files }: Pick<Services, 'files'>,
): Promise<Plaintext | undefined> {
  if (button === fromClipboard) {
    const text = await env.clipboard.readText();
    if (text !== '') return Plaintext.fromText(text);
    box.validationMessage = l10n.t('The clipboard is empty.');
    return undefined;
  }
  const [file] =
    (await window.showOpenDialog({
      openLabel: l10n.t('Use Content'),
      title: l10n.t('The file whose content is the value'),
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
