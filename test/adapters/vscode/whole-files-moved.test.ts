import { createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeContent, rotationContent } from '../../../src/vscode/at-rest/rotation-content.ts';
import { decryptSecret } from '../../../src/vscode/decrypt-commands.ts';
import { Editor } from '../../support/editor.ts';
import { answers, questions, Uri } from '../../support/fake-vscode.ts';
import { rsaPair } from '../../support/workspace.ts';

const pair = rsaPair();
const asked = {
  plaintext: 'Decrypt this value into the file?',
  moved: 'A ciphertext here was made for prod/db#password.',
};

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
});
afterEach(() => editor.close());

/** A file that is nothing but one JWE, made for `boundTo` or for nothing in particular. */
async function fileOf(content: string, boundTo?: string) {
  const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM' };
  const bound = boundTo === undefined ? {} : { purser: { for: boundTo } };
  const token = await new CompactEncrypt(Buffer.from(content))
    .setProtectedHeader({ ...header, ...bound })
    .encrypt(createPublicKey(pair.publicPem));
  return editor.open('notes.enc', `${token}\n`);
}

const decrypt = async (document: Awaited<ReturnType<typeof fileOf>>) => {
  await decryptSecret({ uri: document.uri.toString(), offset: 0 }, editor.services);
  return questions.map(({ message }) => message);
};

it('asks before it decrypts a file whose ciphertext was made for a value, and leaves it unless that is wanted', async () => {
  const document = await fileOf('the database password', 'prod/db#password');
  const before = document.getText();
  answers.push('Decrypt', undefined);
  expect(await decrypt(document)).toEqual([asked.plaintext, asked.moved]);
  expect(document.getText()).toBe(before);
  answers.push('Decrypt', 'Open All the Same');
  await decrypt(document);
  expect(document.getText()).toBe('the database password');
});

it('does not ask of a file that was sealed as one', async () => {
  const document = await fileOf('notes');
  answers.push('Decrypt');
  expect(await decrypt(document)).toEqual([asked.plaintext]);
  expect(document.getText()).toBe('notes');
});

it('takes no ciphertext of a value for the EncryptionConfiguration that keys are rotated in', async () => {
  const document = await fileOf('kind: EncryptionConfiguration\n', 'prod/db#password');
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - {path: "*.enc", scheme: jwe, keys: [local:prod], whole: true}\n',
  );
  const uri = Uri.file(document.uri.fsPath) as never;
  const moved = { code: 'entry.moved', details: { boundTo: 'prod/db#password', standsAt: 'notes.enc' } };
  await expect(rotationContent(uri, editor.services)).rejects.toMatchObject(moved);
  const change = () => ({ span: { start: 0, end: 0 }, text: '# ' });
  await expect(changeContent(uri, change, editor.services)).rejects.toMatchObject(moved);
});
