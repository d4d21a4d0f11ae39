import { env, l10n, type QuickPickItem, window } from 'vscode';
import { chooseValue, type EtcdValue, readEtcdInput } from '../../app/at-rest/etcd-input.ts';
import { Failure } from '../../core/errors.ts';
import { plainLabel } from '../plain-text.ts';
import type { Services } from '../services.ts';

/** Asks for a raw value of etcd, from a file or the clipboard. Undefined where the person gave up. */
export async function askStoredValue({ files }: Pick<Services, 'files'>): Promise<EtcdValue | undefined> {
  const sources = [
    {
      label: `$(folder-opened) ${l10n.t('From a File…')}`,
      description: l10n.t('the raw bytes, or what etcdctl get printed'),
      clipboard: false,
    },
    {
      label: `$(clippy) ${l10n.t('From the Clipboard')}`,
      description: l10n.t('base64 or hex, or what etcdctl get -w json printed'),
      clipboard: true,
    },
  ];
  const source = await window.showQuickPick(sources, { placeHolder: l10n.t('Where is the value of etcd?') });
  if (source === undefined) return undefined;
  if (source.clipboard) return chooseAmong(readEtcdInput(Buffer.from(await env.clipboard.readText())));
  const [file] =
    (await window.showOpenDialog({ openLabel: l10n.t('Inspect'), title: l10n.t('A raw value of etcd') })) ??
    [];
  if (file === undefined) return undefined;
  const path = file.fsPath;
  try {
    return await chooseAmong(readEtcdInput(await files.read(path)));
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}

interface ValueItem extends QuickPickItem {
  readonly value: EtcdValue;
}

async function chooseAmong(values: readonly EtcdValue[]): Promise<EtcdValue | undefined> {
  if (values.length <= 1) return chooseValue(values, undefined);
  const items = values.map((value): ValueItem => ({ label: plainLabel(value.etcdKey ?? ''), value }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which value?') }))?.value;
}

/** Asks where a value stands. Undefined where the person gave up. */
export async function askEtcdKey(): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t('The path of the value in etcd'),
    prompt: l10n.t(
      'As etcdctl get takes it. It says which keys may open the value, and what aesgcm sealed opens with no other.',
    ),
    placeHolder: '/registry/secrets/NAMESPACE/NAME',
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? l10n.t('Name the path.') : undefined),
  });
}
