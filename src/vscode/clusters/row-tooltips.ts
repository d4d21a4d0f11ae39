import { l10n, MarkdownString } from 'vscode';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import { stateName } from './flux-filter.ts';
import { failureText } from './message-rows.ts';
import { objectWords } from './object-words.ts';
import { healthName, sourceDescription, withReason } from './row-texts.ts';
import { label, timeOf } from './row-words.ts';
import type { Row } from './rows.ts';

/** Messages of controllers may be whole logs. */
const longest = 2000;

/** More about a row than fits into it; undefined where there is no more. Plain text: what a cluster says is no Markdown. */
export function tooltipOf(row: Row): MarkdownString | undefined {
  const lines = linesOf(row).filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const tooltip = new MarkdownString();
  // Each a paragraph.
  tooltip.appendText(lines.join('\n'));
  // VS Code makes every space one at which no line is broken, and then breaks words.
  tooltip.value = tooltip.value.replaceAll('&nbsp;', ' ');
  return tooltip;
}

function linesOf(row: Row): readonly string[] {
  if (row.row === 'cluster') return clusterLines(row.cluster);
  if (row.row === 'flux') return objectLines(row.object);
  if (row.row === 'item')
    return [objectWords(row.item.ref), healthName(row.item.health), label(row.item.message, longest)];
  if (row.row === 'event') return eventLines(row.event);
  if (row.row === 'fact') return row.fact.tooltip.map((line) => label(line, longest));
  if (row.row === 'link') return [objectWords(row.ref)];
  if (row.row === 'kind' && row.list.failure !== undefined) return [failureText(row.list.failure)];
  return row.row === 'message' ? [label(row.text, longest)] : [];
}

function clusterLines({ title, source, context, session, failure }: Cluster): readonly string[] {
  return [
    label(title),
    sourceDescription(source),
    context === undefined ? '' : l10n.t('Context: {0}', label(context)),
    session === undefined ? '' : `${label(session.server)} · ${label(session.version)}`,
    session?.insecure === true ? l10n.t('Nobody checks the certificate of its server.') : '',
    failure === undefined ? '' : failureText(failure),
  ];
}

function objectLines({
  ref,
  state,
  reason,
  message,
  revision,
  since,
  sources,
}: FluxObject): readonly string[] {
  return [
    objectWords(ref),
    label(withReason(stateName(state), reason)),
    label(message, longest),
    revision === undefined ? '' : l10n.t('Revision: {0}', label(revision)),
    since === undefined ? '' : l10n.t('Since: {0}', timeOf(since)),
    ...sources.map((source) => l10n.t('Source: {0}', objectWords(source))),
  ];
}

function eventLines({
  type,
  reason,
  message,
  count,
  at,
}: Extract<Row, { row: 'event' }>['event']): readonly string[] {
  const time = timeOf(at);
  return [
    l10n.t('{0}: {1}', type, label(reason)),
    label(message, longest),
    count > 1 && at !== undefined ? l10n.t('{0} times, last {1}', count, time) : time,
  ];
}
