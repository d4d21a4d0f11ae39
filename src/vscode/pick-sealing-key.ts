import { commands, FileType, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { HowToSeal } from '../app/how-to-seal.ts';
import { schemeOfExtension } from '../app/key-extensions.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { Failure } from '../core/errors.ts';
import { readKeyReference } from '../policy/key-reference.ts';
import { type SchemeId } from '../schemes/scheme.ts';
import type { Services } from './services.ts';
import { offerRule } from './write-rule.ts';

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
): Promise<HowToSeal | undefined> {
  const items = (await keyItems(answer, services)).filter(
    ({ scheme }) => oldScheme === undefined || scheme === oldScheme,
  );
  const others: KeyItem[] = [
    { label: '$(add) Create Key…', command: 'purser.createKey' },
    { label: '$(repo-push) Add Public Key to Repository…', command: 'purser.addPublicKey' },
  ];
  const placeHolder = 'No rule says how to encrypt this file. Which key should it be?';
  const picked = await window.showQuickPick([...items, ...others], { placeHolder, matchOnDescription: true });
  if (picked?.command !== undefined) {
    await commands.executeCommand(picked.command);
    return undefined;
  }
  if (picked?.scheme === undefined || picked.ref === undefined) return undefined;
  const reference = readKeyReference(picked.ref);
  if (uri.scheme === 'file')
    await offerRule(answer, uri, { scheme: picked.scheme, ref: picked.ref }, services);
  return {
    scheme: picked.scheme,
    reference,
    site: { base: answer.base, root: answer.root },
    named: false,
    whole: false,
  };
}

async function keyItems(answer: PolicyAnswer, services: Services): Promise<readonly KeyItem[]> {
  const own = (await services.vaults.kept()).flatMap(({ key, vault }): KeyItem[] => {
    const scheme = schemeOfExtension(key.extension);
    if (scheme === undefined) return [];
    return [
      {
        label: `$(key) local:${key.name}`,
        description: `${scheme} · ${vault.title}`,
        scheme,
        ref: `local:${key.name}`,
      },
    ];
  });
  return [...(await repositoryItems(answer, services)), ...own];
}

async function repositoryItems(answer: PolicyAnswer, services: Services): Promise<readonly KeyItem[]> {
  const folder = Uri.joinPath(Uri.file(answer.root), '.purser', 'keys');
  const files = await workspace.fs.readDirectory(folder).then(undefined, () => []);
  const crypto = await services.registry.byId('jwe').load();
  const items: KeyItem[] = [];
  for (const [name, type] of files) {
    if (type !== FileType.File) continue;
    const path = services.files.relative(answer.base, Uri.joinPath(folder, name).fsPath);
    const ref = readKeyReference(path);
    try {
      const facts = crypto.inspect(
        await services.keys.resolve(ref, 'jwe', { base: answer.base, root: answer.root }),
      );
      if (facts.kind !== 'public') continue;
      items.push({
        label: `$(repo) ${name}`,
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
