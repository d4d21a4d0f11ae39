import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { History } from '../../../src/app/ports.ts';
import { encryptAllFindings } from '../../../src/vscode/bulk-encrypt.ts';
import { encryptFile, encryptSecret } from '../../../src/vscode/encrypt-commands.ts';
import { setValue } from '../../../src/vscode/set-value.ts';
import { setFile } from '../../../src/vscode/whole-file/set-file.ts';
import { Editor } from '../../support/editor.ts';
import { answers, messages, workspace } from '../../support/fake-vscode.ts';
import { onePlaintext } from '../../support/file-findings.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const value = 'velvet-anchor-1987-drumstick-fox';
const clear = secretYaml('main', { password: value, token: 'never-there-canary-4711' });
let editor: Editor;
let searches: Promise<unknown>[];

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd: editor.folder.root,
    encoding: 'utf8',
  }).trim();

beforeEach(() => {
  editor = new Editor();
  searches = [];
  const { history } = editor.services;
  const find: History['find'] = (...asked) => {
    const search = history.find(...asked);
    searches.push(search);
    return search;
  };
  Object.assign(editor.services, { history: { find } });
  git('init', '-q');
  editor.folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  editor.folder.write('.gitignore', 'keys\n');
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - {path: "*.yaml", scheme: secretbox, keys: [local:dev]}\n  - {path: "*.enc", scheme: secretbox, keys: [local:dev], whole: true}\n',
  );
});
afterEach(() => {
  editor.close();
  workspace.isTrusted = true;
});

function commit(path: string, text: string): string {
  editor.folder.write(path, text);
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'a commit');
  return git('rev-parse', '--short', 'HEAD');
}

/** Waits for the searches that have begun; nothing else does. */
async function searched(): Promise<number> {
  await Promise.all(searches);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return searches.length;
}

const at = (document: Awaited<ReturnType<Editor['open']>>, text = 'stringData') => ({
  uri: document.uri.toString(),
  offset: document.getText().indexOf(text),
});
const stands = (first: string) =>
  expect.stringContaining(`stringData.password stands in plaintext in commit ${first}: change the value`);

it('warns after Encrypt Secret of a value that was committed, without its text', async () => {
  const first = commit('a.yaml', clear);
  const document = await editor.open('a.yaml', clear.replace('never-there-canary-4711', 'new-canary-4712'));
  await encryptSecret(at(document), editor.services);
  expect(document.getText()).toContain('k8s:enc:secretbox:v1:dev:');
  expect(messages).toEqual([]);
  expect(await searched()).toBe(1);
  expect(messages).toEqual([stands(first)]);
  expect(messages.join()).not.toContain('velvet');
});

it('warns after a value was set, a whole file was encrypted, and SOPS has encrypted', async () => {
  const first = commit('old.yaml', clear);
  const document = await editor.open('a.yaml', secretYaml('main', { password: 'another-canary-1' }));
  answers.push(value);
  await setValue(at(document, 'password'), editor.services);
  await searched();
  expect(messages).toEqual([stands(first)]);
  commit('b.enc', 'token: velvet-anchor-1987-drumstick\n');
  await encryptFile(
    at(await editor.open('b.enc', 'token: velvet-anchor-1987-drumstick\n'), 'token'),
    editor.services,
  );
  await searched();
  expect(messages.at(-1)).toMatch(/^This file stands in plaintext/);
  const emptied = await editor.open('c.enc', '');
  answers.push('token: velvet-anchor-1987-drumstick\n');
  await setFile({ uri: emptied.uri.toString(), offset: 0 }, editor.services);
  expect(await searched()).toBe(3);
  expect(messages.at(-1)).toMatch(/^This file stands in plaintext/);
  const recipient = await editor.ownAgeKey();
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n    encrypted_regex: ^db$\n`);
  editor.folder.write('.purser.yaml', 'version: 1\nrules: [{path: "**", scheme: sops}]\n');
  editor.services.policies.refresh();
  const values = await editor.open('values.yaml', `name: main-canary-4711\ndb:\n  - ${value}\n`);
  await encryptFile(at(values, 'db'), editor.services);
  await searched();
  expect(values.getText()).toContain('ENC[AES256_GCM');
  expect(messages.at(-1)).toMatch(/^db\[0\] stands in plaintext/);
});

it('warns once after Encrypt All Findings', async () => {
  commit('a.yaml', clear);
  commit('b.yaml', clear);
  editor.services.findings.setOnDisk(
    ['a.yaml', 'b.yaml'].map((path) => onePlaintext(editor.folder.path(path))),
  );
  await encryptAllFindings(editor.services);
  expect(await searched()).toBe(1);
  expect(messages[1]).toMatch(
    /^stringData\.password and stringData\.token stand in plaintext in 2 commits since/,
  );
});

it('says nothing where only ciphertext was committed, and looks for no ciphertext', async () => {
  const document = await editor.open('a.yaml', clear);
  await encryptSecret(at(document), editor.services);
  await searched();
  commit('a.yaml', document.getText());
  answers.push(value);
  await setValue(at(document, 'password'), editor.services);
  expect(await searched()).toBe(2);
  expect(messages).toEqual([]);
});

it('runs nothing in Restricted Mode, and writes to the log why git would not', async () => {
  commit('a.yaml', clear);
  workspace.isTrusted = false;
  const document = await editor.open('a.yaml', clear);
  await encryptSecret(at(document), editor.services);
  expect(await searched()).toBe(0);
  workspace.isTrusted = true;
  git('config', 'core.repositoryformatversion', '99');
  answers.push(value);
  await setValue(at(document, 'password'), editor.services);
  await Promise.allSettled(searches);
  await expect
    .poll(() => editor.logged)
    .toEqual([expect.stringMatching(/^The history was not looked through: Expected git/)]);
  expect(messages).toEqual([]);
});
