import { l10n, window, workspace } from 'vscode';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import type { KkpStep } from '../../app/kkp/kkp-steps.ts';
import { Failure } from '../../core/errors.ts';
import type { KkpChange } from '../../manifest/kkp/kkp-change.ts';
import { kkpEdit } from '../../manifest/kkp/rotation-edit.ts';
import { inCluster } from '../clusters/in-cluster.ts';
import { label } from '../clusters/row-words.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { type ClusterManifest, clusterManifest } from './cluster-manifest.ts';
import { makeKey } from './make-key.ts';
import { pickStep, stepTitle } from './pick-step.ts';
import { type KkpSubject, rotationSubject } from './rotation-subject.ts';
import { type SealedSecretFile, writePatch, writeToManifest } from './write-change.ts';

type PreparedChange = Exclude<KkpChange, { step: 'move-out' }>;

interface Prepared {
  readonly change: PreparedChange;
  /** The new key's. */
  readonly secret: SealedSecretFile | undefined;
}

/**
 * Prepare Key Rotation: the next change of a KKP Cluster, in its manifest in the workspace, else as a patch. Nothing is applied. Throws
 * `kkp.refused`, `cluster.…` and what editing and sealing throw.
 */
export async function prepareKkpRotation(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const subject = await rotationSubject(argument, services);
  if (subject === undefined) return;
  const kkp = await ask(subject);
  const step = await pickStep(subject.title, kkp);
  if (step === undefined) return;
  const manifest = await clusterManifest(kkp, services);
  if (manifest === 'given up' || !(await confirm(step, kkp))) return;
  // Editing may go on while questions are open: what was compared is what is changed.
  const version = manifest === 'none' ? 0 : manifest.document.version;
  const prepared = await prepare(step, kkp, manifest, services);
  if (prepared !== undefined) await write(prepared, kkp, manifest, version, services);
}

function ask({ seed, id, title }: KkpSubject): Promise<KkpEncryption> {
  return inCluster(seed, (session) =>
    withProgress(plainMessage(l10n.t('Asking the seed about {0}…', title)), async (signal) => {
      const told = await session.kkpEncryption(id, signal);
      if (told === undefined) throw new Failure('cluster.not-found', { what: `clusters ${id}` });
      return told;
    }),
  );
}

async function prepare(
  step: KkpStep,
  kkp: KkpEncryption,
  manifest: ClusterManifest,
  services: Services,
): Promise<Prepared | undefined> {
  if (step.step === 'add') return makeKey(kkp, manifest, services);
  if (step.step === 'disable') return { change: { step: 'disable' }, secret: undefined };
  const { key } = step;
  return key === undefined ? undefined : { change: { step: step.step, key }, secret: undefined };
}

/** What cannot be taken back once it is applied. */
async function confirm(step: KkpStep, { cluster }: KkpEncryption): Promise<boolean> {
  if (step.step === 'add' || step.step === 'swap') return true;
  const button = step.step === 'remove' ? l10n.t('Remove') : l10n.t('Switch Off');
  const detail =
    step.step === 'remove'
      ? l10n.t(
          'Nothing that it wrote can be read without it. Keep a copy of the key for as long as there are etcd backups from its time.',
        )
      : l10n.t(
          'KKP writes everything anew in plaintext. Keep the keys for as long as there are etcd backups from their time: KKP leaves them in the Secret apiserver-encryption-configuration, which nobody deletes.',
        );
  const question = label(l10n.t('{0} ({1})?', stepTitle(step), cluster));
  return (await window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}

async function write(
  { change, secret }: Prepared,
  kkp: KkpEncryption,
  manifest: ClusterManifest,
  version: number,
  services: Services,
): Promise<void> {
  if (manifest === 'given up') return;
  if (manifest === 'none') {
    await writePatch(kkp, change, secret, services);
    return;
  }
  const { document } = manifest;
  await writeToManifest(document, version, kkpEdit(document.getText(), kkp.cluster, change), secret);
  const name = workspace.asRelativePath(document.uri);
  void window.showInformationMessage(
    plainMessage(`${l10n.t('{0} is changed.', name)} ${afterwards[change.step]()}`),
  );
}

const afterwards: { readonly [S in PreparedChange['step']]: () => string } = {
  add: () =>
    l10n.t(
      'Apply the Secret first, then the Cluster. The phase stays Active: the new key may be moved to the front only when every API server has it, which Prepare Key Rotation… looks for.',
    ),
  swap: () =>
    l10n.t(
      'Apply it, and wait until the phase is Active again and the new key is the active one before the old one goes.',
    ),
  remove: () => l10n.t('Apply it. API servers are rolled once more.'),
  disable: () =>
    l10n.t('Apply it, and wait until KKP no longer shows a phase before the feature gate is switched off.'),
};
