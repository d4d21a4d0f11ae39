import { l10n, type Uri, window, workspace } from 'vscode';
import { type KeptRotation, withProof } from '../../app/at-rest/kept-rotation.ts';
import {
  isWildcard,
  proofAfter,
  type RotationProof,
  snapshotProof,
  staleIn,
} from '../../app/at-rest/rotation-proof.ts';
import { Failure } from '../../core/errors.ts';
import { type GroupResource, printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { reEncryptNow } from '../clusters/re-encrypt-now.ts';
import type { Services } from '../services.ts';
import { askSnapshot, lookThrough } from './audit-snapshot.ts';
import { connected, type LookedRotation, lookAtRotation } from './look-at-rotation.ts';

/** Re-encrypt Now… from a checklist: every resource that the configuration names, and what came of it is kept. */
export async function proveByReEncrypting(looked: LookedRotation, services: Services): Promise<void> {
  const { file } = looked.read;
  const left = leftOf(looked);
  if (file.resources.some(isWildcard)) throw new Failure('rotation.refused', { reason: wildcards() });
  const cluster = await connected(looked.kept, services);
  let kept: KeptRotation = looked.kept;
  for (const resource of left) {
    const done = await reEncryptNow(cluster, resource, services);
    if (done === undefined) break;
    kept = withProof(kept, proofAfter(done, resource, file.hash, Date.now(), kept.proof));
  }
  // An API server that was given another file meanwhile makes it void.
  await lookAtRotation(kept, services);
}

const wildcards = () =>
  l10n.t(
    'this configuration names resources by wildcards, and which ones those are only an etcd snapshot shows: write them anew with Re-encrypt Now in the Clusters view, then audit a snapshot',
  );

function leftOf({ kept: { proof }, read: { file } }: LookedRotation): readonly GroupResource[] {
  if (proof?.hash !== file.hash || proof.how === 'snapshot') return file.resources;
  return file.resources.filter((one) => !proof.resources.includes(printGroupResource(one)));
}

/** Audit etcd Snapshot… from a checklist: what is left counts where the snapshot is younger than the roll-out. */
export async function proveBySnapshot(looked: LookedRotation, services: Services): Promise<void> {
  const { kept, read } = looked;
  const since = kept.rolledOutAt;
  if (since === undefined) return;
  const snapshot = await askSnapshot();
  if (snapshot === undefined || !(await isYounger(snapshot, since))) return;
  const { audit } = await lookThrough(snapshot, read.configuration, services);
  const stale = staleIn(audit, read.configuration, kept);
  if (stale === undefined)
    throw new Failure('rotation.refused', {
      reason: l10n.t('the snapshot has damaged records: take another one'),
    });
  const proof: RotationProof = snapshotProof(stale, read.file, Date.now());
  await lookAtRotation(withProof(kept, proof), services);
}

/** In milliseconds: of an etcd node and of this computer. */
const clocksDiffer = 60_000;

/** When a snapshot was made it does not say itself; a file that is older than the roll-out was surely made before. */
async function isYounger(snapshot: Uri, since: number): Promise<boolean> {
  const when = new Date(since).toLocaleString();
  if ((await workspace.fs.stat(snapshot)).mtime + clocksDiffer < since) {
    const reason = l10n.t(
      'this snapshot is from before {0}, when every API server was seen with the file: take a new one',
      when,
    );
    throw new Failure('rotation.refused', { reason });
  }
  const yes = l10n.t('It Was Taken After That');
  const detail = l10n.t(
    'A snapshot shows what was stored when it was taken. One from before that time may lack values that the old key wrote later.',
  );
  const question = l10n.t(
    'Was this snapshot taken after {0}, when every API server was seen with the file?',
    when,
  );
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
