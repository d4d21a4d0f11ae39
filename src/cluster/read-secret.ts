import * as l10n from '@vscode/l10n';
import type { ClusterSession } from '../app/clusters/cluster-session.ts';
import { fromBase64 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { ApiClient } from './api/api.ts';
import { type JsonObject, objectOf, textOf } from './api/json.ts';
import { resourcePath } from './api/selection.ts';
import { secrets } from './core-resources.ts';

/** Flux' own order for kubeconfigs (fluxcd/pkg runtime/client, `spec.kubeConfig.secretRef.key`). */
const usualKeys = ['value', 'value.yaml'] as const;

export type SecretKey = Parameters<ClusterSession['readSecret']>[0];

/** The value of one key; without one, of Flux' usual ones. Throws `cluster.not-found`, and other `cluster.…`. */
export async function readSecret(
  client: ApiClient,
  { namespace, name, key }: SecretKey,
  signal: AbortSignal,
): Promise<Plaintext> {
  const data = await secretData(client, namespace, name, signal);
  const wanted = key === undefined ? usualKeys : [key];
  const found = wanted.find((each) => Object.hasOwn(data, each));
  if (found === undefined)
    throw new Failure('cluster.not-found', {
      what: l10n.t('{0} in secrets {1}', key ?? l10n.t('{0} or {1}', ...usualKeys), `${namespace}/${name}`),
    });
  return valueOf(client, data[found]);
}

/** Every key of a Secret. Throws `cluster.not-found`, and other `cluster.…`. */
export async function readSecretValues(
  client: ApiClient,
  { namespace, name }: Pick<SecretKey, 'namespace' | 'name'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Plaintext>> {
  const data = await secretData(client, namespace, name, signal);
  return new Map(Object.entries(data).map(([key, value]) => [key, valueOf(client, value)]));
}

async function secretData(
  client: ApiClient,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const path = resourcePath(secrets, namespace, name);
  const secret = objectOf(await client.json({ method: 'GET', path, signal }));
  return objectOf(secret?.['data']) ?? {};
}

function valueOf(client: ApiClient, value: unknown): Plaintext {
  const encoded = textOf(value);
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (bytes === undefined)
    throw new Failure('cluster.bad-answer', {
      server: client.server,
      reason: l10n.t('a value of the Secret is not base64'),
    });
  return new Plaintext(bytes);
}
