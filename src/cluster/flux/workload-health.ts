import * as l10n from '@vscode/l10n';
import type { JsonObject } from '../api/json.ts';
import { type Condition, conditionOf, isTrue } from './conditions.ts';
import { degraded, type HealthTold, healthy, progressing } from './health-told.ts';
import { at, number } from './json.ts';

/** What is said of replicas while there are fewer than are wanted, or more. */
const sentences = {
  created: (have: number, want: number) => l10n.t('{0} of {1} created.', have, want),
  scheduled: (have: number, want: number) => l10n.t('{0} of {1} scheduled.', have, want),
  labelled: (have: number, want: number) => l10n.t('{0} of {1} labelled.', have, want),
  updated: (have: number, want: number) => l10n.t('{0} of {1} updated.', have, want),
  current: (have: number, want: number) => l10n.t('{0} of {1} current.', have, want),
  available: (have: number, want: number) => l10n.t('{0} of {1} available.', have, want),
  ready: (have: number, want: number) => l10n.t('{0} of {1} ready.', have, want),
  left: (have: number, want: number) => l10n.t('{0} of {1} left after old ones end.', have, want),
} as const;
type Replicas = readonly (readonly [have: number, want: number, lack: keyof typeof sentences])[];

/** kstatus deploymentConditions. */
export function deployment(json: JsonObject, conditions: readonly Condition[]): HealthTold {
  const progress = conditionOf(conditions, 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return degraded(progress.message);
  const wanted = count(json, 'spec', 'replicas') ?? 1;
  const total = count(json, 'status', 'replicas') ?? 0;
  const updated = count(json, 'status', 'updatedReplicas') ?? 0;
  const lacking = firstLacking([
    [total, wanted, 'created'],
    [updated, wanted, 'updated'],
    [wanted, total, 'left'],
    [count(json, 'status', 'availableReplicas') ?? 0, updated, 'available'],
    [count(json, 'status', 'readyReplicas') ?? 0, wanted, 'ready'],
  ]);
  if (lacking !== undefined) return lacking;
  // Without a deadline, its controller sets no such condition.
  const rolledOut = hasNoDeadline(json) || (isTrue(progress) && progress.reason === 'NewReplicaSetAvailable');
  const available = isTrue(conditionOf(conditions, 'Available'));
  return rolledOut && available ? healthy : progressing(l10n.t('It is not available yet.'));
}

const noDeadline = 2 ** 31 - 1;

function hasNoDeadline(json: JsonObject): boolean {
  return (count(json, 'spec', 'progressDeadlineSeconds') ?? noDeadline) === noDeadline;
}

/** kstatus stsConditions. */
export function statefulSet(json: JsonObject): HealthTold {
  if (at(json, 'spec', 'updateStrategy', 'type') === 'OnDelete') return healthy;
  const wanted = count(json, 'spec', 'replicas') ?? 1;
  const total = count(json, 'status', 'replicas') ?? 0;
  const lacking = firstLacking([
    [total, wanted, 'created'],
    [count(json, 'status', 'readyReplicas') ?? 0, wanted, 'ready'],
    [wanted, total, 'left'],
  ]);
  if (lacking !== undefined) return lacking;
  const updated = count(json, 'status', 'updatedReplicas') ?? 0;
  const partition = count(json, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (partition !== undefined) return firstLacking([[updated, wanted - partition, 'updated']]) ?? healthy;
  const isCurrent = at(json, 'status', 'currentRevision') === at(json, 'status', 'updateRevision');
  const current = firstLacking([[count(json, 'status', 'currentReplicas') ?? 0, wanted, 'current']]);
  return current ?? (isCurrent ? healthy : progressing(l10n.t('Its last revision is not rolled out yet.')));
}

/** kstatus daemonsetConditions. */
export function daemonSet(json: JsonObject): HealthTold {
  const wanted = count(json, 'status', 'desiredNumberScheduled');
  if (wanted === undefined || count(json, 'status', 'observedGeneration') === undefined)
    return progressing(l10n.t('Its controller has not seen it yet.'));
  return (
    firstLacking([
      [count(json, 'status', 'currentNumberScheduled') ?? 0, wanted, 'scheduled'],
      [count(json, 'status', 'updatedNumberScheduled') ?? 0, wanted, 'updated'],
      [count(json, 'status', 'numberAvailable') ?? 0, wanted, 'available'],
      [count(json, 'status', 'numberReady') ?? 0, wanted, 'ready'],
    ]) ?? healthy
  );
}

/** kstatus replicasetConditions. */
export function replicaSet(json: JsonObject, conditions: readonly Condition[]): HealthTold {
  const failure = conditionOf(conditions, 'ReplicaFailure');
  if (isTrue(failure)) return progressing(failure.message);
  const wanted = count(json, 'spec', 'replicas') ?? 1;
  return (
    firstLacking([
      [count(json, 'status', 'fullyLabeledReplicas') ?? 0, wanted, 'labelled'],
      [count(json, 'status', 'availableReplicas') ?? 0, wanted, 'available'],
      [count(json, 'status', 'readyReplicas') ?? 0, wanted, 'ready'],
      [wanted, count(json, 'status', 'replicas') ?? 0, 'left'],
    ]) ?? healthy
  );
}

function count(json: JsonObject, ...path: readonly string[]): number | undefined {
  return number(at(json, ...path));
}

function firstLacking(replicas: Replicas): HealthTold | undefined {
  const lacking = replicas.find(([have, want]) => have < want);
  if (lacking === undefined) return undefined;
  const [have, want, lack] = lacking;
  return progressing(sentences[lack](have, want));
}
