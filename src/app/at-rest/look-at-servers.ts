import type { Failure } from '../../core/errors.ts';
import type { RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import type { ClusterEncryption, StaticApiServer } from '../clusters/cluster-encryption.ts';
import { mergeSightings, type ServerSighting, sightingsIn } from './server-sightings.ts';

/** What several questions to a cluster told of its API servers. */
export interface LookedAt {
  readonly sightings: readonly ServerSighting[];
  /** Undefined where the control plane does not run as static pods, or they may not be listed. */
  readonly pods: readonly StaticApiServer[] | undefined;
  /** Why the metrics could not be had, if they could not. */
  readonly failure: Failure | undefined;
}

export interface LookOptions {
  /** How many API servers there are, if the person said so. */
  readonly stated: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A load balancer that takes turns shows n servers in n tries; one that throws dice needs more, and one may never change. */
const triesForEach = 5;
const triesAtMost = 25;

/**
 * Asks a cluster until as many API servers have answered as there are, or it was asked often enough. Throws what asking throws,
 * the signal's reason included.
 * @param ask `EncryptionSession.encryption`
 */
export async function lookAtServers(
  ask: (signal: AbortSignal) => Promise<ClusterEncryption>,
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
  { stated, now, signal }: LookOptions,
): Promise<LookedAt> {
  let sightings: readonly ServerSighting[] = [];
  for (let tries = 1; ; tries++) {
    const told = await ask(signal);
    sightings = mergeSightings(sightings, sightingsIn(told, configuration, plan, now()));
    const pods = podsIn(told);
    const count = pods?.length ?? stated;
    const named = sightings.filter(({ apiserver }) => apiserver !== '');
    const isAll = count !== undefined && named.length >= count;
    const isEnough = isAll || tries >= Math.min(triesAtMost, (count ?? 1) * triesForEach);
    if (!told.metrics.ok || isEnough)
      return { sightings, pods, failure: told.metrics.ok ? undefined : told.metrics.failure };
  }
}

/** An empty list is what managed clusters give, where the control plane runs elsewhere. */
function podsIn({ apiServers }: ClusterEncryption): readonly StaticApiServer[] | undefined {
  return apiServers.ok && apiServers.value.length > 0 ? apiServers.value : undefined;
}
