import type { ClusterEncryption } from '../../app/clusters/cluster-encryption.ts';
import { Failure } from '../../core/errors.ts';
import { failed, ok, type Result } from '../../core/result.ts';
import type { ApiClient } from '../api/api.ts';
import { readMetrics } from './read-metrics.ts';
import { listStaticApiServers } from './static-api-servers.ts';

/** What a cluster tells of its encryption at rest. Throws the signal's reason; what fails otherwise is a part of the answer. */
export async function readEncryption(client: ApiClient, signal: AbortSignal): Promise<ClusterEncryption> {
  const [metrics, apiServers] = await Promise.all([
    resultOf(readMetrics(client, signal)),
    resultOf(listStaticApiServers(client, signal)),
  ]);
  return { metrics, apiServers };
}

async function resultOf<T>(work: Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work);
  } catch (error) {
    if (error instanceof Failure) return failed(error);
    throw error;
  }
}
