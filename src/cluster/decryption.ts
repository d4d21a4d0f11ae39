import type { ClusterDecryption, DecryptionSecret, HeldKey } from '../app/clusters/decryption.ts';
import type { ObjectRef } from '../app/clusters/flux-object.ts';
import { Failure } from '../core/errors.ts';
import type { ApiClient, ApiResource, Discovery } from './api/api.ts';
import { elementsOf, textOf } from './api/json.ts';
import { resourcePath } from './api/selection.ts';
import { heldKey } from './decryption-keys.ts';
import { at, name, record, text } from './flux/json.ts';
import { findPath } from './flux/object-request.ts';
import { readSecretValues } from './read-secret.ts';

/**
 * What a Kustomization says of decryption now, and what its Secret holds. Private keys are read in memory, one Secret of them, and
 * only their public halves are given. Throws `cluster.…`; a Secret that is missing or may not be read is an answer.
 */
export async function readDecryption(
  client: ApiClient,
  discovery: Discovery,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<ClusterDecryption> {
  const path = await findPath(discovery, ref, signal);
  const spec = record(record(await client.json({ method: 'GET', path, signal }))['spec']);
  const provider = text(at(spec, 'decryption', 'provider'));
  const named = name(at(spec, 'decryption', 'secretRef', 'name'));
  const own = named === undefined ? undefined : { namespace: ref.namespace ?? '', name: named };
  const secret =
    own === undefined
      ? await ofController(client, provider, signal)
      : await readKeys(client, own, false, signal);
  return { path: text(spec['path']) ?? '', provider, secret };
}

async function readKeys(
  client: ApiClient,
  secret: { readonly namespace: string; readonly name: string },
  ofController: boolean,
  signal: AbortSignal,
): Promise<DecryptionSecret> {
  try {
    const values = await readSecretValues(client, secret, signal);
    const wanted = [...values].filter(([name]) => !ofController || name.endsWith('.agekey'));
    const keys = await Promise.all(
      wanted.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => heldKey(name, value)),
    );
    const held = keys.filter((key): key is HeldKey => key !== undefined);
    return { ...secret, ofController, state: 'read', keys: held };
  } catch (error) {
    const state = Failure.is(error, 'cluster.not-found')
      ? 'missing'
      : Failure.is(error, 'cluster.forbidden')
        ? 'forbidden'
        : undefined;
    if (state === undefined) throw error;
    return { ...secret, ofController, state, keys: [] };
  }
}

const deployments: ApiResource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: ['get'],
};
/** Where Flux installs its controllers unless told otherwise. */
const system = 'flux-system';
const flag = '--sops-age-secret=';

/** The Secret for Kustomizations that name none, where the controller is told of one (kustomize-controller main.go). */
async function ofController(
  client: ApiClient,
  provider: string | undefined,
  signal: AbortSignal,
): Promise<DecryptionSecret | undefined> {
  if (provider !== 'sops') return undefined;
  const path = resourcePath(deployments, system, 'kustomize-controller');
  try {
    const deployment = await client.json({ method: 'GET', path, signal });
    const containers = elementsOf(at(deployment, 'spec', 'template', 'spec', 'containers'));
    const said = containers.flatMap((container) => elementsOf(record(container)['args']));
    const found = said.map((each) => textOf(each) ?? '').find((each) => each.startsWith(flag));
    if (found === undefined) return undefined;
    return await readKeys(client, { namespace: system, name: found.slice(flag.length) }, true, signal);
  } catch (error) {
    // Who may not see the controller is told as if it had no such Secret.
    if (Failure.is(error, 'cluster.not-found') || Failure.is(error, 'cluster.forbidden')) return undefined;
    throw error;
  }
}
