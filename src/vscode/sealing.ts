import { Uri, window, workspace } from 'vscode';
import { type HowToSeal, howToSeal } from '../app/how-to-seal.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { type SealingKey, sealingKey } from '../app/sealing-key.ts';
import { Failure } from '../core/errors.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { pickSealingKey } from './pick-sealing-key.ts';
import type { Services } from './services.ts';

/** How a document is to be sealed, and with which key. */
export interface Sealing {
  readonly how: HowToSeal;
  readonly key: SealingKey;
}

/**
 * Decides scheme and key for a document: policy's, else the old ciphertext's scheme and a key the person picks.
 * Undefined where the person gave up.
 */
export async function sealingFor(
  uri: Uri,
  services: Services,
  oldScheme?: SchemeId,
): Promise<Sealing | undefined> {
  const answer = await answerFor(uri, services);
  const how = await decide(answer, uri, services, oldScheme);
  if (how === undefined) return undefined;
  const request = { ...how, scheme: services.registry.byId(how.scheme), accepted: [] };
  return { how, key: await sealingKey(request, services.keys, services.trust, services.repository) };
}

/** Policy's answer; a document that is no file yet is taken to stand in the first workspace folder. */
async function answerFor(uri: Uri, { policies }: Services): Promise<PolicyAnswer> {
  if (uri.scheme === 'file') return policies.require(uri);
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Failure('policy.none', {});
  return policies.require(Uri.joinPath(folder.uri, 'untitled.yaml'));
}

async function decide(
  answer: PolicyAnswer,
  uri: Uri,
  services: Services,
  oldScheme?: SchemeId,
): Promise<HowToSeal | undefined> {
  const site = { base: answer.base, root: answer.root };
  try {
    return await howToSeal(answer, { scheme: undefined, keys: [], site }, services.keys);
  } catch (error) {
    if (!Failure.is(error, 'policy.none')) throw error;
    return pickSealingKey(answer, uri, services, oldScheme);
  }
}

/** Says how far a new ciphertext was checked, where it could not be opened again. */
export function tellEncrypted(count: number, verified: boolean): void {
  const values = count === 1 ? '1 value' : `${count} values`;
  const note = verified ? '' : ' Not opened again to verify: the private key is not at hand.';
  window.setStatusBarMessage(`$(lock) Purser encrypted ${values}.${note}`, 5000);
}
