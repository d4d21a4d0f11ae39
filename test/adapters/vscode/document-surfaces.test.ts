import { afterEach, beforeEach, expect, it } from 'vitest';
import { encryptAllFindings } from '../../../src/vscode/bulk-encrypt.ts';
import { findingsOfDocument } from '../../../src/vscode/document-findings.ts';
import { encryptFile, encryptSecret } from '../../../src/vscode/encrypt-commands.ts';
import { Hovers } from '../../../src/vscode/hovers.ts';
import { Lenses } from '../../../src/vscode/lenses.ts';
import { rangeOf } from '../../../src/vscode/positions.ts';
import { QuickFixes } from '../../../src/vscode/quick-fixes.ts';
import { Editor } from '../../support/editor.ts';
import { configure, messages, picks, Uri, workspace } from '../../support/fake-vscode.ts';
import { onePlaintext } from '../../support/file-findings.ts';
import { sealedTo } from '../../support/sealed-to.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const clear = secretYaml('main', { user: 'ann', password: 'velvet-anchor-1987-drumstick-fox' });
const sealedSecret = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: main
  namespace: db
spec:
  encryptedData:
    password: ${Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(300, 7)]).toString('base64')}
`;
const recipients = [
  'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
  'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg',
];

/** With values as they could be. */
function sopsFile(groups: readonly (readonly string[])[], threshold?: number): string {
  const [iv, tag] = [32, 16].map((length) => Buffer.alloc(length, 7).toString('base64'));
  return sealedTo(groups, threshold).replaceAll('iv:AAAA,tag:AAAA', `iv:${iv},tag:${tag}`);
}

let editor: Editor;
beforeEach(() => (editor = new Editor()));
afterEach(() => editor.close());

type Document = Awaited<ReturnType<Editor['open']>>;

async function lensesOf(document: Document) {
  const lenses = new Lenses(editor.services.manifests, editor.services.policies);
  const shown = await lenses.provideCodeLenses(document as never);
  lenses.dispose();
  return shown.map(({ command }) => command);
}

const titlesOf = async (document: Document) => (await lensesOf(document)).map((command) => command?.title);

function rules(text: string): void {
  editor.folder.write('.purser.yaml', `version: 1\nrules:\n  - ${text}\n`);
}

it('has lenses above a SOPS file and above each of its values', async () => {
  const document = await editor.open('db.yaml', sopsFile([recipients]));
  expect(await titlesOf(document)).toEqual([
    '$(eye) Peek 1 value · sops age (2 recipients)',
    '$(eye) Peek',
    '$(edit) Set…',
  ]);
  for (const command of await lensesOf(document))
    expect(Object.keys(command?.arguments?.[0] as object).toSorted()).toEqual(['offset', 'uri']);
});

it('says which kinds of keys open a file, and how many groups of them it takes', async () => {
  const groups = [recipients.slice(0, 1), ['pgp:0123456789ABCDEF0123456789ABCDEF01234567']];
  const [title] = await titlesOf(await editor.open('db.yaml', sopsFile(groups, 2)));
  expect(title).toBe('$(eye) Peek 1 value · sops age and PGP (2 recipients), 2 of 2 key groups open it');
});

it('has lenses above a SealedSecret that tell its scope', async () => {
  expect(await titlesOf(await editor.open('db.yaml', sealedSecret))).toEqual([
    '$(eye) Peek 1 value · sealed-secrets, strict scope',
    '$(eye) Peek',
    '$(edit) Set…',
  ]);
});

it('has lenses above the document alone where it holds many values', async () => {
  const line = /^ {4}password: .*\n/m.exec(sealedSecret)?.[0] ?? '';
  const many = Array.from({ length: 41 }, (_, index) => line.replace('password', `key${index}`)).join('');
  expect(await titlesOf(await editor.open('db.yaml', sealedSecret.replace(line, many)))).toEqual([
    '$(eye) Peek 41 values · sealed-secrets, strict scope',
  ]);
});

it('shows no lenses where they are switched off', async () => {
  configure('purser.codeLens.enabled', false);
  expect(await titlesOf(await editor.open('db.yaml', sealedSecret))).toEqual([]);
  configure('purser.codeLens.enabled', undefined);
});

it('offers to encrypt a file once that SOPS is to encrypt, whichever policy says so', async () => {
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipients[0]}\n`);
  const two = `${clear}---\n${clear}`;
  expect(await titlesOf(await editor.open('db.yaml', two))).toEqual(['$(lock) Encrypt file · sops']);
  rules('{path: "**", scheme: sops}');
  editor.services.policies.refresh();
  expect(await titlesOf(await editor.open('other.yaml', two))).toEqual(['$(lock) Encrypt file · sops']);
});

it('offers to seal each Secret that is to be a SealedSecret', async () => {
  rules('{path: "**", scheme: sealed-secrets, keys: [.purser/certs/prod.pem]}');
  expect(await titlesOf(await editor.open('db.yaml', `${clear}---\n${clear}`))).toEqual([
    '$(lock) Seal · sealed-secrets prod.pem',
    '$(lock) Seal · sealed-secrets prod.pem',
  ]);
});

async function hoverAt(document: Document, text: string, offset = 2): Promise<string> {
  const { manifests } = editor.services;
  const at = document.positionAt(document.getText().indexOf(text) + offset);
  const hovers = new Hovers(manifests, editor.services);
  const hover = await hovers.provideHover(document as never, at as never);
  return (hover?.contents as unknown as { value: string } | undefined)?.value ?? '';
}

