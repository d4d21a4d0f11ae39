import { type QuickInputButton, type QuickPick, type QuickPickItem, ThemeIcon, window } from 'vscode';
import { ManifestText } from '../app/manifest-text.ts';
import { sentenceOf } from '../app/messages.ts';
import { shown } from '../app/sentence.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Result } from '../core/result.ts';
import { entryName } from '../manifest/address.ts';
import type { Envelope, EnvelopeGroup, Opened } from '../schemes/scheme.ts';
import { groupsAt, openForLooking } from './opening.ts';
import type { Services } from './services.ts';
import { setValueAt } from './set-value.ts';
import { targetOf } from './targets.ts';
import { showValue } from './value-panel.ts';

const reveal: QuickInputButton = { iconPath: new ThemeIcon('eye'), tooltip: 'Reveal' };
const conceal: QuickInputButton = { iconPath: new ThemeIcon('eye-closed'), tooltip: 'Hide' };
const copy: QuickInputButton = { iconPath: new ThemeIcon('copy'), tooltip: 'Copy' };
const set: QuickInputButton = { iconPath: new ThemeIcon('edit'), tooltip: 'Set…' };

const masked = '••••••••';

interface Row extends QuickPickItem {
  readonly envelope: Envelope;
  /** Undefined where it did not open. */
  readonly plaintext: Plaintext | undefined;
  readonly revealed: boolean;
}

/** Peek: what is sealed here, one masked row a key. It is never a document, which every extension would see. */
export async function peek(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const examined = services.manifests.examine(document);
  const manifest = new ManifestText(examined.manifest);
  const groups = groupsAt(manifest, examined.groups, offset);
  const results = await openForLooking(manifest, groups, document, services);
  if (results === undefined) return;
  const pick = window.createQuickPick<Row>();
  pick.title = 'Peek: values stay hidden until you reveal them';
  pick.placeholder = 'Enter reveals or hides a value; Escape closes';
  pick.items = rowsOf(groups, results);
  pick.onDidAccept(() => pick.activeItems[0] && act(pick, pick.activeItems[0]));
  pick.onDidTriggerItemButton(async ({ item, button }) => {
    if (button === copy && item.plaintext !== undefined) {
      await services.clipboard.copy(textOf(item.plaintext), item.envelope.entry.key);
    } else if (button === set) {
      pick.hide();
      await setValueAt(document, item.envelope, services);
    } else act(pick, item);
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

function rowsOf(groups: readonly EnvelopeGroup[], results: readonly Result<Opened>[]): readonly Row[] {
  const envelopes = groups.flatMap((group) => group.envelopes);
  return envelopes.map((envelope, index) => {
    const result = results[index];
    if (result?.ok === true) return openRow(envelope, result.value.plaintext, false);
    const why = result === undefined ? '' : sentenceOf(result.failure.withoutEntry());
    return {
      label: `$(error) ${shown(entryName(envelope.entry))}`,
      detail: why,
      envelope,
      plaintext: undefined,
      revealed: false,
      buttons: [set],
    };
  });
}

function openRow(envelope: Envelope, plaintext: Plaintext, revealed: boolean): Row {
  return {
    label: `$(key) ${shown(entryName(envelope.entry))}`,
    description: revealed ? textOf(plaintext) : masked,
    envelope,
    plaintext,
    revealed,
    buttons: [revealed ? conceal : reveal, copy, set],
  };
}

/** Reveals or hides a row; what does not fit on one line gets a panel of its own. */
function act(pick: QuickPick<Row>, row: Row): void {
  const { plaintext, envelope } = row;
  if (plaintext === undefined) return;
  if (/[\r\n]/.test(textOf(plaintext))) {
    pick.hide();
    showValue(entryName(envelope.entry), textOf(plaintext));
    return;
  }
  const items = pick.items.map((item) => (item === row ? openRow(envelope, plaintext, !row.revealed) : item));
  pick.items = items;
  pick.activeItems = items.filter((item) => item.envelope === envelope);
}

/** The value as text; binary ones as base64, marked as such. */
function textOf(plaintext: Plaintext): string {
  return plaintext.exposeText() ?? `base64:${Buffer.from(plaintext.expose()).toString('base64')}`;
}

/** Copy Value: the ciphertext under the cursor, opened to the clipboard. */
export async function copyValue(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const examined = services.manifests.examine(target.document);
  const manifest = new ManifestText(examined.manifest);
  const groups = groupsAt(manifest, examined.groups, target.offset).slice(0, 1);
  const [result] = (await openForLooking(manifest, groups, target.document, services)) ?? [];
  if (result === undefined) return;
  if (!result.ok) throw result.failure;
  await services.clipboard.copy(textOf(result.value.plaintext), result.value.envelope.entry.key);
}
