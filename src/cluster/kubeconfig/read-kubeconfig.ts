import * as l10n from '@vscode/l10n';
import type { OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import { Fields, malformed } from './fields.ts';
import type { Context, Kubeconfig, Origin } from './kubeconfig.ts';
import { readCluster } from './read-cluster.ts';
import { readUser } from './read-user.ts';
import { readYaml } from './read-yaml.ts';

/**
 * Reads a kubeconfig, merged with those that come after it: the first to name something wins, as with the files of `KUBECONFIG`.
 * Throws `kubeconfig.malformed`, which names a field and quotes nothing. `KubeConfig.loadFromString` of @kubernetes/client-node is
 * not used: it checks no types, knows neither `tokenFile` nor groups to impersonate, puts parser messages that quote the text into
 * its errors, reads a `token-file` by itself, and has no limits.
 */
export function readKubeconfig(opened: OpenedKubeconfig): Kubeconfig {
  return [opened, ...(opened.more ?? [])].map(readOne).reduce(merged);
}

function merged(first: Kubeconfig, second: Kubeconfig): Kubeconfig {
  return {
    currentContext: first.currentContext ?? second.currentContext,
    contexts: new Map([...first.contexts, ...absent(first.contexts, second.contexts)]),
    clusters: new Map([...first.clusters, ...absent(first.clusters, second.clusters)]),
    users: new Map([...first.users, ...absent(first.users, second.users)]),
  };
}

function absent<T>(first: ReadonlyMap<string, T>, second: ReadonlyMap<string, T>): readonly [string, T][] {
  return [...second].filter(([name]) => !first.has(name));
}

function readOne({ text, title, files }: OpenedKubeconfig): Kubeconfig {
  const root = rootOf(text.exposeText());
  const origin: Origin = { title, files };
  return {
    currentContext: root.text('current-context'),
    contexts: named(root, 'contexts', (entry) => readContext(entry.fields('context'))),
    clusters: named(root, 'clusters', (entry) => readCluster(entry.fields('cluster'), origin)),
    users: named(root, 'users', (entry) => readUser(entry.fields('user'), origin)),
  };
}

function rootOf(text: string | undefined): Fields {
  if (text === undefined) throw malformed(l10n.t('it is not UTF-8'));
  const read = readYaml(text);
  if ('reason' in read) throw malformed(read.reason);
  const [document, ...others] = read.documents;
  if (document === undefined) throw malformed(l10n.t('it is empty'));
  if (others.length > 0) throw malformed(l10n.t('it holds several documents'));
  const root = new Fields(document, '');
  const kind = root.text('kind');
  if (kind !== undefined && kind !== 'Config') throw malformed(l10n.t('kind is not Config'));
  if ((root.text('apiVersion') ?? 'v1') !== 'v1') throw malformed(l10n.t('apiVersion is not v1'));
  if (kind === undefined && root.get('clusters') === undefined) throw malformed(l10n.t('it has no clusters'));
  return root;
}

function readContext(context: Fields): Context {
  return {
    cluster: context.required('cluster'),
    user: context.text('user'),
    namespace: context.text('namespace'),
  };
}

function named<T>(root: Fields, key: string, read: (entry: Fields) => T): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const entry of root.list(key)) {
    const name = entry.required('name');
    if (found.has(name)) throw malformed(l10n.t('{0} stands twice', entry.at('name')));
    found.set(name, read(entry));
  }
  return found;
}