it('tells on hover who can open a value and when the file was last changed, in escaped text', async () => {
  const document = await editor.open('db.yaml', sopsFile([recipients]));
  expect((await hoverAt(document, 'ENC[')).split('\n')).toEqual([
    'SOPS: stringData.password',
    'sealed to age1ql3z7hjy…mcac8p',
    'sealed to age1lggyhqrw…qvfafg',
    'last modified 2026-01-02T03:04:05Z',
    'In the cluster Flux opens it, where its Kustomization decrypts with one of these keys.',
  ]);
});

it('tells on hover which of your keys opens a value', async () => {
  const own = await editor.ownAgeKey('me');
  const document = await editor.open('db.yaml', sopsFile([[...recipients, own]]));
  expect(await hoverAt(document, 'ENC[')).toContain('Your key local:me opens it.');
});

it('tells on hover what opens a value on its way into the cluster, and looks at no key in Restricted Mode', async () => {
  editor.folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  rules('{path: "**", scheme: secretbox, keys: [local:dev], opened-by: webhook}');
  const document = await editor.open('db.yaml', secretYaml('main', { a: 'first-value' }));
  await encryptSecret({ uri: document.uri.toString(), offset: 20 }, editor.services);
  const lines = (await hoverAt(document, 'k8s:enc')).split('\n');
  expect(lines.slice(-2)).toEqual(['Your key local:dev opens it.', 'In the cluster a webhook opens it.']);
  workspace.isTrusted = false;
  expect((await hoverAt(document, 'k8s:enc')).split('\n')).toEqual(lines.toSpliced(-2, 1));
});

it('shortens the names of many and of long recipients', async () => {
  const many = Array.from({ length: 10 }, (_, index) => recipients[index % 2] ?? '');
  const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN ann@example';
  const document = await editor.open('db.yaml', sopsFile([[ssh, ...many]]));
  const lines = (await hoverAt(document, 'ENC[')).split('\n');
  expect(lines[1]).toBe('sealed to age ssh-ed25519 …UB+VHtZ6isGN');
  expect(lines).toContain('and to 3 more');
});

async function fixesOf(document: Document) {
  const { manifests } = editor.services;
  await manifests.policyOf(document as never);
  const { findings } = manifests.examine(document as never);
  const diagnostics = findings.map(({ rule, span }) => ({
    source: 'purser',
    range: rangeOf(document as never, span),
    code: { value: rule, target: Uri.file(`/docs/${rule}.md`) },
  }));
  return new QuickFixes(manifests).provideCodeActions(
    document as never,
    undefined as never,
    { diagnostics } as never,
  );
}

it('fixes plaintext as its scheme does: the file with SOPS, the Secret with Sealed Secrets', async () => {
  rules('{path: "**", scheme: sops}');
  const ofSops = await fixesOf(await editor.open('db.yaml', clear));
  expect(ofSops.map(({ title, isPreferred }) => [title, isPreferred])).toContainEqual([
    'Encrypt this file (sops)',
    true,
  ]);
  expect(ofSops.map(({ title }) => title)).not.toContain('Encrypt this value (sops)');
  rules('{path: "**", scheme: sealed-secrets, keys: [.purser/certs/prod.pem]}');
  editor.services.policies.refresh();
  const ofSealed = await fixesOf(await editor.open('other.yaml', clear));
  expect(ofSealed.map(({ title, command }) => [title, command?.command])).toContainEqual([
    'Seal this Secret (sealed-secrets)',
    'purser.encryptSecret',
  ]);
});

it('has what was left in the clear of an encrypted file set, and not the file encrypted once more', async () => {
  rules('{path: "**", scheme: sops}');
  const text = sopsFile([recipients]).replace(
    'stringData:',
    'stringData:\n    other: velvet-anchor-1987-drumstick-fox',
  );
  const fixes = await fixesOf(await editor.open('db.yaml', text));
  expect(fixes.map(({ title }) => title)).toContain('Set this value…');
  expect(fixes.map(({ title }) => title)).not.toContain('Encrypt this file (sops)');
});

it('counts a file with a sealed document as encrypted', async () => {
  for (const text of [sealedSecret, sopsFile([recipients])]) {
    const document = await editor.open('db.yaml', text);
    const examined = editor.services.manifests.examine(document as never);
    expect(findingsOfDocument(document as never, examined, new Map()).sealed).toBe(true);
  }
});

it('encrypts files as a whole with the rest of the findings, after one list', async () => {
  const recipient = await editor.ownAgeKey();
  editor.folder.write(
    '.sops.yaml',
    `creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    age: ${recipient}\n`,
  );
  editor.folder.write('a.yaml', clear);
  editor.folder.write('b.yaml', clear);
  editor.services.findings.setOnDisk(
    ['a.yaml', 'b.yaml'].map((path) => onePlaintext(editor.folder.path(path))),
  );
  await encryptAllFindings(editor.services);
  expect(picks.at(-1)?.items.map(({ label }) => label)).toEqual([
    'a.yaml · sops',
    'The whole file',
    'b.yaml · sops',
    'The whole file',
  ]);
  expect(messages).toEqual(['4 values in 2 files are encrypted.']);
  expect(editor.folder.text('b.yaml')).toContain('password: "ENC[AES256_GCM,');
});

it('writes nothing of any file where a recipient is declined', async () => {
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipients[0]}\n`);
  const document = await editor.open('db.yaml', clear);
  await expect(
    encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services),
  ).rejects.toMatchObject({ name: 'AbortError' });
  expect(document.getText()).toBe(clear);
});
