import { createPrivateKey, createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPublicKey } from '../../../src/vscode/add-public-key.ts';
import { decryptValue } from '../../../src/vscode/decrypt-commands.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import { Hovers } from '../../../src/vscode/hovers.ts';
import { importKey } from '../../../src/vscode/import-key.ts';
import { forgetKey } from '../../../src/vscode/keep-keys.ts';
import { copyValue } from '../../../src/vscode/peek.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  env,
  inputBoxes,
  messages,
  prompts,
  questions,
  workspace,
} from '../../support/fake-vscode.ts';
import { rsaPair, secretYaml } from '../../support/workspace.ts';

const rsa = rsaPair();
const lockedPem = createPrivateKey(rsa.privatePem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'swordfish' })
  .toString();
const passwordJwk = JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW', kid: 'team' });
const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });
const rule = (key: string) =>
  `version: 1\nrules:\n  - path: "**"\n    scheme: jwe\n    keys: [${key}]\n    opened-by: pipeline\n`;

let editor: Editor;
beforeEach(() => (editor = new Editor()));
afterEach(() => editor.close());

const sealed = (header: { alg: string }, key: Parameters<CompactEncrypt['encrypt']>[0]) =>
  new CompactEncrypt(Buffer.from('hunter2')).setProtectedHeader({ enc: 'A256GCM', ...header }).encrypt(key);
const at = (document: { uri: { toString(): string }; getText(): string }) => ({
  uri: document.uri.toString(),
  offset: document.getText().indexOf('password:'),
});

it('asks for the passphrase of a key when it is first needed, and not again', async () => {
  editor.folder.write('keys/prod.pem', lockedPem, 0o600);
  const token = await sealed({ alg: 'RSA-OAEP-256' }, createPublicKey(rsa.publicPem));
  const document = await editor.open('a.yaml', secretYaml('main', { password: token }));
  answers.push('swordfish');
  await copyValue(at(document), editor.services);
  expect(env.clipboard.text).toBe('hunter2');
  env.clipboard.text = '';
  await copyValue(at(document), editor.services);
  expect(env.clipboard.text).toBe('hunter2');
  expect(answers).toEqual([]);
});

it('says in one sentence that it was another passphrase', async () => {
  editor.folder.write('keys/prod.pem', lockedPem, 0o600);
  const token = await sealed({ alg: 'RSA-OAEP-256' }, createPublicKey(rsa.publicPem));
  const document = await editor.open('a.yaml', secretYaml('main', { password: token }));
  for (const [answer, given] of [
    ['Swordfish', true],
    [undefined, false],
  ] as const) {
    answers.push(answer);
    await expect(copyValue(at(document), editor.services)).rejects.toMatchObject({
      code: 'key.locked',
      details: { ref: 'local:prod', given },
    });
  }
});

it('seals to a password that is typed twice, and opens with it', async () => {
  editor.folder.write('.purser.yaml', rule('local:team'));
  editor.folder.write('keys/team.jwk', passwordJwk);
  const document = await editor.open('a.yaml', clear);
  answers.push('correct horse', 'correct horse');
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services);
  expect(document.getText()).not.toContain('velvet');
  expect(prompts.at(-2)).toBe(
    'Password of local:team. It is kept in memory until this window is closed or reloaded.',
  );
  await copyValue(at(document), editor.services);
  expect(env.clipboard.text).toBe('velvet-anchor-1987-drumstick-fox');
});

it('changes nothing where the password is not typed twice the same', async () => {
  editor.folder.write('.purser.yaml', rule('local:team'));
  editor.folder.write('keys/team.jwk', passwordJwk);
  const document = await editor.open('a.yaml', clear);
  answers.push('correct horse', 'correct hors');
  await expect(
    encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services),
  ).rejects.toMatchObject({ code: 'key.password-mistyped' });
  expect(document.getText()).toBe(clear);
});

it('asks for a password that no file speaks of', async () => {
  const token = await sealed({ alg: 'PBES2-HS512+A256KW' }, Buffer.from('correct horse'));
  const document = await editor.open('a.yaml', secretYaml('main', { password: token }));
  answers.push('correct horse');
  await copyValue(at(document), editor.services);
  expect(env.clipboard.text).toBe('hunter2');
  expect(prompts.at(-1)).toBe('Password of values sealed with a password. It is kept nowhere.');
});

