import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { decryptSecret } from '../../../src/vscode/decrypt-commands.ts';
import { encryptFile, encryptSecret } from '../../../src/vscode/encrypt-commands.ts';
import { copyValue, peek } from '../../../src/vscode/peek.ts';
import { removeValue } from '../../../src/vscode/remove-value.ts';
import { rotateDataKey, updateRecipients } from '../../../src/vscode/renew-document.ts';
import { setValue } from '../../../src/vscode/set-value.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  env,
  inputBoxes,
  messages,
  picks,
  questions,
  statusMessages,
  workspace,
} from '../../support/fake-vscode.ts';

const clear = `# the database
apiVersion: v1
kind: Secret
metadata:
  name: main # by the operator
  namespace: db
stringData:
  user: admin
  password: velvet-anchor-1987-drumstick-fox
`;

let editor: Editor;
let recipient: string;
beforeEach(async () => {
  editor = new Editor();
  recipient = await editor.ownAgeKey();
  rules(recipient);
});
afterEach(() => editor.close());

function rules(...recipients: readonly string[]): void {
  editor.folder.write(
    '.sops.yaml',
    `creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    age: ${recipients.join(',')}\n`,
  );
  editor.services.policies.refresh();
}

type Document = Awaited<ReturnType<Editor['open']>>;

const at = (document: Document, offset = 0) => ({ uri: document.uri.toString(), offset });
const atKey = (document: Document, key: string) => at(document, document.getText().indexOf(`${key}:`));

async function sealed(): Promise<Document> {
  const document = await editor.open('apps/db.yaml', clear);
  await encryptFile(at(document), editor.services);
  return document;
}

async function stranger(): Promise<string> {
  return (await generateAgeKey(new Date(0))).recipient;
}

it('encrypts the file that a rule of .sops.yaml covers, as one edit, and keeps what is not secret', async () => {
  const document = await sealed();
  const text = document.getText();
  expect(document.version).toBe(2);
  expect(text).toContain('# the database\n');
  expect(text).toContain('  name: main # by the operator\n');
  expect(text).toContain('password: ENC[AES256_GCM,');
  expect(text).toContain(`recipient: ${recipient}`);
  expect(text).not.toContain('velvet');
  expect(statusMessages.at(-1)).toMatch(/^\$\(lock\) Purser encrypted 2 values\./);
});

it('takes Encrypt Secret, and a file that is encrypted already is left alone', async () => {
  const document = await editor.open('apps/db.yaml', clear);
  await encryptSecret(atKey(document, 'password'), editor.services);
  expect(document.getText()).toContain('user: ENC[AES256_GCM,');
  const before = document.getText();
  await encryptFile(at(document), editor.services);
  expect(document.getText()).toBe(before);
  expect(messages.at(-1)).toBe('There is nothing to encrypt here.');
});

it('shows values masked, and never in a document', async () => {
  const document = await sealed();
  await peek(at(document), editor.services);
  const shown = picks.at(-1)?.items as { label: string; description?: string }[] | undefined;
  expect(shown?.map(({ label }) => label)).toEqual(['$(key) stringData.user', '$(key) stringData.password']);
  expect(JSON.stringify(shown?.map(({ label, description }) => [label, description]))).not.toContain(
    'velvet',
  );
  await peek(atKey(document, 'password'), editor.services);
  expect(picks.at(-1)?.items.map(({ label }) => label)).toEqual(['$(key) stringData.password']);
});

it('copies the value under the cursor', async () => {
  await copyValue(atKey(await sealed(), 'password'), editor.services);
  expect(env.clipboard.text).toBe('velvet-anchor-1987-drumstick-fox');
});

it('sets a value without asking about recipients, and changes its line, lastmodified and mac', async () => {
  const document = await sealed();
  const before = document.getText().split('\n');
  answers.push('another-value-4711');
  await setValue(atKey(document, 'password'), editor.services);
  const after = document.getText().split('\n');
  const changed = after
    .filter((line, index) => line !== before[index])
    .map((line) => line.trim().split(':')[0]);
  expect(inputBoxes.at(-1)).toMatchObject({ password: true, title: 'Set stringData.password' });
  expect(questions).toEqual([]);
  expect(changed.filter((key) => key !== 'lastmodified')).toEqual(['password', 'mac']);
  await copyValue(atKey(document, 'password'), editor.services);
  expect(env.clipboard.text).toBe('another-value-4711');
});

