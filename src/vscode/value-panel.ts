import { ViewColumn, window } from 'vscode';
import { shown } from '../app/sentence.ts';

/**
 * Shows a value of several lines until the person looks elsewhere. A webview without scripts, because its content is
 * no document: nothing backs it up and no extension sees it.
 */
export function showValue(name: string, text: string): void {
  const options = { enableScripts: false, retainContextWhenHidden: false, localResourceRoots: [] };
  const panel = window.createWebviewPanel(
    'purser.value',
    `Peek: ${shown(name)}`,
    { viewColumn: ViewColumn.Beside },
    options,
  );
  panel.webview.html = pageOf(text);
  const close = panel.onDidChangeViewState(() => !panel.active && panel.dispose());
  const blur = window.onDidChangeWindowState(({ focused }) => !focused && panel.dispose());
  panel.onDidDispose(() => {
    close.dispose();
    blur.dispose();
  });
}

function pageOf(text: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); white-space: pre-wrap; overflow-wrap: anywhere }</style>
<title>Peek</title></head><body><p>Closes when you look elsewhere.</p><pre tabindex="0">${escapeHtml(text)}</pre></body></html>`;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text as the content of an element or of an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities.get(char) ?? char);
}
