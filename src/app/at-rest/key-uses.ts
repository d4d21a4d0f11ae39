import type { StoredProvider } from '../../crypto/at-rest/stored-mark.ts';
import type { Direction, TransformationCount } from './encryption-metrics.ts';

/** A key by its provider. */
export interface KeyId {
  readonly provider: StoredProvider;
  /** The key's, or the KMS', name. Undefined for `identity`, and where it cannot be told which key was which provider's. */
  readonly keyName: string | undefined;
}

/** A key, and how often it read or wrote. */
export interface KeyUse extends KeyId {
  readonly count: number;
}

/** What read or wrote in one direction. */
export interface KeyUses {
  readonly uses: readonly KeyUse[];
  /** Names of keys of which it cannot be told which provider they belong to. */
  readonly unplaced: readonly string[];
  /** Operations that failed. */
  readonly failures: number;
}

const statics: Readonly<Record<string, StoredProvider>> = {
  'k8s:enc:aescbc:v1:': 'aescbc',
  'k8s:enc:aesgcm:v1:': 'aesgcm',
  'k8s:enc:secretbox:v1:': 'secretbox',
};
const kms = /^k8s:enc:kms:(v[12]):(.*):$/s;

/** What is not placed yet: how often by provider, and by key name. */
interface Left {
  readonly providers: Map<StoredProvider, number>;
  readonly names: Map<string, number>;
}

/**
 * Who read, or who wrote, by provider and key name. A list of keys is a transformer inside that of its provider, so that each
 * operation with a static key is counted twice: for `k8s:enc:aescbc:v1:` and for `<key name>:`. The two are put together where
 * that is known from elsewhere, where one provider is left, or where numbers are equal and no others are.
 * @param known keys whose provider is known, such as those that write
 */
export function keyUses(
  rows: readonly TransformationCount[],
  direction: Direction,
  known: readonly KeyId[] = [],
): KeyUses {
  const worked = new Map<string, number>();
  let failures = 0;
  for (const row of rows.filter((one) => one.direction === direction && one.count > 0)) {
    if (row.status === 'OK') worked.set(row.prefix, (worked.get(row.prefix) ?? 0) + row.count);
    else failures += row.count;
  }
  const uses: KeyUse[] = [];
  const left: Left = { providers: new Map(), names: new Map() };
  for (const [prefix, count] of worked) {
    const provider = Object.hasOwn(statics, prefix) ? statics[prefix] : undefined;
    if (provider !== undefined) left.providers.set(provider, count);
    else if (isWhole(prefix)) uses.push(wholeUse(prefix, count));
    else if (prefix !== 'unknown') left.names.set(prefix.replace(/:$/, ''), count);
  }
  uses.push(...takeKnown(left, known), ...takeOnly(left), ...takeEqual(left));
  for (const [provider, count] of left.providers) uses.push({ provider, keyName: undefined, count });
  return { uses, unplaced: [...left.names.keys()], failures };
}

/** Whether the prefix tells all of it: no key list is inside of a KMS or of `identity`. */
function isWhole(prefix: string): boolean {
  return prefix === 'identity' || prefix === '' || prefix.startsWith('k8s:enc:');
}

function wholeUse(prefix: string, count: number): KeyUse {
  if (!prefix.startsWith('k8s:enc:')) return { provider: 'identity', keyName: undefined, count };
  const [, version, name] = kms.exec(prefix) ?? [];
  if (name === undefined) return { provider: 'unknown', keyName: undefined, count };
  return { provider: version === 'v1' ? 'kms v1' : 'kms v2', keyName: name, count };
}

function takeKnown(left: Left, known: readonly KeyId[]): KeyUse[] {
  return known.flatMap(({ provider, keyName }) => {
    if (keyName === undefined) return [];
    const count = Math.min(left.providers.get(provider) ?? 0, left.names.get(keyName) ?? 0);
    return count === 0 ? [] : [take(left, provider, keyName, count)];
  });
}

/** All names are those of the one provider that is left. */
function takeOnly(left: Left): KeyUse[] {
  const [provider, ...others] = left.providers.keys();
  if (provider === undefined || others.length > 0) return [];
  return [...left.names].map(([name, count]) => take(left, provider, name, count));
}

function takeEqual(left: Left): KeyUse[] {
  const withCount = <K>(counts: Map<K, number>, count: number) =>
    [...counts].filter(([, other]) => other === count).map(([key]) => key);
  const pairs = [...left.providers].flatMap(([provider, count]) => {
    const [name, ...others] = withCount(left.names, count);
    const isOnly = others.length === 0 && withCount(left.providers, count).length === 1;
    return name !== undefined && isOnly ? [{ provider, name, count }] : [];
  });
  return pairs.map(({ provider, name, count }) => take(left, provider, name, count));
}

function take(left: Left, provider: StoredProvider, name: string, count: number): KeyUse {
  subtract(left.providers, provider, count);
  subtract(left.names, name, count);
  return { provider, keyName: name, count };
}

function subtract<K>(counts: Map<K, number>, key: K, count: number): void {
  const rest = (counts.get(key) ?? 0) - count;
  if (rest > 0) counts.set(key, rest);
  else counts.delete(key);
}
