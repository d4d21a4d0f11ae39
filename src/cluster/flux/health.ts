import * as l10n from '@vscode/l10n';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { elementsOf, type JsonObject } from '../api/json.ts';
import { cut } from '../cut.ts';
import { type Condition, conditionOf, conditionsOf, isTrue } from './conditions.ts';
import { fluxKind } from './flux-kinds.ts';
import { stateOf } from './flux-state.ts';
import { degraded, type HealthTold, healthy, progressing, unknown } from './health-told.ts';
import { at, number, record, text } from './json.ts';
import { daemonSet, deployment, replicaSet, statefulSet } from './workload-health.ts';

/** Rules of one kind, by `group/kind`. */
const rules: Readonly<Record<string, (json: JsonObject, conditions: readonly Condition[]) => HealthTold>> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': replicaSet,
  'batch/Job': job,
  '/Pod': pod,
  '/PersistentVolumeClaim': claim,
  '/Service': service,
  'apiextensions.k8s.io/CustomResourceDefinition': definition,
};

/**
 * What an object's own status says of its health (the objects of a list do not say their kind), by the rules that Flux waits by: kstatus (sigs.k8s.io/cli-utils
 * pkg/kstatus/status). What is of Flux is told by its state, which knows more of it. Total.
 */
export function healthOf({ group, kind }: Pick<ObjectRef, 'group' | 'kind'>, read: unknown): HealthTold {
  const json = record(read);
  if (text(at(json, 'metadata', 'deletionTimestamp')) !== undefined)
    return progressing(l10n.t('It is being deleted.'));
  const flux = fluxKind(group, kind);
  if (flux !== undefined) return byState(stateOf(flux, json));
  const conditions = conditionsOf(json);
  const standard = byStandardConditions(json, conditions);
  const rule = Object.hasOwn(rules, `${group}/${kind}`) ? rules[`${group}/${kind}`] : undefined;
  return standard ?? rule?.(json, conditions) ?? byReady(conditions);
}

function byState({ state, message }: ReturnType<typeof stateOf>): HealthTold {
  if (state === 'ready' || state === 'static') return healthy;
  if (state === 'reconciling') return progressing(message);
  if (state === 'not-ready') return degraded(message);
  return unknown(state === 'suspended' ? l10n.t('It is suspended.') : message);
}

/** What every kind may say; undefined where it does not. */
function byStandardConditions(json: JsonObject, conditions: readonly Condition[]): HealthTold | undefined {
  const generation = number(at(json, 'metadata', 'generation'));
  const observed = number(at(json, 'status', 'observedGeneration'));
  if (generation !== undefined && observed !== undefined && generation !== observed)
    return progressing(l10n.t('Its controller has not seen its last change yet.'));
  const reconciling = conditionOf(conditions, 'Reconciling');
  if (isTrue(reconciling)) return progressing(reconciling.message);
  const stalled = conditionOf(conditions, 'Stalled');
  return isTrue(stalled) ? degraded(stalled.message) : undefined;
}

function byReady(conditions: readonly Condition[]): HealthTold {
  const ready = conditionOf(conditions, 'Ready');
  return ready === undefined || isTrue(ready) ? healthy : progressing(ready.message);
}

function job(json: JsonObject, conditions: readonly Condition[]): HealthTold {
  const failed = conditionOf(conditions, 'Failed');
  if (isTrue(failed)) return degraded(failed.message);
  const done = ['Complete', 'Suspended'].some((type) => isTrue(conditionOf(conditions, type)));
  const started = text(at(json, 'status', 'startTime')) !== undefined;
  return done || started ? healthy : progressing(l10n.t('It has not started yet.'));
}

function pod(json: JsonObject, conditions: readonly Condition[]): HealthTold {
  const phase = text(at(json, 'status', 'phase'));
  if (phase === 'Succeeded') return healthy;
  // For kstatus it is as done as one that succeeded; for a person it is not.
  if (phase === 'Failed')
    return degraded(cut(text(at(json, 'status', 'message')) ?? l10n.t('It has failed.')));
  if (phase === 'Running' && isTrue(conditionOf(conditions, 'Ready'))) return healthy;
  const looping = elementsOf(at(json, 'status', 'containerStatuses')).filter(
    (container) => at(container, 'state', 'waiting', 'reason') === 'CrashLoopBackOff',
  );
  if (looping.length > 0)
    return degraded(cut(l10n.t('Containers that crash again and again: {0}.', names(looping))));
  const scheduled = conditionOf(conditions, 'PodScheduled');
  if (scheduled?.reason === 'Unschedulable') return degraded(scheduled.message);
  return progressing(
    phase === 'Running' ? l10n.t('It runs, but is not ready.') : l10n.t('It does not run yet.'),
  );
}

function names(containers: readonly unknown[]): string {
  return containers
    .slice(0, 10)
    .map((container) => text(at(container, 'name')) ?? '?')
    .join(', ');
}

function claim(json: JsonObject): HealthTold {
  const phase = text(at(json, 'status', 'phase'));
  if (phase === 'Bound') return healthy;
  return phase === 'Lost'
    ? degraded(l10n.t('Its volume is lost.'))
    : progressing(l10n.t('It is not bound to a volume.'));
}

function service(json: JsonObject): HealthTold {
  const waits =
    at(json, 'spec', 'type') === 'LoadBalancer' && text(at(json, 'spec', 'clusterIP')) === undefined;
  return waits ? progressing(l10n.t('It has no address yet.')) : healthy;
}

function definition(_json: JsonObject, conditions: readonly Condition[]): HealthTold {
  const names = conditionOf(conditions, 'NamesAccepted');
  if (names?.status === 'False') return degraded(names.message);
  const established = conditionOf(conditions, 'Established');
  if (isTrue(established)) return healthy;
  const refused = established?.status === 'False' && established.reason !== 'Installing';
  return refused ? degraded(established.message) : progressing(l10n.t('It is being installed.'));
}

/** Kinds without a status to look at: that they are there is all there is to know. */
const withoutStatus: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Endpoints',
  '/LimitRange',
  '/ResourceQuota',
  '/Secret',
  '/ServiceAccount',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'batch/CronJob',
  'discovery.k8s.io/EndpointSlice',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

/** Whether more than an object's metadata is needed to tell its health. */
export function needsStatus({ group, kind }: Pick<ObjectRef, 'group' | 'kind'>): boolean {
  return !withoutStatus.has(`${group}/${kind}`);
}
