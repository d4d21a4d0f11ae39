import { type DataTransferFile, env, l10n, Uri, window, workspace } from 'vscode';
import type { ClusterConnector, OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { textOf } from '../../manifest/file-text.ts';
import type { Services } from '../services.ts';

/** A kubeconfig in clear, as a person hands it over. */
export interface ClearKubeconfig {
  readonly kubeconfig: OpenedKubeconfig;
  /** The file it was read from. */
  readonly file: Uri | undefined;
  /** The clipboard's text, where it came from there. */
  readonly clipboard: string | undefined;
}

/**
 * A file that a person chose. What it names is read from beside it and below, and from anywhere where it is their own
 * kubeconfig: somebody else's could name any file.
 */
export async function clearFile(file: Uri, services: Services): Promise<ClearKubeconfig> {
  const { fsPath } = file;
  const bytes = await services.files.read(fsPath);
  const title = shown(workspace.asRelativePath(file));
  const files = {
    folder: services.files.parent(fsPath),
    anywhere: services.adding.own.paths().includes(fsPath),
  };
  return { kubeconfig: inClear({ title, bytes, files }, services), file, clipboard: undefined };
}

/** What was dropped: a browser hands over content without a file. */
export async function clearDropped(
  dropped: Uri | DataTransferFile,
  services: Services,
): Promise<ClearKubeconfig> {
  const file = dropped instanceof Uri ? dropped : dropped.uri;
  if (file?.scheme === 'file') return clearFile(file, services);
  const title = shown(dropped instanceof Uri ? dropped.path : dropped.name);
  const bytes = dropped instanceof Uri ? await readElsewhere(dropped, title) : await dropped.data();
  return {
    kubeconfig: inClear({ title, bytes, files: undefined }, services),
    file: undefined,
    clipboard: undefined,
  };
}

/** A file of what another extension offers as files. */
async function readElsewhere(file: Uri, title: string): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(file);
  } catch {
    throw new Failure('kubeconfig.unreadable', {
      file: title,
      reason: l10n.t('it cannot be reached from here'),
    });
  }
}

export async function clearClipboard(services: Services): Promise<ClearKubeconfig> {
  const clipboard = await env.clipboard.readText();
  const bytes = new TextEncoder().encode(clipboard);
  const kubeconfig = inClear({ title: l10n.t('the clipboard'), bytes, files: undefined }, services);
  return { kubeconfig, file: undefined, clipboard };
}

interface Read extends Pick<OpenedKubeconfig, 'title' | 'files'> {
  readonly bytes: Uint8Array;
}

function inClear({ title, bytes, files }: Read, { registry }: Services): OpenedKubeconfig {
  const text = textOf(bytes);
  if (text === undefined)
    throw new Failure('kubeconfig.unreadable', { file: title, reason: l10n.t('it is no text') });
  if (text.trim() === '')
    throw new Failure('kubeconfig.unreadable', { file: title, reason: l10n.t('it is empty') });
  if (registry.ofToken(text.trim()) !== undefined)
    throw new Failure('kubeconfig.not-clear', { source: title });
  return { title, text: Plaintext.fromText(text), files };
}

/**
 * Asks which contexts to take, where there is a choice. Undefined where the person gave up. Throws `kubeconfig.…` where it
 * is no kubeconfig or has no contexts.
 */
export async function pickContexts(
  clear: ClearKubeconfig,
  connector: ClusterConnector,
): Promise<readonly string[] | undefined> {
  const items = connector.contexts(clear.kubeconfig).map(({ name, server, isCurrent }) => ({
    label: shown(name),
    description: shown(server),
    picked: isCurrent,
    name,
  }));
  const [first, ...others] = items;
  if (first === undefined) throw new Failure('kubeconfig.no-context', { name: undefined });
  if (others.length === 0) return [first.name];
  const title = l10n.t('Add Cluster');
  const placeHolder = l10n.t('Which contexts? Each becomes an encrypted kubeconfig of its own.');
  const options = {
    title,
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  } as const;
  const picked = await window.showQuickPick(items, options);
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ name }) => name);
}
