import type { FluxObject } from '../../app/clusters/flux-object.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import { fluxKind, type Suspension } from './flux-kinds.ts';
import { findPath } from './object-request.ts';
import { ownFields, requestedAt, type Timing } from './reconcile.ts';

/**
 * Suspends an object or resumes it, as `flux suspend`, `flux resume` and the Flux Operator's command line do. Does not wait for
 * what comes of it. Throws `cluster.not-found` where the object is gone, and other `cluster.…` failures.
 */
export async function setSuspended(
  client: ApiClient,
  discovery: Discovery,
  { ref }: FluxObject,
  suspended: boolean,
  signal: AbortSignal,
  timing: Timing,
): Promise<void> {
  const path = await findPath(discovery, ref, signal);
  const suspension = fluxKind(ref.group, ref.kind)?.suspension ?? { by: 'nothing' };
  const patch = patchOf(suspension, suspended, new Date(timing.now()).toISOString());
  if (patch === undefined) return;
  await client.json({ method: 'PATCH', path, query: ownFields, patch, signal });
}

function patchOf(suspension: Suspension, suspended: boolean, token: string) {
  if (suspension.by === 'nothing') return undefined;
  // What the command line sends: Go leaves `false` out of what it writes, so that its patch takes the field away.
  if (suspension.by === 'spec') return { spec: { suspend: suspended ? true : null } };
  const { name, resumed } = suspension;
  // An annotation does not move the generation: without a request, resuming would wait for the next interval.
  const annotations = suspended ? { [name]: 'disabled' } : { [name]: resumed, [requestedAt]: token };
  return { metadata: { annotations } };
}
