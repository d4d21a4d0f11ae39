import type { StaticApiServer } from '../../app/clusters/cluster-encryption.ts';
import type { ApiClient } from '../api/api.ts';
import { elementsOf } from '../api/json.ts';
import { pods } from '../core-resources.ts';
import { cut } from '../cut.ts';
import { at, name, text } from '../flux/json.ts';
import { listAll } from '../list-all.ts';

const [configuration, reload] = [
  '--encryption-provider-config',
  '--encryption-provider-config-automatic-reload',
];
/** Control planes have three or five. */
const most = 100;
const longestPath = 4_096;
/** What Go's `strconv.ParseBool` takes for true. */
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/**
 * The API servers that kubeadm runs as static pods, by their mirror pods (`component=kube-apiserver` in `kube-system`). Empty where
 * the control plane runs elsewhere. Throws `cluster.…`.
 */
export function listStaticApiServers(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly StaticApiServer[]> {
  const query = { namespace: 'kube-system', labelSelector: 'component=kube-apiserver', limit: most, most };
  return listAll(client, pods, query, readPod, signal);
}

function readPod(object: unknown): StaticApiServer | undefined {
  const pod = name(at(object, 'metadata', 'name'));
  if (pod === undefined) return undefined;
  const containers = elementsOf(at(object, 'spec', 'containers'));
  const words = containers.flatMap((container) =>
    [...elementsOf(at(container, 'command')), ...elementsOf(at(container, 'args'))].map(
      (word) => text(word) ?? '',
    ),
  );
  const file = valueOf(words, configuration);
  return {
    pod,
    configuration: file === undefined ? undefined : cut(file, longestPath),
    reloads: isSet(words, reload),
  };
}

/** As pflag reads it: the last one counts; `--flag=value`, or the value is the next word. */
function valueOf(words: readonly string[], flag: string): string | undefined {
  const last = words.findLastIndex((word) => isFlag(word, flag));
  const [word, next] = words.slice(last, last + 2);
  if (last === -1 || word === undefined) return undefined;
  const value = word === flag ? next : word.slice(flag.length + 1);
  return value === '' ? undefined : value;
}

/** Of a flag that need not have a value. */
function isSet(words: readonly string[], flag: string): boolean {
  const word = words.findLast((each) => isFlag(each, flag));
  return word !== undefined && (word === flag || trueWords.has(word.slice(flag.length + 1)));
}

function isFlag(word: string, flag: string): boolean {
  return word === flag || word.startsWith(`${flag}=`);
}
