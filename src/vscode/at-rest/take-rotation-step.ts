import { l10n, Uri, window } from 'vscode';
import { type KeptRotation, withBackup } from '../../app/at-rest/kept-rotation.ts';
import {
  actionsFor,
  isRotationAction,
  type RotationAction,
  rotationActionTitles,
} from '../../app/at-rest/rotation-actions.ts';
import { changeFor, refused } from '../../app/at-rest/rotation-change.ts';
import { Failure } from '../../core/errors.ts';
import type { Edit } from '../../core/span.ts';
import { type RotationChange, rotationEdit } from '../../manifest/at-rest/rotation-edit.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { property } from '../targets.ts';
import { askNewKey } from './ask-new-key.ts';
import { type LookedRotation, lookAtRotation } from './look-at-rotation.ts';
import { proveByReEncrypting, proveBySnapshot } from './prove-rotation.ts';
import { changeContent } from './rotation-content.ts';
import { rotationOf } from './rotation-uri.ts';

/**
 * What a person takes from a checklist. File and cluster are looked at first: a step that is not due by what is true now is refused,
 * whatever the checklist showed. Throws `rotation.refused`, and what the step throws.
 */
export async function takeRotationStep(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const rotation = meant(argument, services);
  if (rotation === undefined) {
    void window.showInformationMessage(
      l10n.t('Open the checklist of a rotation: Rotate Encryption Key… does.'),
    );
    return;
  }
  const looked = await lookAtRotation(rotation, services);
  const action = await actionOf(argument, looked);
  if (action === undefined || action === 'ask') return;
  requireOffered(action, looked);
  await take[action](looked, services);
}

/** By a lens, else by the checklist that is in front. */
function meant(argument: unknown, { rotations }: Services): KeptRotation | undefined {
  const id = property(argument, 'rotation');
  if (typeof id === 'string') return rotations.get(id);
  const active = window.activeTextEditor?.document.uri;
  const shown = active === undefined ? undefined : rotationOf(active);
  return shown === undefined ? undefined : rotations.get(shown);
}

async function actionOf(argument: unknown, { status }: LookedRotation): Promise<RotationAction | undefined> {
  const action = property(argument, 'action');
  if (isRotationAction(action)) return action;
  const items = (status === undefined ? [] : actionsFor(status)).map((each) => ({
    label: rotationActionTitles[each](),
    action: each,
  }));
  if (items.length === 0) return undefined;
  return (await window.showQuickPick(items, { placeHolder: l10n.t('What is next in this rotation?') }))
    ?.action;
}

/** What cannot be taken back in the cluster is done only by what the cluster says now. */
const askedFirst: ReadonlySet<RotationAction> = new Set(['swap', 'remove', 're-encrypt', 'audit']);

function requireOffered(action: RotationAction, { status, kept, trouble }: LookedRotation): void {
  if (trouble !== undefined && askedFirst.has(action))
    throw new Failure('rotation.refused', { reason: trouble.replace(/[.。]$/, '') });
  if (status === undefined) {
    const reason = l10n.t('neither {0} nor {1} writes in the file', kept.from, kept.to);
    throw new Failure('rotation.refused', { reason });
  }
  if (!actionsFor(status).includes(action)) throw refused(status, kept);
}

type Take = (looked: LookedRotation, services: Services) => Promise<void>;

const take: { readonly [A in Exclude<RotationAction, 'ask'>]: Take } = {
  add: addKey,
  swap: (looked, services) => change(looked, { step: 'swap' }, services),
  remove,
  'move-back': (looked, services) => moveBack(looked, services),
  'backed-up': async ({ kept, read }, { rotations }) =>
    rotations.keep(withBackup(kept), { file: read.file, trouble: undefined }),
  'state-servers': stateServers,
  're-encrypt': proveByReEncrypting,
  audit: proveBySnapshot,
};

async function addKey(looked: LookedRotation, services: Services): Promise<void> {
  const { to } = looked.kept;
  const secret = to === 'identity' ? undefined : await askNewKey(to);
  if (to !== 'identity' && secret === undefined) return;
  await change(looked, { step: 'add', secret }, services);
}

async function remove(looked: LookedRotation, services: Services): Promise<void> {
  await change(looked, { step: 'remove' }, services);
  const { from } = looked.kept;
  const keep =
    from === 'identity'
      ? l10n.t('Plaintext is read no more once the file is rolled out.')
      : l10n.t(
          'Roll the file out once more, and keep {0} as long as there are backups of etcd that need it.',
          from,
        );
  void window.showInformationMessage(plainMessage(keep));
}

async function change(looked: LookedRotation, step: RotationChange, services: Services): Promise<void> {
  const { kept, status } = looked;
  if (status === undefined) return;
  await edit(looked, (text) => changeFor(text, kept, status, step), services);
}

/** The way back from a swap that came too early. */
async function moveBack(looked: LookedRotation, services: Services): Promise<void> {
  const { from, to } = looked.kept;
  await edit(looked, (text) => rotationEdit(text, { from: to, to: from }, { step: 'swap' }), services);
}

async function edit({ kept }: LookedRotation, by: (text: string) => Edit, services: Services): Promise<void> {
  const done = await changeContent(Uri.parse(kept.file, true), by, services);
  if (done === 'changed') await lookAtRotation(kept, services);
}

async function stateServers({ kept }: LookedRotation, services: Services): Promise<void> {
  const typed = await window.showInputBox({
    title: plainMessage(l10n.t('API servers of {0}', kept.clusterTitle)),
    prompt: l10n.t(
      'How many API servers are there? The cluster does not tell, and each must have loaded the file.',
    ),
    ignoreFocusOut: true,
    validateInput: (text) => (isCount(text) ? '' : l10n.t('A number from 1 to 99.')),
  });
  if (typed === undefined || !isCount(typed)) return;
  await lookAtRotation({ ...kept, stated: Number(typed) }, services);
}

function isCount(text: string): boolean {
  return /^[1-9][0-9]?$/.test(text);
}