it('adds a value beside those that are there, and takes one out', async () => {
  const document = await sealed();
  answers.push('$(add) Add a value…', 'stringData.token', 'tok-1234');
  await setValue(at(document), editor.services);
  expect(document.getText()).toMatch(/^ {2}token: ENC\[AES256_GCM,/m);
  await removeValue(atKey(document, 'user'), editor.services);
  expect(document.getText()).not.toMatch(/^ {2}user:/m);
  await peek(at(document), editor.services);
  expect(picks.at(-1)?.items.map(({ label }) => label)).toEqual([
    '$(key) stringData.password',
    '$(key) stringData.token',
  ]);
});

it('puts plaintext into the file only after the modal, as one edit', async () => {
  const document = await sealed();
  const before = document.getText();
  await decryptSecret(at(document), editor.services);
  expect(questions.at(-1)?.message).toBe('Decrypt 2 values into the file?');
  expect(document.getText()).toBe(before);
  answers.push('Decrypt');
  await decryptSecret(at(document), editor.services);
  expect(document.getText()).toBe(clear);
  expect(document.version).toBe(3);
});

it('asks once about all recipients that were not accepted, and writes nothing when that is declined', async () => {
  const [one, two] = [await stranger(), await stranger()];
  rules(recipient, one, two);
  const document = await editor.open('apps/db.yaml', clear);
  await expect(encryptFile(at(document), editor.services)).rejects.toMatchObject({ name: 'AbortError' });
  expect(document.getText()).toBe(clear);
  expect(questions).toHaveLength(1);
  expect(questions[0]?.message).toBe('Encrypt to 2 recipients that .sops.yaml names?');
  expect(questions[0]?.detail).toContain(one);
  expect(questions[0]?.detail).toContain(two);
  expect(questions[0]?.detail).not.toContain(recipient);
  answers.push('Accept Recipients');
  await encryptFile(at(document), editor.services);
  expect(document.getText()).toContain(`recipient: ${two}`);
});

it('shows a new recipient beside those accepted before', async () => {
  const [one, two] = [await stranger(), await stranger()];
  rules(recipient, one);
  answers.push('Accept Recipient');
  await sealed();
  rules(recipient, one, two);
  const other = await editor.open('apps/other.yaml', clear);
  answers.push('Accept Recipient');
  await encryptFile(at(other), editor.services);
  expect(questions.at(-1)?.detail).toMatch(new RegExp(`Accepted before: 1\n${one}\n\nNew:\n${two}\n`));
  expect(other.getText()).toContain(`recipient: ${two}`);
});

it('opens and changes nothing in Restricted Mode, and encrypts to recipients of the person', async () => {
  const document = await sealed();
  const before = document.getText();
  workspace.isTrusted = false;
  answers.push('x', 'x', 'x');
  for (const command of [
    peek,
    copyValue,
    decryptSecret,
    setValue,
    removeValue,
    updateRecipients,
    rotateDataKey,
  ])
    await expect(command(atKey(document, 'password'), editor.services)).rejects.toMatchObject({
      code: 'workspace.untrusted',
    });
  expect(document.getText()).toBe(before);
  expect(inputBoxes).toEqual([]);
  const other = await editor.open('apps/other.yaml', clear);
  await encryptFile(at(other), editor.services);
  expect(other.getText()).toContain('ENC[AES256_GCM,');
});

it('accepts no recipient in Restricted Mode', async () => {
  rules(recipient, await stranger());
  const document = await editor.open('apps/db.yaml', clear);
  workspace.isTrusted = false;
  await expect(encryptFile(at(document), editor.services)).rejects.toMatchObject({
    code: 'workspace.untrusted',
  });
  expect(document.getText()).toBe(clear);
});

it('refuses a value that no longer stands where it was opened', async () => {
  const document = await sealed();
  const moved = { ...atKey(document, 'password'), entry: 'stringData.user' };
  await expect(setValue(moved, editor.services)).rejects.toMatchObject({ code: 'document.changed' });
});

it('asks for no value of a file that is to be encrypted as a whole and is not', async () => {
  const document = await editor.open('apps/db.yaml', clear);
  answers.push('Encrypt');
  await setValue(atKey(document, 'password'), editor.services);
  expect(inputBoxes).toEqual([]);
  expect(document.getText()).toContain('password: ENC[AES256_GCM,');
});
