import * as l10n from '@vscode/l10n';
import type { RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { RotationStep, RotationWait } from './rotation.ts';

/** One of the two is often no key but plaintext. */
const identity = 'identity';

const steps: Readonly<Record<RotationStep, (rotation: RotationPlan) => string>> = {
  add: ({ from, to }) =>
    to === identity
      ? l10n.t('Add {0} behind {1}, so that plaintext can be read', to, from)
      : l10n.t('Add {0} behind {1}, so that it can read', to, from),
  'roll-out-added': () =>
    l10n.t('Put the file on every control plane node, and restart each API server that does not reload it'),
  verify: ({ to }) =>
    to === identity
      ? l10n.t('See to it that every API server reads plaintext')
      : l10n.t(
          'See to it that every API server reads with {0}, and keep a copy of the key in a safe place',
          to,
        ),
  swap: ({ to }) =>
    to === identity
      ? l10n.t('Move identity to the front, so that plaintext is written')
      : l10n.t('Move {0} to the front, so that it writes', to),
  'roll-out-swapped': () =>
    l10n.t(
      'Put the file on every control plane node again, and restart each API server that does not reload it',
    ),
  're-encrypt': ({ to }) =>
    to === identity
      ? l10n.t('Write every object anew, so that all of them are stored in plaintext')
      : l10n.t('Write every object anew, so that {0} wrote all of them', to),
  remove: ({ from }) =>
    from === identity
      ? l10n.t('Remove identity, so that plaintext is no longer read, and roll the file out once more')
      : l10n.t(
          'Remove {0}, and roll the file out once more; keep it for as long as there are etcd backups with it',
          from,
        ),
};

/** A step as a checklist names it. */
export function stepInWords(step: RotationStep, rotation: RotationPlan): string {
  return steps[step](rotation);
}

/** What a step waits for, in one sentence with what to do. */
export function waitInWords(wait: RotationWait, rotation: RotationPlan): string {
  if (wait.why === 'servers-behind')
    return l10n.t(
      '{0} of {1} API servers were seen with this file: wait for the others.',
      wait.seen,
      wait.all,
    );
  if (wait.why === 'other-writer')
    return l10n.t('{0} was seen to write: wait until it no longer does.', wait.writer);
  return wait.why === 'stale' ? staleInWords(wait.count, rotation) : waits[wait.why](rotation);
}

function staleInWords(count: number, { from, to }: RotationPlan): string {
  if (to === identity)
    return count === 1
      ? l10n.t('1 object is not stored in plaintext yet: without {0} nothing could read what is left.', from)
      : l10n.t(
          '{0} objects are not stored in plaintext yet: without {1} nothing could read what is left.',
          count,
          from,
        );
  return count === 1
    ? l10n.t('1 object is not stored with {0} yet: without {1} nothing could read what is left.', to, from)
    : l10n.t(
        '{0} objects are not stored with {1} yet: without {2} nothing could read what is left.',
        count,
        to,
        from,
      );
}

type PlainWait = Exclude<RotationWait['why'], 'servers-behind' | 'other-writer' | 'stale'>;

const waits: Readonly<Record<PlainWait, (rotation: RotationPlan) => string>> = {
  edit: () => l10n.t('The file is to be changed.'),
  'loaded-unknown': () =>
    l10n.t('It is not known which configuration the API servers have loaded: reading /metrics tells it.'),
  'servers-unknown': () =>
    l10n.t('It is not known how many API servers there are, and each must have loaded the file.'),
  'other-configuration': () => l10n.t('An API server has another configuration loaded: roll this file out.'),
  'foreign-configuration': () =>
    l10n.t(
      'An API server has a configuration loaded that this file never was in this rotation: see what it reads, and roll this file out only if it reads the same.',
    ),
  'removed-early': ({ from }) =>
    l10n.t(
      '{0} is gone from the file, and nothing shows that no object needs it: undo that, and do not roll the file out.',
      from,
    ),
  'server-without-key': ({ from, to }) =>
    l10n.t(
      'An API server has a configuration loaded that may not read with {0}: put {1} first again, and roll that out before the swap, or it cannot read what the others write.',
      to,
      from,
    ),
  'not-backed-up': ({ to }) =>
    l10n.t('Without a copy of {0} nothing that it writes can be restored: keep one, and say so.', to),
  'stale-unknown': ({ from }) =>
    l10n.t(
      'Nobody has counted what is still stored with {0}: re-encrypt to the end from here, or audit an etcd snapshot.',
      from,
    ),
};
