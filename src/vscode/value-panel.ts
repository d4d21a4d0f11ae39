import { l10n, ViewColumn, window } from 'vscode';
import { shown } from '../app/sentence.ts';
import { escapeHtml } from './escape-html.ts';
import { htmlPage } from './html-page.ts';

/** Shows a value of several lines until the person looks elsewhere. */
export function showValue(name: string, text: string): void {
  showPage(name, `<pre tabindex="0">${escapeHtml(text)}</pre>`);
}

/**
 * Shows a page until the person looks elsewhere. A webview without scripts, because its content is no document: nothing backs it up
 * and no extension sees it.
 *
 * @param body HTML in which everything from elsewhere is escaped
 */
export function showPage(name: string, body: string): void {
  const options = { enableScripts: false, retainContextWhenHidden: false, localResourceRoots: [] };
  const panel = window.createWebviewPanel(
    'purser.value',
    l10n.t('Peek: {0}', shown(name)),
    { viewColumn: ViewColumn.Beside },
    options,
  );
  panel.webview.html = pageOf(body);
  const close = panel.onDidChangeViewState(() => !panel.active && panel.dispose());
  const blur = window.onDidChangeWindowState(({ focused }) => !focused && panel.dispose());
  panel.onDidDispose(() => {
    close.dispose();
    blur.dispose();
  });
}

function pageOf(body: string): string {
  const closes = l10n.t('Closes when you look elsewhere.');
  return htmlPage({ title: l10n.t('Peek'), style, body: `<p>${escapeHtml(closes)}</p>${body}` });
}

const style = `pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); white-space: pre-wrap; overflow-wrap: anywhere }
h2 { font-size: 1.1em; font-weight: 600; margin: 1.5em 0 0.5em }
table { border-collapse: collapse }
th, td { text-align: left; padding: 0.25em 1.5em 0.25em 0; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); overflow-wrap: anywhere }
th { font-weight: 600 }`;
