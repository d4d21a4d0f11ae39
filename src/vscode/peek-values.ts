import {
  commands,
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  window,
} from 'vscode';
import { sentenceOf } from '../app/messages.ts';
import { shown } from '../app/sentence.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Result } from '../core/result.ts';
import type { Clipboard } from './clipboard.ts';
import type { Location } from './targets.ts';
import { showValue } from './value-panel.ts';

/** A value that was opened for looking at, or why it was not. */
export interface PeekValue {
  /** `stringData.password` */
  readonly name: string;
  readonly key: string;
  /** Which object it is of, where there are several. */
  readonly object?: string | undefined;
  readonly opened: Result<Plaintext>;
  /** Where it stands; undefined where it cannot be set. */
  readonly at: Location | undefined;
  /** What sets it, where it is no entry. */
  readonly setCommand?: 'purser.setFile';
}

/** What is shown above the values: no secrets. */
export interface PeekHeading {
  readonly title: string;
  readonly facts: readonly { readonly label: string; readonly description: string }[];
}

const reveal: QuickInputButton = { iconPath: new ThemeIcon('eye'), tooltip: l10n.t('Reveal') };
const conceal: QuickInputButton = { iconPath: new ThemeIcon('eye-closed'), tooltip: l10n.t('Hide') };
const copy: QuickInputButton = { iconPath: new ThemeIcon('copy'), tooltip: l10n.t('Copy') };
const set: QuickInputButton = { iconPath: new ThemeIcon('edit'), tooltip: l10n.t('Set…') };

const masked = '••••••••';

interface Row extends QuickPickItem {
  /** Undefined in a row that states a fact. */
  readonly value: PeekValue | undefined;
  readonly revealed: boolean;
}

function ordinary(): PeekHeading {
  return { title: l10n.t('Peek: values stay hidden until you reveal them'), facts: [] };
}

/** Shows values, one masked row each. They are never a document, which every extension would see. */
export function showPeek(
  values: readonly PeekValue[],
  clipboard: Clipboard,
  { title, facts } = ordinary(),
): void {
  const pick = window.createQuickPick<Row>();
  pick.title = title;
  pick.placeholder = l10n.t('Enter reveals or hides a value; Escape closes');
  const rows = values.map((value) => rowOf(value, false));
  pick.items = [...facts.map((fact): Row => ({ ...fact, value: undefined, revealed: false })), ...rows];
  pick.activeItems = rows.slice(0, 1);
  pick.onDidAccept(() => pick.activeItems[0] && act(pick, pick.activeItems[0]));
  pick.onDidTriggerItemButton(async ({ item, button }) => {
    if (item.value === undefined) return;
    const { opened, key, at, name, setCommand = 'purser.setValue' } = item.value;
    if (button === copy && opened.ok) {
      await clipboard.copy(peekText(opened.value), key);
    } else if (button === set && at !== undefined) {
      pick.hide();
      // The command tells its own failures, and makes sure that the value still stands there.
      await commands.executeCommand(setCommand, { ...at, entry: name });
    } else act(pick, item);
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

function rowOf(value: PeekValue, revealed: boolean): Row {
  const { name, object, opened, at } = value;
  const setting = at === undefined ? [] : [set];
  const of = object === undefined ? {} : { detail: shown(object) };
  if (!opened.ok) {
    const why = sentenceOf(opened.failure.withoutEntry());
    return { label: `$(error) ${shown(name)}`, detail: why, value, revealed: false, buttons: setting };
  }
  const description = revealed ? peekText(opened.value) : masked;
  const buttons = [revealed ? conceal : reveal, copy, ...setting];
  return { label: `$(key) ${shown(name)}`, description, ...of, value, revealed, buttons };
}

/** Reveals or hides a row; what does not fit on one line, or would be drawn as an icon (`$(key)`), gets a panel of its own. */
function act(pick: QuickPick<Row>, row: Row): void {
  const { value } = row;
  if (value?.opened.ok !== true) return;
  const text = peekText(value.opened.value);
  if (/[\r\n]|\$\(/.test(text)) {
    pick.hide();
    showValue(value.name, text);
    return;
  }
  const items = pick.items.map((item) => (item === row ? rowOf(value, !row.revealed) : item));
  pick.items = items;
  pick.activeItems = items.filter((item) => item.value === value);
}

/** A value as text; binary ones as base64, marked as such. */
export function peekText(plaintext: Plaintext): string {
  return plaintext.exposeText() ?? `base64:${Buffer.from(plaintext.expose()).toString('base64')}`;
}
