import { l10n, type TextDocument, window } from 'vscode';
import { type EncryptChoice, entriesToSeal, planEncrypt } from '../app/encrypt.ts';
import { valuesIn } from '../app/history/sealed-values.ts';
import { ManifestText } from '../app/manifest-text.ts';
import { sealWhole, wholeFileToSeal } from '../app/whole-file.ts';
import { Failure } from '../core/errors.ts';
import { entryName, type Located } from '../manifest/address.ts';
import { textOf } from '../manifest/file-text.ts';
import { applyEdits } from './apply-edits.ts';
import { documentSchemeOf, statedDocumentScheme } from './document-file.ts';
import { withProgress } from './progress.ts';
import { sealDocument } from './seal-document.ts';
import { howToSealIn, tellEncrypted, valueKey } from './sealing.ts';
import type { Services } from './services.ts';
import { entryAt, requireExpected, secretAt, type Target, targetOf } from './targets.ts';
import { warnOfPast } from './warn-of-past.ts';
import { wholeSource } from './whole-source.ts';

/** Encrypt Value: the one under the cursor, whatever the judge says of it. */
export async function encryptValue(argument: unknown, services: Services): Promise<void> {
  await encryptSome(argument, services, (manifest, { offset }) => {
    const located = entryAt(manifest.manifest, offset);
    if (located === undefined) throw new Failure('entry.none-at-cursor', {});
    requireExpected(argument, entryName(located.entry));
    return { which: 'these', among: [located] };
  });
}

/** Encrypt Secret: what needs it in the Secret under the cursor. */
export async function encryptSecret(argument: unknown, services: Services): Promise<void> {
  await encryptSome(argument, services, (manifest, target) => ({
    which: 'plaintext',
    among: entriesOfSecret(manifest, target),
  }));
}

/** Encrypt All Values: every literal in the Secret under the cursor. */
export async function encryptAllValues(argument: unknown, services: Services): Promise<void> {
  await encryptSome(argument, services, (manifest, target) => ({
    which: 'all-literals',
    among: entriesOfSecret(manifest, target),
  }));
}

/** Encrypt File: what needs it in every Secret, or the file as a whole where policy says so. */
export async function encryptFile(argument: unknown, services: Services): Promise<void> {
  await encryptFileOrDocument(argument, services);
}

/** As `encryptFile`. Whether the file on disk is encrypted, rather than its document. */
export async function encryptFileOrDocument(argument: unknown, services: Services): Promise<boolean> {
  const target = await targetOf(argument);
  if (target === undefined) return false;
  const answer = await services.policies.find(target.document.uri);
  const scheme = documentSchemeOf(answer);
  if (scheme === undefined && answer?.rule?.whole === true) return encryptWhole(target.document, services);
  if (scheme !== undefined) await sealDocument(target.document, { scheme, offset: undefined }, services);
  else
    await encryptSome(argument, services, (manifest) => ({ which: 'plaintext', among: manifest.entries() }));
  return false;
}

type Choose = (manifest: ManifestText, target: Target) => EncryptChoice;

async function encryptSome(argument: unknown, services: Services, choose: Choose): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const { version } = document;
  const stated = await statedDocumentScheme(document, services);
  if (stated !== undefined) return sealDocument(document, { scheme: stated, offset }, services);
  const manifest = new ManifestText(services.manifests.examine(document).manifest);
  const choice = choose(manifest, target);
  if (entriesToSeal(choice, services.registry).length === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to encrypt here.'));
    return;
  }
  const how = await howToSealIn(document.uri, services);
  if (how === undefined) return;
  if (how.unit === 'document') return sealDocument(document, { ...how, offset }, services);
  const key = await valueKey(how, services);
  const plan = await withProgress(l10n.t('Encrypting'), (signal) =>
    planEncrypt(manifest, choice, key, services.registry, signal),
  );
  await applyEdits(document, version, plan.edits);
  tellEncrypted(plan.sealed, plan.verification === 'opened');
  warnOfPast(document.uri, valuesIn(manifest.text, plan.edits), services);
}

function entriesOfSecret(manifest: ManifestText, { offset }: Target): readonly Located[] {
  const secret = secretAt(manifest.manifest, offset);
  if (secret === undefined) throw new Failure('manifest.no-entries', {});
  return secret.entries.map((entry) => ({ object: secret, entry }));
}

async function encryptWhole(document: TextDocument, services: Services): Promise<boolean> {
  const source = await wholeSource(document.uri, document, services.files);
  // What is on disk may be newer than what the editor shows.
  const text = textOf(source.content.expose()) ?? document.getText();
  const state = wholeFileToSeal(text, services.registry);
  if (state !== 'plaintext') {
    const why =
      state === 'token'
        ? l10n.t('This file is encrypted already.')
        : l10n.t('There is nothing to encrypt here.');
    void window.showInformationMessage(why);
    return false;
  }
  const how = await howToSealIn(document.uri, services);
  if (how?.unit !== 'value') return false;
  const { token, verification } = await sealWhole(source.content, await valueKey(how, services));
  const isOnDisk = await source.write(token);
  tellEncrypted(1, verification === 'opened');
  warnOfPast(document.uri, [{ name: l10n.t('This file'), plaintext: source.content }], services);
  return isOnDisk;
}
