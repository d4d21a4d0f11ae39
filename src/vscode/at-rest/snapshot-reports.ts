import { type Disposable, l10n, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';
import { onOneLine } from '../../app/sentence.ts';
import { Disposables } from '../disposables.ts';

const scheme = 'purser-snapshot';

/** Reports of audited snapshots, as documents that can only be read. They hold names and numbers, never values. */
export class SnapshotReports implements TextDocumentContentProvider, Disposable {
  readonly #own = new Disposables();
  readonly #texts = new Map<string, string>();
  #made = 0;

  constructor() {
    this.#own.add(workspace.registerTextDocumentContentProvider(scheme, this));
    this.#own.add(workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())));
  }

  /** @param name of the snapshot's file */
  async show(name: string, text: string): Promise<void> {
    const path = `/${l10n.t('Audit of {0}', onOneLine(name)).replace(/[\\/]/g, '_')}`;
    const uri = Uri.from({ scheme, path, query: `${++this.#made}` });
    this.#texts.set(uri.toString(), text);
    await window.showTextDocument(await workspace.openTextDocument(uri));
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? `${l10n.t('This report is gone: audit the snapshot again.')}\n`;
  }

  dispose(): void {
    this.#own.dispose();
    this.#texts.clear();
  }
}
