import { commands, FileType, l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { HowToSealDocuments, HowToSealValues } from '../app/how-to-seal.ts';
import { schemeOfExtension } from '../app/key-extensions.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { Failure } from '../core/errors.ts';
import { type KeyReference, readKeyReference } from '../policy/key-reference.ts';
import { isDocumentScheme } from '../schemes/document-scheme.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { dayOf } from './clusters/row-words.ts';
import type { Services } from './services.ts';
import { offerRule } from './write-rule.ts';

/** What policy says, else what the person picked: single values with one key, or whole documents. */
export type PickedKey = HowToSealValues | (HowToSealDocuments & { readonly keys: readonly KeyReference[] });

interface KeyItem extends QuickPickItem {
  readonly scheme?: SchemeId;
  readonly ref?: string;
  readonly command?: string;
}

/** Where no policy decides: offers the keys of the repository and the person's own, then to write the rule. */
export async function pickSealingKey(
  answer: PolicyAnswer,
  uri: Uri,
  services: Services,
  oldScheme: SchemeId | undefined,
): Promise<PickedKey | undefined> {
  const items = (await keyItems(answer, services)).filter(
    ({ scheme }) => oldScheme === undefined || scheme === oldScheme,
  );
  const others: KeyItem[] = [
    { label: `$(add) ${l10n.t('Create Key…')}`, command: 'purser.createKey' },
    { label: `$(repo-push) ${l10n.t('Add Public Key to Repository…')}`, command: 'purser.addPublicKey' },
  ];
  const placeHolder = l10n.t('No rule says how to encrypt this file. Which key should it be?');
  const picked = await window.showQuickPick([...items, ...others], { placeHolder, matchOnDescription: true });
  if (picked?.command !== undefined) {
    await commands.executeCommand(picked.command);
    return undefined;
  }
  if (picked?.scheme === undefined || picked.ref === undefined) return undefined;
  const reference = readKeyReference(picked.ref);
  if (uri.scheme === 'file')
    await offerRule(answer, uri, { scheme: picked.scheme, ref: picked.ref }, services);
  if (isDocumentScheme(picked.scheme)) return { unit: 'document', scheme: picked.scheme, keys: [reference] };
  const site = { base: answer.base, root: answer.root };
  return { unit: 'value', scheme: picked.scheme, reference, site, named: false, whole: false };
}

async function keyItems(answer: PolicyAnswer, services: Services): Promise<readonly KeyItem[]> {
  const own = (await services.vaults.kept()).flatMap(({ key, vault }): KeyItem[] => {
    const scheme = schemeOfExtension(key.extension);
    if (scheme === undefined || isDocumentScheme(scheme)) return [];
    return [
      {
        label: `$(key) local:${key.name}`,
        description: `${scheme} · ${vault.title}`,
        scheme,
        ref: `local:${key.name}`,
      },
    ];
  });
  return [
    ...(await repositoryItems(answer, services)),
    ...(await certificateItems(answer, services)),
    ...own,
  ];
}

/** Certificates of Sealed Secrets controllers. */
async function certificateItems(answer: PolicyAnswer, services: Services): Promise<readonly KeyItem[]> {
  const found = await filesIn('certs', answer);
  if (found.length === 0) return [];
  const { readSealingCertificate } = await import('../crypto/x509.ts');
  const items: KeyItem[] = [];
  for (const uri of found) {
    const path = services.files.relative(answer.base, uri.fsPath);
    try {
      const { fingerprint, validTo } = readSealingCertificate(await services.files.read(uri.fsPath), path);
      items.push({
        label: `$(repo) ${nameOf(uri)}`,
        description: `sealed-secrets · ${l10n.t('valid to {0}', dayOf(validTo))}`,
        detail: fingerprint,
        scheme: 'sealed-secrets',
        ref: path,
      });
    } catch (error) {
      // A file that is no certificate is not offered.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return items;
}

async function filesIn(folder: 'keys' | 'certs', { root }: PolicyAnswer): Promise<readonly Uri[]> {
  const uri = Uri.joinPath(Uri.file(root), '.purser', folder);
  const entries = await workspace.fs.readDirectory(uri).then(undefined, () => []);
  return entries.filter(([, type]) => type === FileType.File).map(([name]) => Uri.joinPath(uri, name));
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function repositoryItems(answer: PolicyAnswer, services: Services): Promise<readonly KeyItem[]> {
  const files = await filesIn('keys', answer);
  const crypto = await services.registry.byId('jwe').load();
  const items: KeyItem[] = [];
  for (const uri of files) {
    const path = services.files.relative(answer.base, uri.fsPath);
    const ref = readKeyReference(path);
    try {
      const facts = crypto.inspect(
        await services.keys.resolve(ref, 'jwe', { base: answer.base, root: answer.root }),
      );
      if (facts.kind !== 'public') continue;
      items.push({
        label: `$(repo) ${nameOf(uri)}`,
        description: `jwe · ${facts.description}`,
        detail: facts.fingerprint ?? '',
        scheme: 'jwe',
        ref: path,
      });
    } catch (error) {
      // A file that is no key is not offered.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return items;
}
