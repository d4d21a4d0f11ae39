import { MarkdownString } from 'vscode';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import { stateNames } from './flux-filter.ts';
import { failureText } from './message-rows.ts';
import { objectWords } from './object-words.ts';
import { healthNames, sourceDescription } from './row-texts.ts';
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
    return [objectWords(row.item.ref), healthNames[row.item.health], label(row.item.message, longest)];
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
    context === undefined ? '' : `Context: ${label(context)}`,
    session === undefined ? '' : `${label(session.server)} · ${label(session.version)}`,
    session?.insecure === true ? 'Nobody checks the certificate of its server.' : '',
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
    label(reason === '' ? stateNames[state] : `${stateNames[state]}: ${reason}`),
    label(message, longest),
    revision === undefined ? '' : `Revision: ${label(revision)}`,
    since === undefined ? '' : `Since: ${timeOf(since)}`,
    ...sources.map((source) => `Source: ${objectWords(source)}`),
  ];
}

function eventLines({
  type,
  reason,
  message,
  count,
  at,
}: Extract<Row, { row: 'event' }>['event']): readonly string[] {
  const times = count > 1 ? `${count} times, last ` : '';
  return [
    `${type}: ${label(reason)}`,
    label(message, longest),
    at === undefined ? '' : `${times}${timeOf(at)}`,
  ];
}
