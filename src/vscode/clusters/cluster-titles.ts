import { l10n } from 'vscode';
import { cleanText } from '../../app/clusters/clean-text.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';

const titleLimit = 80;

/** What tells a kubeconfig from all others, across restarts. */
export function sourceId(source: KubeconfigSource): string {
  if (source.from === 'own') return JSON.stringify(['own']);
  if (source.from === 'workspace') {
    const { path, object, entry } = source.sealed;
    return JSON.stringify([path, object ?? '', entry ?? '']);
  }
  if (source.from === 'user-cluster') return JSON.stringify([source.via, 'user-cluster', source.namespace]);
  return JSON.stringify([source.via, 'secret', source.namespace, source.name, source.key ?? '']);
}

/** What a person calls it by, before it is opened. */
export function sourceTitle(source: KubeconfigSource): string {
  if (source.from === 'own') return l10n.t('Your Kubeconfig');
  if (source.from === 'secret') return cleanText(`${source.namespace}/${source.name}`, titleLimit);
  if (source.from === 'user-cluster') return cleanText(source.title, titleLimit);
  const { path, object } = source.sealed;
  const [file = path, folder = ''] = path.split(/[/\\]/).toReversed();
  // `[Secret/namespace/name#]`
  const name = object
    ?.replace(/^\[|#?\]$/g, '')
    .split('/')
    .at(-1);
  return cleanText(name === undefined || name === '' ? fileTitle(file, folder) : name, titleLimit);
}

/** `prod` of `prod.kubeconfig.enc`; where the file is called nothing but kubeconfig, the folder says whose. */
function fileTitle(file: string, folder: string): string {
  const bare = file.replace(/(?:[._-]?kube[._-]?config|\.enc|\.ya?ml|\.json|\.fernet)+$/i, '');
  if (bare !== '') return bare;
  return folder === '' ? file : `${folder}/${file}`;
}

export function contextTitle(context: string): string {
  return cleanText(context, titleLimit);
}

/** What kubeconfigs are called where they stand together, by id: with their folders where they are namesakes. */
export function titlesOf(sources: readonly KubeconfigSource[]): ReadonlyMap<string, string> {
  const byTitle = new Map<string, KubeconfigSource[]>();
  for (const source of sources) {
    const title = sourceTitle(source);
    byTitle.set(title, [...(byTitle.get(title) ?? []), source]);
  }
  const titles = new Map<string, string>();
  for (const [title, namesakes] of byTitle) {
    const distinct = namesakes.length === 1 ? [title] : distinctTitles(title, namesakes);
    for (const [index, source] of namesakes.entries()) titles.set(sourceId(source), distinct[index] ?? title);
  }
  return titles;
}

/** As few folders before the name as it takes; where folders do not tell them apart, the file and what of it. */
function distinctTitles(title: string, namesakes: readonly KubeconfigSource[]): readonly string[] {
  const places = namesakes.map((source) => placeOf(source, title));
  const deepest = Math.max(...places.map(({ folders }) => folders.length));
  for (let depth = 1; depth <= deepest; depth += 1) {
    const titles = places.map(({ folders }) =>
      cleanText([...folders.slice(-depth), title].join('/'), titleLimit),
    );
    if (new Set(titles).size === titles.length) return titles;
  }
  return places.map(({ inFolder }) =>
    inFolder === '' ? title : cleanText(`${title} (${inFolder})`, titleLimit),
  );
}

interface Place {
  /** Outermost first, without those that the title names. */
  readonly folders: readonly string[];
  readonly inFolder: string;
}

function placeOf(source: KubeconfigSource, title: string): Place {
  if (source.from !== 'workspace') return { folders: [], inFolder: '' };
  const { path, entry } = source.sealed;
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  const file = parts.at(-1) ?? path;
  const folders = parts.slice(0, title.endsWith(`/${file}`) ? -2 : -1);
  return { folders, inFolder: entry === undefined ? file : `${file} ${entry}` };
}
