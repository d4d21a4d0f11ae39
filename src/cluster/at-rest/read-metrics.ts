import type { EncryptionMetrics } from '../../app/at-rest/encryption-metrics.ts';
import type { ApiClient } from '../api/api.ts';
import { MetricsPage } from './metrics-page.ts';

/**
 * What `/metrics` of the API server that answers says about encryption; the next time it may be another one. The page is read as it
 * comes and not kept. Takes the right to `get` the non-resource URL `/metrics`. Throws `cluster.…` and the signal's reason.
 */
export async function readMetrics(client: ApiClient, signal: AbortSignal): Promise<EncryptionMetrics> {
  const page = new MetricsPage();
  const request = { method: 'GET', path: '/metrics', accept: 'text/plain', closes: true, signal } as const;
  await client.stream(request, (bytes) => page.add(bytes));
  return page.end();
}
