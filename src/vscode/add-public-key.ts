import { Uri, window, workspace } from 'vscode';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { askKeyName } from './ask-key.ts';
import { askKeySource } from './key-source.ts';
import type { Services } from './services.ts';
import { writeRule } from './write-rule.ts';

/** Add Public Key to Repository: PEM, DER, X.509 or JWK, written as SPKI PEM with a pinned rule. */
export async function addPublicKey(services: Services): Promise<void> {
  const source = await askKeySource('Where is the public key or certificate?', services);
  if (source !== undefined) await add(source.bytes, source.ref, undefined, services);
}

/** The same for a public half that is at hand. */
export async function addPublicKeyPem(pem: string, name: string, services: Services): Promise<void> {
  await add(Plaintext.fromText(pem), `local:${name}`, name, services);
}

async function add(
  bytes: Plaintext,
  ref: string,
  suggested: string | undefined,
  services: Services,
): Promise<void> {
  const crypto = await services.registry.byId('jwe').load();
  const { publicPem, fingerprint, description } = crypto.inspect({ ref, name: undefined, bytes });
  if (publicPem === undefined || fingerprint === undefined) {
    throw new Failure('key.unusable', {
      ref,
      reason: 'it is a symmetric key, which must not stand in a repository',
    });
  }
  const folder = await targetFolder();
  if (folder === undefined) return;
  const answer = await services.policies.require(Uri.joinPath(folder, '.purser.yaml'));
  const name = suggested ?? (await askKeyName('Name of the key file: .purser/keys/NAME.pub.pem'));
  const path = name === undefined ? undefined : await askGlob();
  if (name === undefined || path === undefined) return;
  if (!(await confirm(name, path, description, fingerprint))) return;
  const keyFolder = services.files.join(answer.root, '.purser/keys');
  const file = services.files.join(keyFolder, `${name}.pub.pem`);
  await services.files.makeFolder(keyFolder);
  await services.files.create(file, new TextEncoder().encode(publicPem), 0o644);
  const relative = services.files.relative(answer.base, file);
  await writeRule(answer, path, { scheme: 'jwe', ref: `${relative}#${fingerprint}` }, services);
  void window.showInformationMessage(
    `${relative} is in the repository, and .purser.yaml pins it for ${path}.`,
  );
}

async function targetFolder(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0]?.uri;
  return (await window.showWorkspaceFolderPick())?.uri;
}

function askGlob(): Thenable<string | undefined> {
  const document = window.activeTextEditor?.document;
  const relative = document === undefined ? '' : workspace.asRelativePath(document.uri, false);
  const folder = relative.includes('/') ? `${relative.slice(0, relative.lastIndexOf('/'))}/**` : '**';
  const prompt = 'Which files are to be encrypted to it? A glob relative to .purser.yaml.';
  return window.showInputBox({
    prompt,
    value: folder,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? 'A glob is required.' : ''),
  });
}

async function confirm(
  name: string,
  path: string,
  description: string,
  fingerprint: string,
): Promise<boolean> {
  const action = 'Add Key';
  const detail = `${description}\n${fingerprint}\n\nFiles: ${shown(path)}\n\nCompare the fingerprint with its owner's before you add it.`;
  return (
    (await window.showInformationMessage(
      `Add ${name}.pub.pem to the repository?`,
      { modal: true, detail },
      action,
    )) === action
  );
}
