import type { Locator } from 'playwright-core';
import { until } from '../../host/until.mjs';
import type { Workbench } from '../../host/workbench.mjs';

/** A row's own action, which is shown when the row is pointed at. */
export async function press(row: Locator, action: string): Promise<void> {
  await row.hover();
  await row.getByRole('button', { name: action, exact: true }).click();
  await moveAway(row);
}

/** Shows what is below a row, which connects a cluster. */
export async function unfold(row: Locator): Promise<void> {
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  await moveAway(row);
}

/** Hides what is below a row. */
export async function fold(row: Locator): Promise<void> {
  if ((await row.getAttribute('aria-expanded')) === 'true') await row.locator('.monaco-tl-twistie').click();
  await moveAway(row);
}

/** Disconnects, and waits until its row says so, and is folded. */
export async function disconnect(workbench: Workbench, name: string): Promise<void> {
  const row = workbench.treeRow(`cluster, ${name}`);
  await press(row, 'Disconnect');
  await until(`${name} to be disconnected`, async () => {
    const said = await row.getAttribute('aria-label');
    return said?.endsWith('connected') === false && (await row.getAttribute('aria-expanded')) === 'false';
  });
}

/** Drops on a row what a browser hands over for a file of its own computer, content and a name, or for one of the explorer. */
export async function drop(
  row: Locator,
  dropped: { readonly name: string; readonly content: string } | { readonly uri: string },
): Promise<void> {
  const item =
    'uri' in dropped
      ? `${JSON.stringify(dropped.uri)}, 'text/uri-list'`
      : `new File([${JSON.stringify(dropped.content)}], ${JSON.stringify(dropped.name)})`;
  const dataTransfer = await row
    .page()
    .evaluateHandle(`(() => { const data = new DataTransfer(); data.items.add(${item}); return data; })()`);
  for (const event of ['dragenter', 'dragover', 'drop']) await row.dispatchEvent(event, { dataTransfer });
}

/** Opens the view, and leaves the room to it. */
export async function showClusters(workbench: Workbench): Promise<void> {
  await workbench.run('Purser: Focus on Clusters View');
  const findings = workbench.page.locator('.pane-header[aria-label^="Findings"]');
  if ((await findings.getAttribute('aria-expanded')) === 'true') await findings.click();
}

/** What the view lists, as a screen reader says it. */
export function rows({ page }: Workbench): Promise<string[]> {
  return page
    .locator('.part.sidebar .monaco-list-row')
    .evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
}

/** Waits for a row, and gives how it reads. */
export function rowLike(workbench: Workbench, pattern: RegExp): Promise<string> {
  return until(`a row like ${pattern}`, async () =>
    (await rows(workbench)).find((text) => pattern.test(text)),
  );
}

/** Where the pointer stays, what it points at is explained, over whatever comes next. */
function moveAway(row: Locator): Promise<void> {
  return row.page().mouse.move(900, 700);
}
