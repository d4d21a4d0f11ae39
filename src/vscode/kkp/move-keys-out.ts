import { l10n, Uri, window, workspace } from 'vscode';
import { freeName } from '../../app/kkp/key-secret.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import type { KkpClusterText, KkpKeyText } from '../../manifest/kkp/cluster-text.ts';
import { editableClusters, kkpEdit } from '../../manifest/kkp/rotation-edit.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { targetOf } from '../targets.ts';
import { askPlace, askSecretFile } from './ask-key-secret.ts';
import { requireUnsealed } from './cluster-manifest.ts';
import { sealKeySecret } from './seal-key-secret.ts';
import { writeToManifest } from './write-change.ts';

const title = l10n.t('Move Keys Out');

/**
 * Move Keys Out, of a KKP Cluster: keys that stand in it as values go into a sealed Secret, the same bytes under the same names, since KKP
 * keeps the value that a name had first. Throws `kkp.refused` where there are none.
 */
export async function kkpMoveKeysOut(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const { version } = document;
  requireUnsealed(document, services.registry);
  const { name, keys } = inlineKeys(document.getText(), offset);
  const taken = keys.flatMap(({ secretRef }) => secretRef?.name ?? []);
  const own = freeName(`encryption-keys-${name}`, taken);
  const place = await askPlace({ title, cluster: name, name: own, taken });
  if (place === undefined || !(await confirm(name))) return;
  const folder = services.files.parent(document.uri.fsPath);
  const path = await askSecretFile(title, folder, place.name, services);
  if (path === undefined) return;
  const names = keys.flatMap((key) => key.name?.text ?? []);
  const moved = keys.flatMap((key, index) => movedKey(key, index, names));
  const entries = new Map(moved.map(({ key, value }) => [key, value]));
  const text = await sealKeySecret({ ...place, entries }, path, services);
  if (text === undefined) return;
  const references = moved.map(({ name, key }) => ({ name, secret: place.name, key }));
  const edit = kkpEdit(document.getText(), name, { step: 'move-out', keys: references });
  await writeToManifest(document, version, edit, { path, text });
  const secret = workspace.asRelativePath(Uri.file(path));
  void window.showInformationMessage(
    plainMessage(
      l10n.t(
        'The keys are in {0}, encrypted. Apply it first, then the Cluster, while its phase is Active. The history of git still has them: rotate them afterwards (Prepare Key Rotation…).',
        secret,
      ),
    ),
  );
}

interface MovedKey {
  readonly name: string;
  /** Of the Secret. */
  readonly key: string;
  readonly value: Plaintext;
}

function movedKey({ name, value }: KkpKeyText, index: number, names: readonly string[]): readonly MovedKey[] {
  if (name === undefined || value === undefined) return [];
  const isKey = /^[-._a-zA-Z0-9]{1,253}$/.test(name.text);
  return [
    { name: name.text, key: isKey ? name.text : freeName(`key-${index + 1}`, names), value: value.text },
  ];
}

/** The keys of the Cluster at a place; of the only one with keys in clear, wherever the cursor is. */
function inlineKeys(text: string, offset: number) {
  const holding = editableClusters(text).filter(hasInline);
  const cluster = holding.find(({ start, end }) => start <= offset && offset <= end) ?? holding[0];
  const keys = cluster?.encryption?.secretbox?.keys.items ?? [];
  if (cluster?.name === undefined || (holding.length > 1 && offset > cluster.end))
    throw new Failure('kkp.refused', {
      reason: l10n.t('this is no Cluster of KKP with a name and keys in the clear'),
      todo: l10n.t('place the cursor in one'),
    });
  requireOwnNames(keys);
  return { name: cluster.name, keys };
}

/** In a Secret there would be one value for both. Throws `kkp.refused`. */
function requireOwnNames(keys: readonly KkpKeyText[]): void {
  const names = keys.flatMap(({ name }) => name?.text ?? []);
  if (new Set(names).size === names.length) return;
  throw new Failure('kkp.refused', {
    reason: l10n.t('two keys of this Cluster have one name, and KKP takes the first for both'),
    todo: l10n.t('remove the other, or give it a name of its own'),
  });
}

function hasInline({ encryption }: KkpClusterText): boolean {
  return encryption?.secretbox?.keys.items.some(({ value }) => value !== undefined) === true;
}

async function confirm(name: string): Promise<boolean> {
  const detail = l10n.t(
    'Names and keys stay the same, and nothing is encrypted anew. KKP takes the change only while the phase is Active, or encryption is off. Whoever has read the repository has the keys: rotate them afterwards.',
  );
  const question = plainMessage(l10n.t('Move the keys of {0} into an encrypted Secret?', name));
  return (await window.showWarningMessage(question, { modal: true, detail }, title)) === title;
}
