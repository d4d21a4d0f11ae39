import { l10n, Uri, window, workspace } from 'vscode';
import { type HowToSealValues, howToSeal } from '../app/how-to-seal.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { type SealingKey, sealingKey } from '../app/sealing-key.ts';
import { Failure } from '../core/errors.ts';
import type { ValueSchemeId } from '../schemes/scheme.ts';
import { type PickedKey, pickSealingKey } from './pick-sealing-key.ts';
import type { Services } from './services.ts';

/**
 * Decides how a document is to be sealed: as policy says, else with a key the person picks, of the old ciphertext's scheme
 * where there is one. Undefined where the person gave up.
 */
export async function howToSealIn(
  uri: Uri,
  services: Services,
  oldScheme?: ValueSchemeId,
): Promise<PickedKey | undefined> {
  const answer = await answerFor(uri, services);
  const site = { base: answer.base, root: answer.root };
  try {
    const how = await howToSeal(answer, { scheme: undefined, keys: [], site }, services.keys);
    return how.unit === 'value' ? how : { ...how, keys: [] };
  } catch (error) {
    if (!Failure.is(error, 'policy.none')) throw error;
    return pickSealingKey(answer, uri, services, oldScheme);
  }
}

/** The key to seal single values with. */
export function valueKey(how: HowToSealValues, services: Services): Promise<SealingKey> {
  const request = { ...how, scheme: services.registry.byId(how.scheme), accepted: [] };
  return sealingKey(request, services.keys, services.trust, services.repository);
}

/** Policy's answer; a document that is no file yet is taken to stand in the first workspace folder. */
async function answerFor(uri: Uri, { policies }: Services): Promise<PolicyAnswer> {
  if (uri.scheme === 'file') return policies.require(uri);
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Failure('policy.none', {});
  return policies.require(Uri.joinPath(folder.uri, 'untitled.yaml'));
}

/** Says how far a new ciphertext was checked, where it could not be opened again. */
export function tellEncrypted(count: number, verified: boolean): void {
  const done =
    count === 1 ? l10n.t('Purser encrypted 1 value.') : l10n.t('Purser encrypted {0} values.', count);
  const note = verified ? [] : [l10n.t('Not opened again to verify: the private key is not at hand.')];
  window.setStatusBarMessage(`$(lock) ${[done, ...note].join(' ')}`, 5000);
}
