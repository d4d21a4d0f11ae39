import type { Located } from '../manifest/address.ts';
import type { KubeObject } from '../manifest/manifest.ts';

/** `ns/name#KEY`, with parts left out that the manifest does not state: `name#KEY`, `ns/#KEY`, `#KEY`. */
export function bindingOf({ object, entry }: Located): string {
  const namespace = stated(object.namespace);
  const name = stated(object.name);
  const owner = namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`;
  return `${owner}#${entry.key}`;
}

/** A name that a template has yet to make is not stated. */
function stated(name: KubeObject['name']): string | undefined {
  return name === undefined || name === '' || /\{\{|\$\{/.test(name) ? undefined : name;
}

/** What a ciphertext says it was made for, where that is not where it stands. */
export function boundElsewhere(located: Located, boundTo: string | undefined): string | undefined {
  return boundTo !== undefined && bindingsDiffer(boundTo, bindingOf(located)) ? boundTo : undefined;
}

/** Whether two bindings contradict each other: a part missing on either side is not compared. */
export function bindingsDiffer(a: string, b: string): boolean {
  const [left, right] = [partsOf(a), partsOf(b)];
  return differ(left.namespace, right.namespace) || differ(left.name, right.name) || left.key !== right.key;
}

function partsOf(binding: string): {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
} {
  const hash = binding.indexOf('#');
  const owner = hash === -1 ? binding : binding.slice(0, hash);
  const slash = owner.indexOf('/');
  return {
    namespace: slash === -1 ? '' : owner.slice(0, slash),
    name: owner.slice(slash + 1),
    key: hash === -1 ? '' : binding.slice(hash + 1),
  };
}

function differ(a: string, b: string): boolean {
  return a !== '' && b !== '' && a !== b;
}
