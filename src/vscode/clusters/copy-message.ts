import { env } from 'vscode';
import { onOneLine } from '../../app/messages.ts';
import type { Row, RowFinder } from './rows.ts';

/** Copy Message: all that a row says of its object, line by line, without what could disguise it or a terminal would act on. */
export async function copyMessage(
  argument: unknown,
  { clustersView }: { readonly clustersView: RowFinder },
): Promise<void> {
  const message = messageOf(clustersView.rowOf(argument));
  if (message === undefined || message === '') return;
  const lines = message.split(/\r?\n/).map((line) => onOneLine(line.replaceAll('\t', '  ')));
  await env.clipboard.writeText(lines.join('\n'));
}

function messageOf(row: Row | undefined): string | undefined {
  if (row?.row === 'flux') return row.object.message;
  if (row?.row === 'item') return row.item.message;
  return row?.row === 'event' ? row.event.message : row?.row === 'message' ? row.text : undefined;
}
