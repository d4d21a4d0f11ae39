import { env } from 'vscode';
import { onOneLine } from '../../app/messages.ts';
import { refOf } from './live-objects.ts';
import type { Row, RowFinder } from './rows.ts';

/** Copy Name: of the object that a row stands for, as kubectl takes it. A lying server's name is not one for a shell. */
export async function copyObjectName(
  argument: unknown,
  { clustersView }: { readonly clustersView: RowFinder },
): Promise<void> {
  const name = nameOf(clustersView.rowOf(argument));
  if (name !== undefined) await env.clipboard.writeText(onOneLine(name));
}

function nameOf(row: Row | undefined): string | undefined {
  if (row?.row === 'sealing-key') return row.name;
  return row?.row === 'controller' ? row.controller.name : refOf(row)?.name;
}
