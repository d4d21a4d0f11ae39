import type { TreeItem } from 'vscode';

interface Provider<Row> {
  getChildren(row?: Row): Promise<Row[]>;
  getTreeItem(row: Row): TreeItem;
}

/** A tree as VS Code draws it: the rows below one, each with its item. Ids are unique in it, or it is not drawn. */
export async function drawBelow<Row>(
  provider: Provider<Row>,
  row?: Row,
): Promise<{ readonly row: Row; readonly item: TreeItem }[]> {
  const rows = await provider.getChildren(row);
  const drawn = rows.map((each) => ({ row: each, item: provider.getTreeItem(each) }));
  const ids = drawn.map(({ item }) => item.id);
  if (new Set(ids).size !== ids.length) throw new Error(`an id is registered twice: ${ids.join(', ')}`);
  return drawn;
}

/** Expands rows by what they are called, from the top down, and draws what is below the last. */
export async function expand<Row>(provider: Provider<Row>, ...labels: readonly string[]) {
  let drawn = await drawBelow(provider);
  for (const label of labels) {
    const found = drawn.find(({ item }) => item.label === label);
    if (found === undefined) throw new Error(`no ${label} among ${labelsOf(drawn).join(', ')}`);
    drawn = await drawBelow(provider, found.row);
  }
  return drawn;
}

export function labelsOf(drawn: readonly { readonly item: TreeItem }[]): string[] {
  return drawn.map(({ item }) => textOf(item.label));
}

/** `podinfo (flux-system · main@3f2a1c9)` */
export function linesOf(drawn: readonly { readonly item: TreeItem }[]): string[] {
  return drawn.map(({ item: { label, description } }) =>
    description === '' ? textOf(label) : `${textOf(label)} (${String(description)})`,
  );
}

function textOf(label: TreeItem['label']): string {
  return typeof label === 'string' ? label : (label?.label ?? '');
}
