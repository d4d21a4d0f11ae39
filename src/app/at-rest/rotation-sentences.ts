import type { RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { RotationStep, RotationWait } from './rotation.ts';

/** One of the two is often no key but plaintext. */
const identity = 'identity';

const steps: Readonly<Record<RotationStep, (rotation: RotationPlan) => string>> = {
  add: ({ from, to }) => `Add ${to} behind ${from}, so that ${reads(to)}`,
  'roll-out-added': () =>
    'Put the file on every control plane node, and restart each API server that does not reload it',
  verify: ({ to }) =>
    to === identity
      ? 'See to it that every API server reads plaintext'
      : `See to it that every API server reads with ${to}, and keep a copy of the key in a safe place`,
  swap: ({ to }) =>
    to === identity
      ? 'Move identity to the front, so that plaintext is written'
      : `Move ${to} to the front, so that it writes`,
  'roll-out-swapped': () =>
    'Put the file on every control plane node again, and restart each API server that does not reload it',
  're-encrypt': ({ to }) =>
    to === identity
      ? 'Write every object anew, so that all of them are stored in plaintext'
      : `Write every object anew, so that ${to} wrote all of them`,
  remove: ({ from }) =>
    from === identity
      ? 'Remove identity, so that plaintext is no longer read, and roll the file out once more'
      : `Remove ${from}, and roll the file out once more; keep it for as long as there are etcd backups with it`,
};

function reads(to: string): string {
  return to === identity ? 'plaintext can be read' : 'it can read';
}

/** A step as a checklist names it. */
export function stepInWords(step: RotationStep, rotation: RotationPlan): string {
  return steps[step](rotation);
}

/** What a step waits for, in one sentence with what to do. */
export function waitInWords(wait: RotationWait, rotation: RotationPlan): string {
  const { to } = rotation;
  if (wait.why === 'servers-behind')
    return `${wait.seen} of ${wait.all} API servers were seen with this file: wait for the others.`;
  if (wait.why === 'other-writer') return `${wait.writer} was seen to write: wait until it no longer does.`;
  if (wait.why !== 'stale') return waits[wait.why](rotation);
  const objects = wait.count === 1 ? '1 object is' : `${wait.count} objects are`;
  const how = to === identity ? 'in plaintext' : `with ${to}`;
  return `${objects} not stored ${how} yet: without ${rotation.from} nothing could read what is left.`;
}

type PlainWait = Exclude<RotationWait['why'], 'servers-behind' | 'other-writer' | 'stale'>;

const waits: Readonly<Record<PlainWait, (rotation: RotationPlan) => string>> = {
  edit: () => 'The file is to be changed.',
  'loaded-unknown': () =>
    'It is not known which configuration the API servers have loaded: reading /metrics tells it.',
  'servers-unknown': () =>
    'It is not known how many API servers there are, and each must have loaded the file.',
  'other-configuration': () => 'An API server has another configuration loaded: roll this file out.',
  'foreign-configuration': () =>
    'An API server has a configuration loaded that this file never was in this rotation: see what it reads, and roll this file out only if it reads the same.',
  'removed-early': ({ from }) =>
    `${from} is gone from the file, and nothing shows that no object needs it: undo that, and do not roll the file out.`,
  'server-without-key': ({ from, to }) =>
    `An API server has a configuration loaded that may not read with ${to}: put ${from} first again, and roll that out before the swap, or it cannot read what the others write.`,
  'not-backed-up': ({ to }) =>
    `Without a copy of ${to} nothing that it writes can be restored: keep one, and say so.`,
  'stale-unknown': ({ from }) =>
    `Nobody has counted what is still stored with ${from}: re-encrypt to the end from here, or audit an etcd snapshot.`,
};
