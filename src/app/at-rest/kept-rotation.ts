import type { Arrangement, RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { LookedAt } from './look-at-servers.ts';
import { type FileState, type RotationStatus, statusAt } from './rotation.ts';
import { type RotationProof, staleBy } from './rotation-proof.ts';
import { clusterView, mergeSightings, type SeenServers } from './server-sightings.ts';

/**
 * A rotation as it is kept between days: names, hashes and times, never a key. Whoever drives one, with or without an editor, does so:
 * `beginRotation`; for each look `readRotationFile` and `withFile`, `lookAtServers` and `withLook`; then `keptStatus` says which step
 * is next, `changeFor` makes its edit, and `proofAfter` or `snapshotProof` tell when all is written anew. Before a step is taken the
 * cluster is to be asked again.
 */
export interface KeptRotation extends RotationPlan {
  /** URI of the file. */
  readonly file: string;
  /** Its id, and what the person calls it. */
  readonly cluster: string;
  readonly clusterTitle: string;
  /** The states that the file was seen in, the present one last. */
  readonly states: readonly FileState[];
  readonly marks: KeyMarks;
  /** Whether the person said that the new key is kept somewhere safe. */
  readonly backedUp: boolean;
  readonly removedInTime: boolean;
  readonly seen: SeenServers;
  /** How many API servers there are, as the person said; what the cluster tells comes first. */
  readonly stated: number | undefined;
  /** Whether all API servers load the file by themselves; undefined where that is not known. */
  readonly reloads: boolean | undefined;
  /** When the cluster was last asked, in milliseconds since 1970. */
  readonly askedAt: number | undefined;
  /** Since when every API server has been seen with the swapped file. Undefined before, and where one was seen with another. */
  readonly rolledOutAt: number | undefined;
  readonly proof: RotationProof | undefined;
}

/** What tells whether a key is still the same one: a few digits of its hash. Undefined where it is not in the file, or is no key. */
export interface KeyMarks {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The file of a rotation as it is now, without what it holds. */
export interface RotationFile {
  /** `configurationHash` of its bytes, as they are when it is saved. */
  readonly hash: string;
  /** Undefined where neither of the two keys writes in it. */
  readonly arrangement: Arrangement | undefined;
  readonly resources: readonly GroupResource[];
  /** Whether it reads plaintext of every resource that it names: then it may take the place of no configuration. */
  readonly readsPlaintext: boolean;
  readonly marks: KeyMarks;
}

const statesAtMost = 50;

export function beginRotation(
  plan: RotationPlan,
  place: Pick<KeptRotation, 'file' | 'cluster' | 'clusterTitle'>,
): KeptRotation {
  const { from, to } = plan;
  const nothing = { stated: undefined, reloads: undefined, askedAt: undefined };
  return { from, to, ...place, ...fresh, ...unproven, ...nothing, seen: nobody };
}

const nobody: SeenServers = { sightings: [], count: undefined, unconfigured: 0 };
const unproven = { rolledOutAt: undefined, proof: undefined };
const fresh = {
  states: [],
  marks: { from: undefined, to: undefined },
  backedUp: false,
  removedInTime: false,
};

/** What the file's present state adds to what is known of a rotation, or makes void. */
export function withFile(kept: KeptRotation, file: RotationFile): KeptRotation {
  const { hash, arrangement } = file;
  if (arrangement === undefined) return kept;
  const isSame = kept.states.at(-1)?.hash === hash;
  // What API servers were seen to run says little once another file is on its way to them.
  const now = isSame ? kept : { ...kept, seen: { ...kept.seen, sightings: [] } };
  // A key that is added once more may be another one under the same name.
  const isAnew = arrangement === 'old' || isOther(kept.marks, file.marks);
  const before = isAnew ? { ...now, ...fresh, ...unproven } : now;
  const states = [...before.states.filter((state) => state.hash !== hash), { hash, arrangement }];
  const marks = { from: file.marks.from ?? before.marks.from, to: file.marks.to ?? before.marks.to };
  const after = { ...before, marks, states: states.slice(-statesAtMost) };
  if (arrangement === 'removed') return { ...after, removedInTime: isDue(before, file) };
  const stays = isSame && arrangement === 'swapped';
  return { ...after, removedInTime: false, ...(stays ? {} : unproven) };
}

function isOther(known: KeyMarks, now: KeyMarks): boolean {
  const differ = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && a !== b;
  return differ(known.from, now.from) || differ(known.to, now.to);
}

/** Once it was known that nothing needs the old key it stays so while no API server has anything else loaded. */
function isDue({ proof, removedInTime }: KeptRotation, { resources }: RotationFile): boolean {
  return removedInTime || (proof !== undefined && staleBy(proof, proof.hash, resources) === 0);
}

/** What looking at the cluster adds. An API server that writes by another configuration makes void what was shown before. */
export function withLook(
  kept: KeptRotation,
  { sightings, pods }: LookedAt,
  file: RotationFile,
  now: number,
): KeptRotation {
  const seen = {
    sightings: mergeSightings(kept.seen.sightings, sightings),
    count: pods?.length,
    unconfigured: pods?.filter(({ configuration }) => configuration === undefined).length ?? 0,
  };
  const reloads = pods?.every((pod) => pod.reloads);
  const looked = { ...kept, seen, reloads, askedAt: now };
  if (kept.removedInTime) return looked;
  const isAlone = seen.unconfigured === 0 && sightings.every(({ hash }) => hash === file.hash);
  const still = isAlone ? looked : { ...looked, ...unproven };
  const isOut = keptStatus(still, file, now)?.done.has('roll-out-swapped') === true;
  return { ...still, rolledOutAt: isOut ? (still.rolledOutAt ?? now) : still.rolledOutAt };
}

/** The person says that the new key is kept somewhere safe. */
export function withBackup(kept: KeptRotation): KeptRotation {
  return { ...kept, backedUp: true };
}

/** What was shown while every API server had the swapped file loaded. Of an earlier time it would show nothing. */
export function withProof(kept: KeptRotation, proof: RotationProof): KeptRotation {
  return { ...kept, proof };
}

/** How far it is; undefined where the file is not about these two keys. */
export function keptStatus(kept: KeptRotation, file: RotationFile, now: number): RotationStatus | undefined {
  const { arrangement, hash, resources } = file;
  if (arrangement === undefined) return undefined;
  const seen = { ...kept.seen, count: kept.seen.count ?? kept.stated };
  const view = clusterView(seen, staleBy(kept.proof, hash, resources), now);
  const readable = kept.states.filter((state) => state.arrangement !== 'old').map((state) => state.hash);
  if (!mayBeginBare(kept, file)) return statusAt(arrangement, hash, { ...kept, readable }, view);
  const bare = arrangement === 'old' ? hash : '';
  const loaded = view.loaded?.map((one) => (one === '' ? bare : one));
  const states = [...kept.states, { hash: '', arrangement: 'old' as const }];
  return statusAt(arrangement, hash, { ...kept, states, readable }, { ...view, loaded });
}

/** An API server without a configuration stores and reads plaintext, and so does one with nothing else in it. */
function mayBeginBare({ from }: RotationPlan, { readsPlaintext }: RotationFile): boolean {
  return from === 'identity' && readsPlaintext;
}
