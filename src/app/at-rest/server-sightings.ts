import { arrangementOf, type RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { rulesOf } from '../../manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { ClusterEncryption } from '../clusters/cluster-encryption.ts';
import type { EncryptionMetrics } from './encryption-metrics.ts';
import { type KeyId, keyUses } from './key-uses.ts';
import type { ClusterView } from './rotation.ts';

/** What one page of metrics told about the API server that gave it. */
export interface ServerSighting {
  /** Its `apiserver_id_hash`; empty where it has no configuration, which leaves it without a name. */
  readonly apiserver: string;
  /** Of the configuration that it has loaded, as `configurationHash` spells it; empty for none. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What wrote the resources of the rotation since it loaded this; undefined where that cannot be told apart. */
  readonly writers: readonly string[] | undefined;
}

/** How long a sighting stands for what its API server does: it may be restarted with another file at any time. */
export const sightingLastsMs = 10 * 60 * 1000;
const keptAtMost = 50;

/** What is known of the API servers of a cluster: one scrape shows one of them. */
export interface SeenServers {
  readonly sightings: readonly ServerSighting[];
  /** How many there are; undefined where nobody knows. */
  readonly count: number | undefined;
  /** How many of them are started without a configuration, as their static pods say. */
  readonly unconfigured: number;
}

/** What a scrape shows, from the side of a rotation. Nothing where the page could not be had, or says nothing certain. */
export function sightingsIn(
  { metrics }: Pick<ClusterEncryption, 'metrics'>,
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
  at: number,
): readonly ServerSighting[] {
  if (!metrics.ok || !metrics.value.isApiServer) return [];
  const page = metrics.value;
  const byServer = new Map<string, string>();
  for (const { apiserver, hash } of page.configurations) {
    const other = byServer.get(apiserver);
    // Two of one server are what it had and what it has, and which is which is not told.
    byServer.set(apiserver, other === undefined || other === hash ? hash : `${other} ${hash}`);
  }
  if (byServer.size === 0) return page.isCut ? [] : [{ apiserver: '', hash: '', at, writers: undefined }];
  return [...byServer].map(([apiserver, hash]) => {
    const reloaded = page.reloads.some((row) => row.apiserver === apiserver && row.count > 0);
    // What an API server counts, it counts since it started, over all configurations that it has loaded.
    const writers = reloaded || page.isCut ? undefined : writersIn(page, configuration, plan);
    return { apiserver, hash, at, writers };
  });
}

/** The newest sighting of each server, the new ones among them. */
export function mergeSightings(
  known: readonly ServerSighting[],
  found: readonly ServerSighting[],
): readonly ServerSighting[] {
  const newest = new Map(known.map((sighting) => [sighting.apiserver, sighting]));
  for (const sighting of found) newest.set(sighting.apiserver, sighting);
  return [...newest.values()].toSorted((a, b) => b.at - a.at).slice(0, keptAtMost);
}

/**
 * What a rotation may rely on: sightings that are recent. Servers without a name, which are those without a configuration, are
 * taken to be there until as many others were seen after them as there are.
 */
export function clusterView(seen: SeenServers, stale: number | undefined, now: number): ClusterView {
  const recent = recentSightings(seen, now);
  const hashes = [...recent.map(({ hash }) => hash), ...Array<string>(seen.unconfigured).fill('')];
  const told = recent.flatMap(({ writers }) => writers ?? []);
  return {
    loaded: hashes.length === 0 ? undefined : hashes,
    apiServers: seen.count,
    writers: recent.some(({ writers }) => writers !== undefined) ? [...new Set(told)] : undefined,
    stale,
  };
}

/** The sightings that count. */
export function recentSightings({ sightings, count }: SeenServers, now: number): readonly ServerSighting[] {
  const recent = sightings.filter(({ at }) => Math.abs(now - at) <= sightingLastsMs);
  const nameless = recent.find(({ apiserver }) => apiserver === '');
  if (nameless === undefined) return recent;
  const named = recent.filter(({ apiserver }) => apiserver !== '');
  const later = named.filter(({ at }) => at > nameless.at);
  return count !== undefined && later.length >= count ? named : recent;
}

function writersIn(
  page: EncryptionMetrics,
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
): readonly string[] | undefined {
  const rows = page.transformations.filter(({ resource }) => resource !== undefined);
  // Before Kubernetes 1.32 resources that are none of this rotation's are counted together with its own.
  if (rows.length < page.transformations.length) return undefined;
  const own = rows.filter(({ resource = '' }) =>
    rulesOf(configuration, parseGroupResource(resource)).some(
      (rule) => arrangementOf(rule, plan) !== undefined,
    ),
  );
  const known = [plan.from, plan.to].map(keyOf).filter((key) => key !== undefined);
  return [...new Set(keyUses(own, 'write', known).uses.flatMap((use) => idOf(use) ?? []))];
}

const providers = ['aescbc', 'aesgcm', 'secretbox'] as const;

function keyOf(id: string): KeyId | undefined {
  const provider = providers.find((one) => id.startsWith(`${one}/`));
  return provider && { provider, keyName: id.slice(provider.length + 1) };
}

/** As `Reader.id` spells it; undefined where the page does not tell which key it was. */
export function idOf({ provider, keyName }: KeyId): string | undefined {
  if (provider === 'identity') return 'identity';
  if (keyName === undefined || provider === 'unknown') return undefined;
  return `${provider.startsWith('kms ') ? 'kms' : provider}/${keyName}`;
}
