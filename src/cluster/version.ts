import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import type { ApiClient } from './api/api.ts';
import { at, text } from './flux/json.ts';

/**
 * What the server calls its version (`v1.36.3`), asked for before anything else: what answers otherwise is no Kubernetes. Empty where
 * it does not tell who asks. Throws `cluster.…`.
 */
export async function readVersion(client: ApiClient, signal: AbortSignal): Promise<string> {
  try {
    const version = text(at(await client.json({ method: 'GET', path: '/version', signal }), 'gitVersion'));
    if (version !== undefined) return version.replaceAll(/[^\w.+-]/g, '').slice(0, 64);
  } catch (error) {
    if (Failure.is(error, 'cluster.forbidden')) return '';
    if (!Failure.is(error, 'cluster.not-found')) throw error;
  }
  throw new Failure('cluster.bad-answer', {
    server: client.server,
    reason: l10n.t('it is not the API of Kubernetes'),
  });
}
