import { l10n, type Uri, window } from 'vscode';
import { beginRotation, type KeptRotation } from '../../app/at-rest/kept-rotation.ts';
import type { Cluster } from '../clusters/cluster.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { askCluster } from './ask-rotation-cluster.ts';
import { askRotationFile } from './ask-rotation-file.ts';
import { askPlan } from './ask-rotation-plan.ts';
import { lookAtRotation } from './look-at-rotation.ts';
import { rotationContent } from './rotation-content.ts';
import { rotationId, rotationOf } from './rotation-uri.ts';

/**
 * Rotate Encryption Key: asks which file, which cluster and which key, and opens the checklist. A rotation that is under way is
 * opened again. Throws what reading the file throws.
 */
export async function rotateEncryptionKey(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const row = services.clustersView.rowOf(argument);
  const from = row !== undefined && 'cluster' in row ? row.cluster : undefined;
  const file = await askRotationFile(row === undefined ? argument : undefined, services);
  if (file === undefined) return;
  const known = await askKnown(file, from, services);
  if (known === 'none') return;
  const rotation = known ?? (await begin(file, from, services));
  if (rotation === undefined) return;
  try {
    await lookAtRotation(rotation, services);
  } finally {
    const kept = services.rotations.get(rotationId(rotation));
    if (kept !== undefined) await services.rotations.show(kept);
  }
}

/** Those of this file that are under way. `none`: the person gave up; undefined: another one is to begin. */
async function askKnown(
  file: Uri,
  cluster: Cluster | undefined,
  { rotations }: Services,
): Promise<KeptRotation | 'none' | undefined> {
  const known = rotations
    .all()
    .filter((one) => one.file === file.toString() && (cluster === undefined || one.cluster === cluster.id));
  if (known.length === 0) return undefined;
  const items = known.map((rotation) => ({
    label: plainMessage(`$(checklist) ${l10n.t('{0} to {1}', rotation.from, rotation.to)}`),
    description: plainMessage(rotation.clusterTitle),
    rotation,
  }));
  const another = {
    label: `$(add) ${l10n.t('Begin Another Rotation')}`,
    description: '',
    rotation: undefined,
  };
  const placeHolder = l10n.t('A rotation of this file is under way.');
  const chosen = await window.showQuickPick([...items, another], { placeHolder });
  return chosen === undefined ? 'none' : chosen.rotation;
}

async function begin(
  file: Uri,
  from: Cluster | undefined,
  services: Services,
): Promise<KeptRotation | undefined> {
  const content = await rotationContent(file, services);
  const cluster = from ?? (await askCluster(content.expose(), services));
  if (cluster === undefined) return undefined;
  const plan = await askPlan(content.expose(), file);
  if (plan === undefined) return undefined;
  const place = { file: file.toString(), cluster: cluster.id, clusterTitle: cluster.title };
  const begun = beginRotation(plan, place);
  const before = services.rotations.get(rotationId(begun));
  return before === undefined || (await mayReplace(before)) ? begun : undefined;
}

async function mayReplace({ from, to, clusterTitle }: KeptRotation): Promise<boolean> {
  const yes = l10n.t('Give It Up');
  const detail = l10n.t(
    'The file and the cluster stay as they are. What was seen of that rotation is forgotten.',
  );
  const question = plainMessage(
    l10n.t('Give up the rotation from {0} to {1} in {2}?', from, to, clusterTitle),
  );
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

/** Give Up Key Rotation: forgets the one whose checklist is in front, or one that the person picks. */
export async function giveUpRotation({ rotations }: Services): Promise<void> {
  const active = window.activeTextEditor?.document.uri;
  const id = active === undefined ? undefined : rotationOf(active);
  const shown = id === undefined ? undefined : rotations.get(id);
  const rotation = shown ?? (await pickRotation(rotations.all()));
  if (rotation !== undefined && (await mayReplace(rotation))) await rotations.forget(rotation);
}

async function pickRotation(all: readonly KeptRotation[]): Promise<KeptRotation | undefined> {
  if (all.length === 0) {
    void window.showInformationMessage(l10n.t('No rotation is under way.'));
    return undefined;
  }
  const items = all.map((rotation) => ({
    label: plainMessage(l10n.t('{0} to {1}', rotation.from, rotation.to)),
    description: plainMessage(rotation.clusterTitle),
    rotation,
  }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which rotation?') }))?.rotation;
}
