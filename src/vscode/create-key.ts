import { l10n, type QuickPickItem, window } from 'vscode';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import type { ValueSchemeId } from '../schemes/scheme.ts';
import { addAgeRecipient } from './add-age-recipient.ts';
import { addPublicKeyPem } from './add-public-key.ts';
import { askKeyName, pickVault } from './ask-key.ts';
import { backedUp, backUp } from './keep-keys.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

function kinds(): readonly (QuickPickItem & { readonly scheme: ValueSchemeId | 'age' })[] {
  return [
    {
      label: 'JWE',
      description: 'RSA 4096',
      detail: l10n.t(
        'The public half goes into the repository; only whoever has the private half can decrypt.',
      ),
      scheme: 'jwe',
    },
    {
      label: 'Fernet',
      description: l10n.t('256 bits'),
      detail: l10n.t('Whoever encrypts can decrypt. For flux-orchestrator kubeconfigs and Python pipelines.'),
      scheme: 'fernet',
    },
    {
      label: 'Secretbox',
      description: l10n.t('256 bits, named'),
      detail: l10n.t('Whoever encrypts can decrypt. The format of kube-apiserver and KKP.'),
      scheme: 'secretbox',
    },
    {
      label: 'age',
      description: 'X25519',
      detail: l10n.t(
        'For SOPS. The public half goes into .sops.yaml; only whoever has the private half can decrypt.',
      ),
      scheme: 'age',
    },
  ];
}

function steps() {
  return { backup: l10n.t('Back Up Key…'), add: l10n.t('Add Public Key to Repository…') };
}

/** Create Key: makes and keeps a key, and offers its backup at once. */
export async function createKey(services: Services): Promise<void> {
  const kind = await window.showQuickPick(kinds(), { placeHolder: l10n.t('What is the key for?') });
  if (kind === undefined) return;
  const made = await (kind.scheme === 'age' ? makeAgeKey(services) : makeKey(kind.scheme, services));
  if (made !== undefined) await offerNextSteps(made, services);
}

/** A key that was just made, and where it is kept. */
interface MadeKey {
  readonly key: KeptKey;
  readonly vault: KeyVault;
  /** Puts its public half into the repository, where there is one. */
  readonly addPublicHalf: (() => Promise<void>) | undefined;
}

/** Makes and keeps a key. Undefined where the person gave up. */
export async function makeKey(scheme: ValueSchemeId, services: Services): Promise<MadeKey | undefined> {
  const place = await askPlace(services);
  if (place === undefined) return undefined;
  const { name, vault } = place;
  const crypto = await services.registry.byId(scheme).load();
  const { secret, publicPem, extension } = await withProgress(l10n.t('Making the key'), () =>
    crypto.generate(),
  );
  const key = { name, extension };
  await vault.save(key, secret);
  services.keysView.refresh();
  const addPublicHalf =
    publicPem === undefined ? undefined : () => addPublicKeyPem(publicPem, name, services);
  return { key, vault, addPublicHalf };
}

async function makeAgeKey(services: Services): Promise<MadeKey | undefined> {
  const place = await askPlace(services);
  if (place === undefined) return undefined;
  const { name, vault } = place;
  const { generateAgeKey } = await import('../crypto/age/keygen.ts');
  const { keyFile, recipient } = await generateAgeKey(new Date());
  const key = { name, extension: 'age' };
  await vault.save(key, keyFile);
  services.keysView.refresh();
  return { key, vault, addPublicHalf: () => addAgeRecipient(recipient, services) };
}

/** Undefined where the person gave up. */
async function askPlace(
  services: Services,
): Promise<{ readonly name: string; readonly vault: KeyVault } | undefined> {
  const name = await askKeyName(l10n.t('Name of the new key'));
  const vault = name === undefined ? undefined : await pickVault(services);
  return name === undefined || vault === undefined ? undefined : { name, vault };
}

/** Offers to back up a new key at once, and to hand out its public half. */
export async function offerNextSteps(made: MadeKey, services: Services): Promise<void> {
  const { key, addPublicHalf } = made;
  const message = l10n.t(
    'The key local:{0} is ready. Back it up now: without it, what is encrypted to it is lost.',
    key.name,
  );
  const { backup, add } = steps();
  const buttons = addPublicHalf === undefined ? [backup] : [backup, add];
  const step = await window.showInformationMessage(message, ...buttons);
  if (step === backup) {
    await backUpAndGoOn(made, services);
  } else if (step === add) {
    await addPublicHalf?.();
  }
}

async function backUpAndGoOn({ key, vault, addPublicHalf }: MadeKey, services: Services): Promise<void> {
  const done = await backUp(key, vault, services);
  if (addPublicHalf === undefined) {
    if (done) void window.showInformationMessage(backedUp(key));
    return;
  }
  // One notification and not two: VS Code may leave out the second of two that come at once.
  const question = l10n.t('Add its public half to the repository, so that others can encrypt to it?');
  const { add } = steps();
  const next = await window.showInformationMessage(done ? `${backedUp(key)} ${question}` : question, add);
  if (next === add) await addPublicHalf();
}
