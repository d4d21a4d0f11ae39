import {
  type Disposable,
  l10n,
  type SourceControl,
  type SourceControlResourceState,
  scm,
  ThemeColor,
  ThemeIcon,
  type Uri,
} from 'vscode';
import { type FileFindings, plaintextIn } from './file-findings.ts';

/** What Source Control lists of one repository. It is there only while there is something to list. */
export class StagedList implements Disposable {
  readonly #root: Uri;
  #files: readonly FileFindings[] = [];
  #control: SourceControl | undefined;

  constructor(root: Uri) {
    this.#root = root;
  }

  get files(): readonly FileFindings[] {
    return this.#files;
  }

  show(files: readonly FileFindings[]): void {
    this.#files = files;
    this.#control?.dispose();
    this.#control = undefined;
    if (files.length === 0) return;
    this.#control = scm.createSourceControl('purser', 'Purser', this.#root);
    this.#control.inputBox.visible = false;
    // Git counts them already.
    this.#control.count = 0;
    const group = this.#control.createResourceGroup('staged', l10n.t('Staged Secrets in Plaintext'));
    group.resourceStates = files.map(resourceOf);
  }

  dispose(): void {
    this.#control?.dispose();
  }
}

function resourceOf(file: FileFindings): SourceControlResourceState {
  const selection = file.shown[0]?.range;
  const secrets = plaintextIn(file);
  const tooltip =
    secrets === 1
      ? l10n.t('1 secret in plaintext would be committed')
      : l10n.t('{0} secrets in plaintext would be committed', secrets);
  const iconPath = new ThemeIcon('warning', new ThemeColor('list.errorForeground'));
  return {
    resourceUri: file.uri,
    contextValue: 'staged',
    decorations: { tooltip, iconPath },
    command: { title: l10n.t('Open'), command: 'vscode.open', arguments: [file.uri, { selection }] },
  };
}
