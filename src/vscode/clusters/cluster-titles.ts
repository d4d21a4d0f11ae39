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
  if (source.from === 'own') return 'Your Kubeconfig';
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
