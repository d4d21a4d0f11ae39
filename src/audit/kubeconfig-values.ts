import { type Field, type FieldPath, pathName } from '../manifest/fields.ts';
import { matchesPath } from './field-path.ts';
import type { NamedLiteral } from './judge/literal.ts';

/** A value of a kubeconfig that may be a credential (kubernetes/client-go, tools/clientcmd/api/v1). */
export interface KubeconfigValue extends NamedLiteral {
  readonly field: Field;
  /** `users[0].user.token` */
  readonly name: string;
}

const credentials: ReadonlyMap<string, 'data' | 'stringData'> = new Map([
  ['client-key-data', 'data'],
  ['token', 'stringData'],
  ['password', 'stringData'],
]);
/** What stands nowhere but in a kubeconfig. */
const unmistakable: ReadonlySet<string> = new Set(['client-key-data', 'client-certificate-data']);

/** Every value that may be a credential in the kubeconfigs among these fields, wherever these begin. */
export function* kubeconfigValues(fields: readonly Field[]): Iterable<KubeconfigValue> {
  const roots = kubeconfigRoots(fields);
  if (roots.size === 0) return;
  for (const [index, field] of fields.entries()) {
    const depth = depthOfList(field.path);
    if (depth === undefined || !roots.has(rootKey(field.path, depth))) continue;
    const path = field.path.slice(depth);
    const value = path[0] === 'clusters' ? clusterValue(field, path) : userValue(field, path, index, fields);
    if (value !== undefined) yield { ...value, field, name: pathName(path) };
  }
}

/** The paths at which kubeconfigs begin: lists of users alone are found in other things too. */
function kubeconfigRoots(fields: readonly Field[]): ReadonlySet<string> {
  const roots = new Set<string>();
  for (const field of fields) {
    const { path } = field;
    const last = path.at(-1);
    if (last === 'kind' && field.text === 'Config') roots.add(rootKey(path, path.length - 1));
    const depth = depthOfList(path);
    if (depth === undefined) continue;
    if (path[depth] !== 'users' || unmistakable.has(String(last))) roots.add(rootKey(path, depth));
  }
  return roots;
}

const members: ReadonlyMap<unknown, string> = new Map([
  ['clusters', 'cluster'],
  ['contexts', 'context'],
  ['users', 'user'],
]);

/** How deep `users[0].user`, `clusters[0].cluster` or `contexts[0].context` begins in a path. */
function depthOfList(path: FieldPath): number | undefined {
  for (let depth = path.length - 4; depth >= 0; depth--) {
    const member = members.get(path[depth]);
    if (member !== undefined && typeof path[depth + 1] === 'number' && path[depth + 2] === member)
      return depth;
  }
  return undefined;
}

function rootKey(path: FieldPath, depth: number): string {
  return path.slice(0, depth).join('\0');
}

function clusterValue(field: Field, path: FieldPath): NamedLiteral | undefined {
  if (path.length !== 4 || (path[3] !== 'server' && path[3] !== 'proxy-url')) return undefined;
  return { key: path[3], value: field, map: 'stringData', secretByPlace: false };
}

function userValue(
  field: Field,
  path: FieldPath,
  index: number,
  fields: readonly Field[],
): NamedLiteral | undefined {
  if (path[0] !== 'users') return undefined;
  const key = String(path[3]);
  const map = credentials.get(key);
  if (path.length === 4 && map !== undefined) return { key, value: field, map, secretByPlace: true };
  if (path.length === 4 && key === 'client-certificate-data')
    return { key, value: field, map: 'data', secretByPlace: false };
  if (matchesPath(path, ['users', '*', 'user', 'auth-provider', 'config', '*']))
    return { key: String(path[5]), value: field, map: 'stringData', secretByPlace: false };
  if (matchesPath(path, ['users', '*', 'user', 'exec', 'args', '*']))
    return argument(field, sibling(fields, index, -1));
  if (matchesPath(path, ['users', '*', 'user', 'exec', 'env', '*', 'value'])) {
    const name = [-1, 1]
      .map((by) => sibling(fields, index, by))
      .find((other) => other?.path.at(-1) === 'name');
    return { key: name?.text ?? '', value: field, map: 'stringData', secretByPlace: false };
  }
  return undefined;
}

/** The field before or after, where it stands in the same collection or, for a list's items, the same list. */
function sibling(fields: readonly Field[], index: number, by: number): Field | undefined {
  const path = fields[index]?.path ?? [];
  const other = fields[index + by];
  if (other?.path.length !== path.length) return undefined;
  return other.path.slice(0, -1).every((part, depth) => part === path[depth]) ? other : undefined;
}

const option = /^--?([A-Za-z][\w.-]*)(?:=([^]*))?$/;

/** `--client-secret=S`, or `S` after `--client-secret`; anything else speaks for itself. */
function argument(field: Field, before: Field | undefined): NamedLiteral | undefined {
  const own = option.exec(field.text);
  const literal = { map: 'stringData', secretByPlace: false } as const;
  if (own !== null) {
    const [, key = '', text] = own;
    return text === undefined ? undefined : { ...literal, key, value: { text, style: field.style } };
  }
  const [, key = '', given] = before === undefined ? [] : (option.exec(before.text) ?? []);
  return { ...literal, key: given === undefined ? key : '', value: field };
}
