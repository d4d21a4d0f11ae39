import { type QuickPickItem, window } from 'vscode';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { addPublicKeyPem } from './add-public-key.ts';
import { askKeyName, pickVault } from './ask-key.ts';
import { backedUp, backUp } from './keep-keys.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

const kinds: readonly (QuickPickItem & { readonly scheme: SchemeId })[] = [
  {
    label: 'JWE',
    description: 'RSA 4096',
    detail: 'The public half goes into the repository; only its owner and the cluster can decrypt.',
    scheme: 'jwe',
  },
  {
    label: 'Fernet',
    description: '256 bits',
    detail: 'Whoever encrypts can decrypt. For flux-orchestrator kubeconfigs and Python pipelines.',
    scheme: 'fernet',
  },
  {
    label: 'Secretbox',
    description: '256 bits, named',
    detail: 'Whoever encrypts can decrypt. The format of kube-apiserver and KKP.',
    scheme: 'secretbox',
  },
];

const steps = { backUp: 'Back Up Key…', add: 'Add Public Key to Repository…' };

/** Create Key: makes and keeps a key, and offers its backup at once. */
export async function createKey(services: Services): Promise<void> {
  const kind = await window.showQuickPick(kinds, { placeHolder: 'What is the key for?' });
  if (kind === undefined) return;
  const made = await makeKey(kind.scheme, services);
  if (made !== undefined) await offerNextSteps(made, services);
}

/** A key that was just made, and where it is kept. */
interface MadeKey {
  readonly key: KeptKey;
  readonly vault: KeyVault;
  /** Of its public half, where there is one. */
  readonly publicPem: string | undefined;
}

/** Makes and keeps a key. Undefined where the person gave up. */
export async function makeKey(scheme: SchemeId, services: Services): Promise<MadeKey | undefined> {
  const name = await askKeyName('Name of the new key');
  const vault = name === undefined ? undefined : await pickVault(services);
  if (name === undefined || vault === undefined) return undefined;
  const crypto = await services.registry.byId(scheme).load();
  const { secret, publicPem, extension } = await withProgress('Making the key', () => crypto.generate());
  const key = { name, extension };
  await vault.save(key, secret);
  return { key, vault, publicPem };
}

/** Offers to back up a new key at once, and to hand out its public half. */
export async function offerNextSteps({ key, vault, publicPem }: MadeKey, services: Services): Promise<void> {
  const message = `The key local:${key.name} is ready. Back it up now: without it, what is encrypted to it is lost.`;
  const buttons = publicPem === undefined ? [steps.backUp] : [steps.backUp, steps.add];
  const step = await window.showInformationMessage(message, ...buttons);
  if (step === steps.backUp) {
    await backUpAndGoOn({ key, vault, publicPem }, services);
  } else if (step === steps.add && publicPem !== undefined) {
    await addPublicKeyPem(publicPem, key.name, services);
  }
}

async function backUpAndGoOn({ key, vault, publicPem }: MadeKey, services: Services): Promise<void> {
  const done = await backUp(key, vault, services);
  if (publicPem === undefined) {
    if (done) void window.showInformationMessage(backedUp(key));
    return;
  }
  // One notification and not two: VS Code may leave out the second of two that come at once.
  const question = 'Add its public half to the repository, so that others can encrypt to it?';
  const next = await window.showInformationMessage(
    done ? `${backedUp(key)} ${question}` : question,
    steps.add,
  );
  if (next === steps.add) await addPublicKeyPem(publicPem, key.name, services);
}
