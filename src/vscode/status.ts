import { type Disposable, l10n, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import type { Findings } from './findings.ts';

/** One item of the status bar: how many secrets stand in plaintext. It is there only while one does. */
export class Status implements Disposable {
  readonly #own = new Disposables();
  readonly #findings: Findings;
  readonly #item: StatusBarItem;
  readonly #drawing = this.#own.add(new Debounce(150));

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#item = this.#own.add(window.createStatusBarItem('purser.plaintext', StatusBarAlignment.Left));
    this.#item.name = l10n.t('Purser: Secrets in Plaintext');
    this.#item.command = 'purser.findings.focus';
    this.#own.add(findings.onDidChange(() => this.#drawing.schedule(() => this.#draw())));
  }

  dispose(): void {
    this.#own.dispose();
  }

  #draw(): void {
    const { errors, others } = this.#findings.totals().plaintext;
    const plaintext = errors + others;
    if (plaintext === 0) return this.#item.hide();
    this.#item.text = `$(shield) ${l10n.t('{0} plaintext', plaintext)}`;
    this.#item.tooltip =
      plaintext === 1
        ? l10n.t('1 secret in plaintext: open the findings')
        : l10n.t('{0} secrets in plaintext: open the findings', plaintext);
    this.#item.accessibilityInformation = {
      label:
        plaintext === 1
          ? l10n.t('Purser: 1 secret in plaintext')
          : l10n.t('Purser: {0} secrets in plaintext', plaintext),
    };
    this.#item.backgroundColor = errors > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}
