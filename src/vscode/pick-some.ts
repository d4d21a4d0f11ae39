import {
  l10n,
  Position,
  QuickInputButtons,
  type QuickPickItem,
  Range,
  ThemeIcon,
  window,
  workspace,
} from 'vscode';
import type { Refusal } from './bulk-candidates.ts';

/** What a command over many files could do, and what not. */
interface Choices<T extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly refusals: readonly Refusal[];
  /** Of the list of what cannot be done. */
  readonly refusalsTitle: string;
}

/** Shows all that can be done, each with a checkbox, and on demand what cannot. Undefined where the person gave up. */
export async function pickSome<T extends QuickPickItem>(
  choices: Choices<T>,
): Promise<readonly T[] | undefined> {
  const { items, refusals, refusalsTitle } = choices;
  let chosen: readonly T[] = items;
  for (;;) {
    const answer = await askOnce(choices, chosen);
    if (answer === undefined) return undefined;
    if (!answer.wantsRefusals) return answer.chosen;
    chosen = answer.chosen;
    if (!(await showRefusals(refusalsTitle, refusals, true))) return undefined;
  }
}

interface Answer<T> {
  readonly chosen: readonly T[];
  readonly wantsRefusals: boolean;
}

async function askOnce<T extends QuickPickItem>(
  { title, placeholder, items, refusals }: Choices<T>,
  chosen: readonly T[],
): Promise<Answer<T> | undefined> {
  const pick = window.createQuickPick<T>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.ignoreFocusOut = true;
  pick.items = items;
  pick.selectedItems = chosen;
  if (refusals.length > 0)
    pick.buttons = [{ iconPath: new ThemeIcon('question'), tooltip: l10n.t('Show why') }];
  try {
    return await new Promise<Answer<T> | undefined>((resolve) => {
      pick.onDidAccept(() => resolve({ chosen: pick.selectedItems, wantsRefusals: false }));
      pick.onDidTriggerButton(() => resolve({ chosen: pick.selectedItems, wantsRefusals: true }));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Lists what was left alone and why; choosing one goes there. Whether the person wants to go back. */
export async function showRefusals(
  title: string,
  refusals: readonly Refusal[],
  canGoBack: boolean,
): Promise<boolean> {
  const pick = window.createQuickPick<QuickPickItem & { readonly refusal: Refusal }>();
  pick.title = title;
  pick.placeholder = l10n.t('Choose one to go there');
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
