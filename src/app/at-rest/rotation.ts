import { type Arrangement, leastFar, type RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';

/** The seven steps of a rotation (kubernetes/website, encrypt-data.md, "Rotate a decryption key"), in order. */
export const rotationSteps = [
  'add',
  'roll-out-added',
  'verify',
  'swap',
  'roll-out-swapped',
  're-encrypt',
  'remove',
] as const;

export type RotationStep = (typeof rotationSteps)[number];

/** What is known of the cluster; undefined is not known, and never taken for good. */
export interface ClusterView {
  /** The hash of the configuration that each API server has loaded, as `configurationHash` spells it. */
  readonly loaded: readonly string[] | undefined;
  /** How many API servers there are: one metrics page shows one of them. */
  readonly apiServers: number | undefined;
  /** What was seen to write since each of them loaded it, as `Reader.id` spells it. */
  readonly writers: readonly string[] | undefined;
  /** Objects that are stored by anything but the new key. */
  readonly stale: number | undefined;
}

/** A rotation as its checklist keeps it. */
export interface Rotation extends RotationPlan {
  /** Hashes of earlier states of the file that read with the new key. An API server that has another one loaded does not. */
  readonly readable: readonly string[];
  /** Whether the person said that the new key is kept somewhere safe. */
  readonly backedUp: boolean;
  /** All states that the file had in this rotation. Where it is undefined, any configuration may be an earlier one. */
  readonly states?: readonly FileState[];
  /** Whether the old key was removed when nothing needed it any more. Undefined is not known, and passes. */
  readonly removedInTime?: boolean;
}

/** How far a file was, by the hash of its bytes. */
export interface FileState {
  readonly hash: string;
  readonly arrangement: Arrangement;
}

/** Why the next step is not done yet, or must not be taken. */
export type RotationWait =
  | { readonly why: 'edit' }
  | { readonly why: 'loaded-unknown' }
  | { readonly why: 'servers-unknown' }
  | { readonly why: 'servers-behind'; readonly seen: number; readonly all: number }
  | { readonly why: 'other-configuration' }
  | { readonly why: 'foreign-configuration' }
  | { readonly why: 'server-without-key' }
  | { readonly why: 'removed-early' }
  | { readonly why: 'not-backed-up' }
  | { readonly why: 'other-writer'; readonly writer: string }
  | { readonly why: 'stale-unknown' }
  | { readonly why: 'stale'; readonly count: number };

export interface RotationStatus {
  readonly done: ReadonlySet<RotationStep>;
  /** The only step to take; undefined where all are done. */
  readonly next: RotationStep | undefined;
  /** What the next step waits for, or that it is an edit to be made. */
  readonly wait: RotationWait | undefined;
}

/**
 * Which steps of a rotation are done, and which one is next. What the file cannot tell the cluster must: nothing counts as done
 * because it is unknown.
 * @param hash of the file's bytes
 * @returns undefined where neither of the two keys writes in this configuration
 */
export function rotationStatus(
  configuration: EncryptionConfiguration,
  hash: string,
  rotation: Rotation,
  cluster: ClusterView,
): RotationStatus | undefined {
  const arrangement = leastFar(configuration, rotation);
  return arrangement && statusAt(arrangement, hash, rotation, cluster);
}

/** The same of a configuration of which only this is known. */
export function statusAt(
  arrangement: Arrangement,
  hash: string,
  rotation: Rotation,
  cluster: ClusterView,
): RotationStatus {
  if (arrangement === 'old')
    return status([], 'add', isForeign(hash, rotation, cluster, []) ? foreign : { why: 'edit' });
  if (arrangement === 'added') return whenAdded(hash, rotation, cluster);
  if (arrangement === 'swapped') return whenSwapped(hash, rotation, cluster);
  if (rotation.removedInTime === false) return status(swapRolledOut, 're-encrypt', { why: 'removed-early' });
  return { done: new Set(rotationSteps), next: undefined, wait: undefined };
}

/**
 * Why a step must not be taken now; undefined for the one that is next, unless it waits. Doing it all the same could leave values
 * that nothing reads.
 */
export function refusalOf(
  status: RotationStatus,
  step: RotationStep,
): RotationWait | 'done' | 'too-early' | undefined {
  if (status.done.has(step)) return 'done';
  if (status.next !== step) return 'too-early';
  const { wait } = status;
  return wait !== undefined && harmful.has(wait.why) ? wait : undefined;
}

/** Going on would make values unreadable for some API server, or may. */
const harmful: ReadonlySet<RotationWait['why']> = new Set([
  'foreign-configuration',
  'server-without-key',
  'removed-early',
]);
const foreign: RotationWait = { why: 'foreign-configuration' };
const swapRolledOut: readonly RotationStep[] = [
  'add',
  'roll-out-added',
  'verify',
  'swap',
  'roll-out-swapped',
];

/**
 * Whether an API server has something loaded that may not read what this file makes others write, or reads what this file does not:
 * anything but this file and those of its earlier states that are named.
 */
function isForeign(
  hash: string,
  { states }: Rotation,
  { loaded }: ClusterView,
  good: readonly Arrangement[],
): boolean {
  if (states === undefined) return false;
  const fine = new Set(states.filter(({ arrangement }) => good.includes(arrangement)).map((one) => one.hash));
  return (loaded ?? []).some((one) => one !== hash && !fine.has(one));
}

function whenAdded(hash: string, rotation: Rotation, cluster: ClusterView): RotationStatus {
  if (isForeign(hash, rotation, cluster, ['old', 'added', 'swapped']))
    return status(['add'], 'roll-out-added', foreign);
  const behind = notRolledOut(hash, cluster);
  if (behind !== undefined) return status(['add'], 'roll-out-added', behind);
  const done = ['add', 'roll-out-added'] as const;
  const other = cluster.writers?.find((writer) => writer !== rotation.from);
  if (other !== undefined) return status(done, 'verify', { why: 'other-writer', writer: other });
  // Plaintext needs no key.
  if (!rotation.backedUp && rotation.to !== 'identity')
    return status(done, 'verify', { why: 'not-backed-up' });
  return status([...done, 'verify'], 'swap', { why: 'edit' });
}

function whenSwapped(hash: string, rotation: Rotation, cluster: ClusterView): RotationStatus {
  const done = ['add', 'roll-out-added', 'verify', 'swap'] as const;
  const known = new Set([hash, ...rotation.readable]);
  if (cluster.loaded?.some((loaded) => !known.has(loaded)) === true)
    return status(done, 'roll-out-swapped', { why: 'server-without-key' });
  const behind = notRolledOut(hash, cluster);
  if (behind !== undefined) return status(done, 'roll-out-swapped', behind);
  const other = cluster.writers?.find((writer) => writer !== rotation.to);
  if (other !== undefined) return status(swapRolledOut, 're-encrypt', { why: 'other-writer', writer: other });
  if (cluster.stale === undefined) return status(swapRolledOut, 're-encrypt', { why: 'stale-unknown' });
  if (cluster.stale > 0) return status(swapRolledOut, 're-encrypt', { why: 'stale', count: cluster.stale });
  return status([...swapRolledOut, 're-encrypt'], 'remove', { why: 'edit' });
}

/** Every API server must have loaded this very file: one that has not would write, or fail to read, otherwise. */
function notRolledOut(hash: string, { loaded, apiServers }: ClusterView): RotationWait | undefined {
  if (loaded === undefined || loaded.length === 0) return { why: 'loaded-unknown' };
  if (loaded.some((one) => one !== hash)) return { why: 'other-configuration' };
  if (apiServers === undefined) return { why: 'servers-unknown' };
  return loaded.length < apiServers
    ? { why: 'servers-behind', seen: loaded.length, all: apiServers }
    : undefined;
}

function status(done: readonly RotationStep[], next: RotationStep, wait: RotationWait): RotationStatus {
  return { done: new Set(done), next, wait };
}
