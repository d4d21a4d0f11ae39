import { l10n } from 'vscode';
import type { KubeconfigSummary } from '../../app/clusters/kubeconfig.ts';
import { onOneLine } from '../../app/sentence.ts';
import { escapeHtml } from '../escape-html.ts';
import { showPage } from '../value-panel.ts';

/** Shows where a kubeconfig leads, until the person looks elsewhere. Credentials are named by their kind, and not in the page at all. */
export function showKubeconfig(name: string, summary: KubeconfigSummary): void {
  showPage(name, bodyOf(summary));
}

function bodyOf({ contexts, clusters, users }: KubeconfigSummary): string {
  return [
    table(
      l10n.t('Contexts'),
      [l10n.t('Context'), l10n.t('Cluster'), l10n.t('User'), l10n.t('Namespace')],
      contexts.map((one) => [
        one.isCurrent ? l10n.t('{0} (current)', one.name) : one.name,
        one.cluster,
        one.user,
        one.namespace,
      ]),
    ),
    table(
      l10n.t('Clusters'),
      [l10n.t('Cluster'), l10n.t('Server'), l10n.t('Notes')],
      clusters.map(({ name, server, notes }) => [name, server || l10n.t('no valid URL'), notes.join(', ')]),
    ),
    table(
      l10n.t('Users'),
      [l10n.t('User'), l10n.t('Credential'), l10n.t('Value')],
      users.map(({ name, credentials }) => [
        name,
        credentials.join(', ') || l10n.t('none'),
        credentials.length === 0 ? '' : '••••••••',
      ]),
    ),
  ].join('\n');
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (row: readonly string[], tag: 'th scope="col"' | 'td') =>
    row.map((cell) => `<${tag}>${escapeHtml(onOneLine(cell))}</${tag.slice(0, 2)}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<h2>${escapeHtml(title)}</h2><table><thead><tr>${cells(head, 'th scope="col"')}</tr></thead><tbody>${body}</tbody></table>`;
}
