import type { FluxObject, FluxState } from '../../app/clusters/flux-object.ts';
import { type JsonObject } from '../api/json.ts';
import { type Condition, conditionOf, conditionsOf, isTrue } from './conditions.ts';
import type { FluxKindTraits } from './flux-kinds.ts';
import { at, number, text } from './json.ts';

type Told = Pick<FluxObject, 'state' | 'reason' | 'message' | 'since'>;

export function isSuspended({ suspension }: FluxKindTraits, json: JsonObject): boolean {
  if (suspension.by === 'spec') return at(json, 'spec', 'suspend') === true;
  if (suspension.by === 'nothing') return false;
  const said = text(at(json, 'metadata', 'annotations', suspension.name));
  return said?.toLowerCase() === 'disabled';
}

/** Whether nothing reconciles this very object: also a HelmRepository of type `oci`, unless an older controller did. */
export function isStatic({ life, kind }: FluxKindTraits, json: JsonObject): boolean {
  const mayBe = life === 'static' || (kind === 'HelmRepository' && at(json, 'spec', 'type') === 'oci');
  return mayBe && conditionsOf(json).length === 0;
}

/** What an object is doing, and the condition that says so (fluxcd/pkg apis/meta/conditions.go). */
export function stateOf(kind: FluxKindTraits, json: JsonObject): Told {
  if (isSuspended(kind, json)) return told('suspended', undefined);
  if (isStatic(kind, json)) return told('static', undefined);
  const conditions = conditionsOf(json);
  const ready = conditionOf(conditions, 'Ready');
  const stalled = conditionOf(conditions, 'Stalled');
  const reconciling = conditionOf(conditions, 'Reconciling');
  if (conditions.length === 0) return told('unknown', undefined);
  if (isBehind(json, ready)) return told('reconciling', isTrue(reconciling) ? reconciling : ready);
  if (isTrue(stalled)) return told('not-ready', stalled);
  if (isTrue(reconciling) && !isBetweenRetries(reconciling, ready)) return told('reconciling', reconciling);
  return told(stateByReady(ready), ready);
}

function told(state: FluxState, because: Condition | undefined): Told {
  return {
    state,
    reason: because?.reason ?? '',
    message: because?.message ?? '',
    since: because?.since,
  };
}

/**
 * Whether what the object says is about an older generation of its spec. The condition's own generation comes first: controllers
 * move the status' on success only, so that a new generation that fails would look as if nobody had seen it.
 */
function isBehind(json: JsonObject, ready: Condition | undefined): boolean {
  const generation = number(at(json, 'metadata', 'generation'));
  const observed = ready?.observedGeneration ?? number(at(json, 'status', 'observedGeneration'));
  return generation !== undefined && observed !== undefined && observed < generation;
}

/** A failed object stays `Reconciling` until the next attempt, with this reason; what it is then is not ready. */
function isBetweenRetries(reconciling: Condition, ready: Condition | undefined): boolean {
  return reconciling.reason === 'ProgressingWithRetry' && ready?.status === 'False';
}

function stateByReady(ready: Condition | undefined): FluxState {
  if (ready?.status === 'True') return 'ready';
  if (ready?.status === 'False') return 'not-ready';
  // Before there was a condition Reconciling, controllers said so here.
  return ready?.reason === 'Progressing' ? 'reconciling' : 'unknown';
}
