import { l10n, Uri, ViewColumn, window } from 'vscode';
import type { Diagnosis, FileVerdict } from '../../app/clusters/why-decryption-fails.ts';
import type { Opens } from '../../app/clusters/why-file.ts';
import { onOneLine, shown } from '../../app/sentence.ts';
import { escapeHtml } from '../escape-html.ts';
import { htmlPage } from '../html-page.ts';

/** What was found about one Kustomization in one cluster. */
export interface WhySection {
  /** `Kustomization flux-system/apps in prod`. */
  readonly title: string;
  /** What its controller says, where it is not ready; empty else. */
  readonly says: string;
  readonly diagnosis: Diagnosis;
  /** The repository's folder, absolute. */
  readonly root: string | undefined;
}

/** Buttons may run these commands and no others. */
const allowed = ['vscode.open', 'purser.updateRecipients'] as const;

/** Shows why decryption fails. There are no scripts: what stands in it comes from clusters and repositories. */
export function showWhy(name: string, sections: readonly WhySection[]): void {
  const panel = window.createWebviewPanel(
    'purser.whyDecryptionFails',
    l10n.t('Decryption: {0}', shown(name)),
    ViewColumn.Active,
    { enableScripts: false, enableCommandUris: allowed, localResourceRoots: [] },
  );
  panel.webview.html = pageOf(sections);
}

function pageOf(sections: readonly WhySection[]): string {
  const heading = `<h1>${clean(l10n.t('Why does decryption fail?'))}</h1>`;
  const body = `${heading}${sections.map(sectionOf).join('')}`;
  return htmlPage({ title: l10n.t('Why Decryption Fails'), style, body });
}

const style = `body { font-size: var(--vscode-font-size); line-height: 1.5; padding: 0 1.5em 2em; max-width: 60em; overflow-wrap: anywhere }
h1 { font-size: 1.4em; font-weight: 600 } h2 { font-size: 1.15em; font-weight: 600; margin-top: 2em }
ul { padding: 0; list-style: none } li { margin: 0 0 1em } li p, .notes p { margin: 0 }
.problem { border-left: 3px solid var(--vscode-editorError-foreground); padding-left: 0.8em }
.says { color: var(--vscode-descriptionForeground) }
.yes { color: var(--vscode-testing-iconPassed) } .no { color: var(--vscode-testing-iconFailed) } .unknown { color: var(--vscode-editorWarning-foreground) }
a { margin-right: 1.2em }`;

function sectionOf({ title, says, diagnosis, root }: WhySection): string {
  const { problem, notes, files } = diagnosis;
  const parts = [
    `<h2>${clean(title)}</h2>`,
    says === '' ? '' : `<p class="says">${clean(l10n.t('Flux says: {0}', says))}</p>`,
    problem === undefined ? '' : `<p class="problem">${sentence(problem)}</p>`,
    notes.length === 0
      ? ''
      : `<div class="notes">${notes.map((note) => `<p>${sentence(note)}</p>`).join('')}</div>`,
    files.length === 0 ? '' : `<ul>${files.map((file) => itemOf(file, root)).join('')}</ul>`,
  ];
  return parts.join('');
}

const marks: { readonly [O in Opens]: string } = { yes: '✓', no: '✗', unknown: '?' };

function itemOf(file: FileVerdict, root: string | undefined): string {
  const mark = `<span class="${file.opens}" aria-hidden="true">${marks[file.opens]}</span>`;
  return `<li><p>${mark} ${sentence(file.sentence)}</p>${root === undefined ? '' : linksOf(file, root)}</li>`;
}

function linksOf({ path, canBeSealedAnew }: FileVerdict, root: string): string {
  const uri = Uri.joinPath(Uri.file(root), path).toString();
  const open = link(l10n.t('Open File'), 'vscode.open', uri);
  const place = { uri, line: 0, character: 0 };
  const update = canBeSealedAnew ? link(l10n.t('Update Recipients'), 'purser.updateRecipients', place) : '';
  return `<p>${open}${update}</p>`;
}

function link(title: string, command: (typeof allowed)[number], argument: unknown): string {
  const given = encodeURIComponent(JSON.stringify([argument]));
  return `<a href="${escapeHtml(`command:${command}?${given}`)}">${clean(title)}</a>`;
}

function sentence(text: string): string {
  return clean(l10n.t('{0}.', text));
}

function clean(text: string): string {
  return escapeHtml(onOneLine(text));
}
