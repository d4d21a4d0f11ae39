import {
  Position,
  QuickInputButtons,
  type QuickPickItem,
  QuickPickItemKind,
  Range,
  ThemeIcon,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { entryName, type Located } from '../manifest/address.ts';
import type { BulkCandidates, BulkFile, Refusal } from './bulk-candidates.ts';
import { count } from './counts.ts';

/** What the person wants encrypted of a file. */
export interface BulkChoice {
  readonly file: BulkFile;
  /** Nothing where it is the whole file. */
  readonly values: readonly Located[];
}

interface ValueItem extends QuickPickItem {
  readonly file?: BulkFile;
  readonly located?: Located;
}

/** Shows all that can be encrypted, every value with a checkbox. Undefined where the person gave up. */
export async function pickValues(candidates: BulkCandidates): Promise<readonly BulkChoice[] | undefined> {
  const { files, refusals } = candidates;
  const items = files.flatMap(itemsOf);
  let chosen: readonly ValueItem[] = items;
  for (;;) {
    const answer = await askOnce(items, chosen, refusals.length);
    if (answer === undefined) return undefined;
    if (!answer.wantsRefusals) return choicesOf(files, answer.chosen);
    chosen = answer.chosen;
    if (!(await showRefusals(refusals, true))) return undefined;
  }
}

interface Answer {
  readonly chosen: readonly ValueItem[];
  readonly wantsRefusals: boolean;
}

async function askOnce(
  items: readonly ValueItem[],
  chosen: readonly ValueItem[],
  refused: number,
): Promise<Answer | undefined> {
  const pick = window.createQuickPick<ValueItem>();
  const left = refused === 0 ? '' : ` · ${count(refused, 'other')} cannot be encrypted`;
  pick.title = `Encrypt All Findings${left}`;
  pick.placeholder = 'Which values are to be encrypted, as the policy says?';
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.ignoreFocusOut = true;
  pick.items = items;
  pick.selectedItems = chosen;
  if (refused > 0) pick.buttons = [{ iconPath: new ThemeIcon('question'), tooltip: 'Show why' }];
  try {
    return await new Promise<Answer | undefined>((resolve) => {
      pick.onDidAccept(() => resolve({ chosen: pick.selectedItems, wantsRefusals: false }));
      pick.onDidTriggerButton(() => resolve({ chosen: pick.selectedItems, wantsRefusals: true }));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function itemsOf(file: BulkFile): readonly ValueItem[] {
  const { uri, how, values } = file;
  const key = how.reference.text.slice(how.reference.text.lastIndexOf('/') + 1).replace(/#.*/, '');
  const label = `${workspace.asRelativePath(uri)} · ${how.scheme} ${key}`;
  const separator = { label, kind: QuickPickItemKind.Separator };
  if (how.whole) return [separator, { label: 'The whole file', description: nameOf(uri), file }];
  return [
    separator,
    ...values.map((located) => ({
      label: entryName(located.entry),
      description: objectOf(located),
      file,
      located,
    })),
  ];
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function objectOf({ object: { kind, namespace, name } }: Located): string {
  const parts = [namespace, name].filter((part) => part !== undefined && part !== '');
  return `${kind ?? ''} ${parts.join('/')}`.trim();
}

function choicesOf(files: readonly BulkFile[], chosen: readonly ValueItem[]): readonly BulkChoice[] {
  return files.flatMap((file) => {
    const items = chosen.filter((item) => item.file === file);
    const values = items.flatMap(({ located }) => located ?? []);
    return items.length === 0 ? [] : [{ file, values }];
  });
}

/** Lists what was left alone and why; choosing one goes there. Whether the person wants to go back. */
export async function showRefusals(refusals: readonly Refusal[], canGoBack: boolean): Promise<boolean> {
  const pick = window.createQuickPick<QuickPickItem & { readonly refusal: Refusal }>();
  pick.title = 'What Cannot Be Encrypted';
  pick.placeholder = 'Choose one to go there';
  pick.ignoreFocusOut = true;
  if (canGoBack) pick.buttons = [QuickInputButtons.Back];
  pick.items = refusals.map((refusal) => {
    const { uri, line, what, why } = refusal;
    const place = `${workspace.asRelativePath(uri)}${line === undefined ? '' : `:${line + 1}`}`;
    return { label: what ?? place, description: what === undefined ? '' : place, detail: why, refusal };
  });
  try {
    return await new Promise<boolean>((resolve) => {
      pick.onDidTriggerButton(() => resolve(true));
      pick.onDidHide(() => resolve(false));
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item !== undefined) void reveal(item.refusal);
        resolve(false);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

async function reveal({ uri, line }: Refusal): Promise<void> {
  const at = new Position(line ?? 0, 0);
  await window.showTextDocument(uri, { selection: new Range(at, at) });
}
