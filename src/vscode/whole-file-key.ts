import { l10n, type QuickPickItem, window } from 'vscode';
import { type HowToSealValues, howToSeal } from '../app/how-to-seal.ts';
import { type PolicyAnswer, requireValid } from '../app/policy-finder.ts';
import { readKeyReference } from '../policy/key-reference.ts';
import { makeKey, offerNextSteps } from './create-key.ts';
import type { Services } from './services.ts';

/** flux-orchestrator's variable. */
const fluxOrchestratorKey = 'ENCRYPTION_KEY';

/** How a file that is itself the secret is to be sealed, and what must follow. */
export interface WholeFileSealing {
  readonly how: HowToSealValues;
  /** Whether policy says nothing of it yet. */
  readonly needsRule: boolean;
  /** Offers to back up the key, where it was made for this. */
  readonly afterwards: () => Promise<void>;
}

/** How a person is asked for a key. */
export interface KeyQuestion {
  readonly title: string;
  readonly placeHolder: string;
}

/**
 * Policy's rule where it wants the file sealed as a whole; else a Fernet key that the person picks or makes. Undefined where
 * they gave up. Throws `policy.…`.
 */
export async function decideSealing(
  answer: PolicyAnswer,
  question: KeyQuestion,
  services: Services,
): Promise<WholeFileSealing | undefined> {
  requireValid(answer);
  const site = { base: answer.base, root: answer.root };
  if (answer.rule?.whole === true) {
    const how = await howToSeal(answer, { scheme: undefined, keys: [], site }, services.keys);
    // Schemes that seal documents make no one token of a file.
    if (how.unit === 'value') return { how, needsRule: false, afterwards: async () => undefined };
  }
  const picked = await pickKey(answer, question, services);
  if (picked === undefined) return undefined;
  const reference = readKeyReference(picked.ref);
  const how: HowToSealValues = {
    unit: 'value',
    scheme: 'fernet',
    reference,
    site,
    named: false,
    whole: true,
  };
  return { how, needsRule: true, afterwards: picked.afterwards };
}

interface PickedKey {
  readonly ref: string;
  readonly afterwards: () => Promise<void>;
}

async function pickKey(
  answer: PolicyAnswer,
  question: KeyQuestion,
  services: Services,
): Promise<PickedKey | undefined> {
  const create: KeyItem = { label: `$(add) ${l10n.t('Create Key…')}`, ref: undefined };
  const items = [...(await keyItems(answer, services)), create];
  const options = { ...question, ignoreFocusOut: true, matchOnDescription: true };
  const picked = await window.showQuickPick(items, options);
  if (picked === undefined) return undefined;
  if (picked.ref !== undefined) return { ref: picked.ref, afterwards: async () => undefined };
  const made = await makeKey('fernet', services);
  if (made === undefined) return undefined;
  return { ref: `local:${made.key.name}`, afterwards: () => offerNextSteps(made, services) };
}

interface KeyItem extends QuickPickItem {
  /** Undefined for a key that is to be made. */
  readonly ref: string | undefined;
}

/** The person's own keys, then variables: those the policy names, and flux-orchestrator's where it is set. */
async function keyItems({ policy }: PolicyAnswer, { vaults }: Services): Promise<readonly KeyItem[]> {
  const own = (await vaults.kept())
    .filter(({ key }) => key.extension === 'fernet')
    .map(({ key, vault }) => ({ ref: `local:${key.name}`, description: `fernet · ${vault.title}` }));
  const named = (policy?.rules ?? [])
    .filter(({ scheme }) => scheme === 'fernet')
    .flatMap(({ keys }) => keys.filter(({ kind }) => kind === 'env').map(({ text }) => text));
  const set = process.env[fluxOrchestratorKey] === undefined ? [] : [`env:${fluxOrchestratorKey}`];
  const variables = [...new Set([...named, ...set])].map((ref) => ({
    ref,
    description: l10n.t('environment variable'),
  }));
  return [...own, ...variables].map((item) => ({ label: `$(key) ${item.ref}`, ...item }));
}
