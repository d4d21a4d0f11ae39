import { createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clusterConnector } from '../../../src/cluster/connector.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { peekFile } from '../../../src/vscode/whole-file/peek-file.ts';
import { setFile } from '../../../src/vscode/whole-file/set-file.ts';
import { TokenHovers } from '../../../src/vscode/whole-file/token-hovers.ts';
import { TokenLenses } from '../../../src/vscode/whole-file/token-lenses.ts';
import { Editor } from '../../support/editor.ts';
import { answers, fakeDocument, messages, picks, webviews, workspace } from '../../support/fake-vscode.ts';
import { rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const kubeconfig = [
  'apiVersion: v1',
  'kind: Config',
  'current-context: prod',
  'contexts:',
  '- name: prod',
  '  context: {cluster: main, user: ci, namespace: web}',
  'clusters:',
  '- name: main',
  '  cluster: {server: "https://prod.example:6443", insecure-skip-tls-verify: true}',
  'users:',
  '- name: ci',
  '  user: {token: the-token-itself, as: <b>someone</b>}',
  '',
].join('\n');

let editor: Editor;
let services: Services;
let lenses: TokenLenses;

beforeEach(() => {
  editor = new Editor();
  editor.folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - path: "**/*.enc"\n    scheme: secretbox\n    keys: [local:dev]\n    whole: true\n',
  );
  const host = { env: {}, home: editor.folder.root, workspace: [] };
  const connector = async () => clusterConnector(host, {} as never);
  services = { ...editor.services, adding: { connector } as never };
  lenses = new TokenLenses(services.registry, services.policies);
});
afterEach(() => {
  lenses.dispose();
  editor.close();
});

const titles = async (document: unknown) =>
  (await lenses.provideCodeLenses(document as never)).map(({ command }) => command?.title);

async function sealed(text: string) {
  const document = await editor.open('prod.kubeconfig.enc', text);
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, services);
  return document;
}

it('offers to encrypt what policy wants sealed as a whole, and then to look at it', async () => {
  const document = await editor.open('prod.kubeconfig.enc', kubeconfig);
  expect(await titles(document)).toEqual(['$(lock) Encrypt File · secretbox local:dev']);
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, services);
  expect(document.getText()).toMatch(/^k8s:enc:secretbox:v1:dev:/);
  expect(await titles(document)).toEqual([
    '$(eye) Peek File · secretbox XSalsa20-Poly1305',
    '$(edit) Set File…',
  ]);
});

it('offers nothing above files that are neither', async () => {
  expect(await titles(await editor.open('notes.txt', 'gAAAAA is how tokens begin'))).toEqual([]);
  expect(await titles(await editor.open('empty.enc', ''))).toEqual([]);
});

it('tells on hover what the ciphertext is, to whom it is sealed and who opens it, and nowhere else', async () => {
  const document = await sealed(kubeconfig);
  const hovers = new TokenHovers(services, services.policies);
  const hoverAt = async (text: string, offset: number) => {
    const other = fakeDocument(text, document.uri.fsPath, 'plaintext');
    const hover = await hovers.provideHover(other as never, other.positionAt(offset) as never);
    return (hover?.contents as unknown as { value: string } | undefined)?.value.split('\n');
  };
  const token = document.getText();
  expect(await hoverAt(`\n${token}\n`, 5)).toEqual([
    expect.stringMatching(/^Secretbox, XSalsa20-Poly1305, \d+ B$/),
    'sealed to dev',
    'Your key local:dev opens it.',
  ]);
  expect(await hoverAt(`\n${token}\n`, 0)).toBeUndefined();
  expect(await hoverAt(kubeconfig, 5)).toBeUndefined();
});

it('shows where a kubeconfig leads, and no credential', async () => {
  const document = await sealed(kubeconfig);
  await peekFile({ uri: document.uri.toString(), offset: 0 }, services);
  const [page = ''] = webviews.slice(-1).map(({ webview }) => webview.html);
  expect(page).toContain('<td>prod (current)</td><td>main</td><td>ci</td><td>web</td>');
  expect(page).toContain('<td>https://prod.example:6443</td><td>its certificate is not checked</td>');
  expect(page).toContain('<td>token, acting as &lt;b&gt;someone&lt;/b&gt;</td><td>••••••••</td>');
  expect(page).not.toContain('the-token-itself');
  expect(page).toContain("default-src 'none'");
  expect(document.getText()).toMatch(/^k8s:enc:/);
});

it('shows anything else as one masked row', async () => {
  const document = await sealed('the database password');
  await peekFile(document.uri, services);
  const [row] = picks.at(-1)?.itemsAtFirst ?? [];
  expect(row).toMatchObject({ label: '$(key) prod.kubeconfig.enc', description: '••••••••' });
  expect(JSON.stringify(row)).not.toContain('database password');
});

it('sets the content without it reaching the document', async () => {
  const document = await sealed(kubeconfig);
  const before = document.getText();
  answers.push('another secret');
  await setFile({ uri: document.uri.toString(), offset: 0 }, services);
  expect(document.getText()).toMatch(/^k8s:enc:secretbox:v1:dev:/);
  expect(document.getText()).not.toBe(before);
  expect(document.getText()).not.toContain('another');
});

it('replaces no manifest that is not one ciphertext, and fills an empty file', async () => {
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - {path: "**", scheme: secretbox, keys: [local:dev]}\n',
  );
  const manifest = await editor.open('a.yaml', secretYaml('main', { password: 'velvet-anchor' }));
  const before = manifest.getText();
  await expect(setFile(manifest.uri, services)).rejects.toMatchObject({ code: 'entry.not-encrypted' });
  expect(manifest.getText()).toBe(before);
  const empty = await editor.open('b.enc', '');
  answers.push('a new secret');
  await setFile({ uri: empty.uri.toString(), offset: 0 }, services);
  expect(empty.getText()).toMatch(/^k8s:enc:/);
});

it('warns of a file that is sealed with RSA-OAEP and SHA-1', async () => {
  const pair = rsaPair();
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  const token = await new CompactEncrypt(Buffer.from('the database password'))
    .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })
    .encrypt(createPublicKey(pair.publicPem));
  const document = await editor.open('old.enc', token);
  await peekFile(document.uri, services);
  expect(messages.at(-1)).toBe(
    'This file is sealed with RSA-OAEP (SHA-1), which is out of date: use Seal Again.',
  );
});

it('opens nothing in Restricted Mode, and nothing that is no ciphertext', async () => {
  const document = await editor.open('a.enc', 'plain');
  await expect(peekFile(document.uri, services)).rejects.toMatchObject({ code: 'entry.not-encrypted' });
  workspace.isTrusted = false;
  await expect(peekFile(document.uri, services)).rejects.toMatchObject({ code: 'workspace.untrusted' });
});