it('asks for nothing in Restricted Mode', async () => {
  editor.folder.write('keys/prod.pem', lockedPem, 0o600);
  editor.folder.write('.purser.yaml', rule('local:prod'));
  const document = await editor.open('a.yaml', clear);
  workspace.isTrusted = false;
  await expect(
    encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services),
  ).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(inputBoxes).toEqual([]);
});

it('imports a key under a passphrase as it is, once the passphrase fits', async () => {
  env.clipboard.text = lockedPem;
  answers.push('$(clippy) From the Clipboard', 'wrong');
  await expect(importKey(editor.services)).rejects.toMatchObject({ code: 'key.locked' });
  answers.length = 0;
  answers.push('$(clippy) From the Clipboard', 'swordfish', 'own', 'In the key folder');
  await importKey(editor.services);
  expect(editor.folder.text('keys/own.pem')).toBe(lockedPem);
  expect(editor.folder.mode('keys/own.pem')).toBe(0o600);
});

it('forgets a key under a passphrase only when its name is typed, where values are sealed to it', async () => {
  editor.folder.write('keys/own.pem', lockedPem, 0o600);
  editor.folder.write('.purser.yaml', rule('local:own'));
  const document = await editor.open('a.yaml', clear);
  answers.push('swordfish');
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services);
  await document.save();
  answers.push('$(key) own', 'no');
  await forgetKey(undefined, editor.services);
  expect(editor.folder.exists('keys/own.pem')).toBe(true);
});

it.each([
  ['no passphrase', undefined],
  ['another passphrase', 'Swordfish'],
])('forgets a key with %s once its name is typed, and says what cannot be seen', async (_, passphrase) => {
  editor.folder.write('keys/own.pem', lockedPem, 0o600);
  answers.push('$(key) own', passphrase, 'own');
  await forgetKey(undefined, editor.services);
  expect(editor.folder.exists('keys/own.pem')).toBe(false);
  expect(prompts.at(-1)).toContain('Without its passphrase or password nothing tells');
});

it('forgets a key that leaves its password out without it, once its name is typed', async () => {
  editor.folder.write('keys/team.jwk', passwordJwk, 0o600);
  answers.push('$(key) team', undefined, 'team');
  await forgetKey(undefined, editor.services);
  expect(editor.folder.exists('keys/team.jwk')).toBe(false);
  expect(prompts.at(-1)).toContain('Without its passphrase or password nothing tells');
});

it('adds the public half of a key under a passphrase to the repository', async () => {
  env.clipboard.text = lockedPem;
  answers.push('$(clippy) From the Clipboard', 'swordfish', 'prod', '**', 'Add Key');
  await addPublicKey(editor.services);
  expect(editor.folder.text('.purser/keys/prod.pub.pem')).toBe(rsa.publicPem);
  expect(questions.at(-1)?.detail).toContain('RSA 2048');
});

it('warns of what is sealed with RSA-OAEP and SHA-1, when it is opened and in its hover', async () => {
  editor.folder.write('keys/prod.pem', rsa.privatePem, 0o600);
  const token = await sealed({ alg: 'RSA-OAEP' }, createPublicKey(rsa.publicPem));
  const document = await editor.open('a.yaml', secretYaml('main', { password: token }));
  const { manifests } = editor.services;
  const position = document.positionAt(document.getText().indexOf(token));
  const hovers = new Hovers(manifests, editor.services);
  const hover = await hovers.provideHover(document as never, position as never);
  expect(JSON.stringify(hover)).toContain('RSA-OAEP (SHA-1) is out of date');
  await copyValue(at(document), editor.services);
  expect(env.clipboard.text).toBe('hunter2');
  const warning = 'A value here is sealed with RSA-OAEP (SHA-1), which is out of date: use Seal Again.';
  expect([...messages, ...questions.map(({ message }) => message)]).toContain(warning);
  answers.push('Decrypt');
  await decryptValue(at(document), editor.services);
  expect(document.getText()).toContain('hunter2');
});
