import { env, l10n } from 'vscode';
import { escapeHtml } from './escape-html.ts';

/** What a webview shows. There are no scripts, and nothing is loaded from anywhere. */
interface HtmlPage {
  readonly title: string;
  /** CSS rules. */
  readonly style: string;
  /** HTML in which everything from elsewhere is escaped. */
  readonly body: string;
}

/** A page in the language that its sentences are in. */
export function htmlPage({ title, style, body }: HtmlPage): string {
  const language = l10n.bundle === undefined ? 'en' : env.language;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
${style}
</style>
<title>${escapeHtml(title)}</title></head><body>${body}</body></html>`;
}
