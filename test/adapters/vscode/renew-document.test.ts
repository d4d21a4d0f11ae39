import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import { copyValue } from '../../../src/vscode/peek.ts';
import { rotateDataKey, updateRecipients } from '../../../src/vscode/renew-document.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  env,
  messages,
  questions,
  shownEditors,
  statusMessages,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';

const clear = `apiVersion: v1
kind: Secret
metadata: {name: main, namespace: db}
stringData:
  user: admin
  password: velvet-anchor-1987-drumstick-fox
`;

let editor: Editor;
let own: string;
let colleague: string;
beforeEach(async () => {
  editor = new Editor();
  own = await editor.ownAgeKey();
  colleague = (await generateAgeKey(new Date(0))).recipient;
});
afterEach(() => editor.close());

type Document = Awaited<ReturnType<Editor['open']>>;
const at = (document: Document) => ({ uri: document.uri.toString(), offset: 0 });

function rules(...recipients: readonly string[]): void {
  const ages = recipients.join(',');
  editor.folder.write('.sops.yaml', `creation_rules:\n  - encrypted_regex: ^stringData$\n    age: ${ages}\n`);
  editor.services.policies.refresh();
}

/** A file sealed to some, where `.sops.yaml` names others by now. */
async function sealedTo(before: readonly string[], now: readonly string[]): Promise<Document> {
  rules(...before);
  const document = await editor.open('apps/db.yaml', clear);
  answers.push('Accept Recipient');
  await encryptFile(at(document), editor.services);
  rules(...now);
  for (const told of [answers, questions, messages, statusMessages]) told.length = 0;
  return document;
}

/** The values, as they stand sealed. */
const sealedIn = (document: Document) => document.getText().match(/^ {2}\w+: ENC\[.*$/gm);

it('shows who is added before it wraps the data key for them, and touches no value', async () => {
  const document = await sealedTo([own], [own, colleague]);
  const values = sealedIn(document);
  answers.push('Accept Recipient', 'Update Recipients');
  await updateRecipients(at(document), editor.services);
  expect(questions.at(-1)).toEqual({
    message: 'Update the recipients of apps/db.yaml?',
    detail: `Added:\n${colleague}`,
  });
  expect(document.getText()).toContain(`recipient: ${colleague}`);
  expect(sealedIn(document)).toEqual(values);
  expect(document.version).toBe(3);
  expect(statusMessages).toEqual(['$(key) Purser updated the recipients.']);
  expect(messages).toHaveLength(2);
});

it('warns that those removed could read the values, and leaves rotating to the person', async () => {
  const document = await sealedTo([own, colleague], [own]);
  const values = sealedIn(document);
  answers.push('Update Recipients');
  await updateRecipients(at(document), editor.services);
  expect(questions[0]?.detail).toContain(`Removed:\n${colleague}\n`);
  expect(questions[0]?.detail).toContain('change the secrets themselves');
  expect(document.getText()).not.toContain(colleague);
  expect(sealedIn(document)).toEqual(values);
});

it('rotates the data key with it where the person wants that, in one edit', async () => {
  const document = await sealedTo([own, colleague], [own]);
  const values = sealedIn(document);
  answers.push('Update and Rotate Data Key');
  await updateRecipients(at(document), editor.services);
  expect(document.getText()).not.toContain(colleague);
  expect(sealedIn(document)?.filter((value) => values?.includes(value))).toEqual([]);
  expect(document.version).toBe(3);
  expect(statusMessages).toEqual(['$(key) Purser updated the recipients and rotated the data key.']);
  await copyValue({ ...at(document), offset: document.getText().indexOf('password:') }, editor.services);
  expect(env.clipboard.text).toBe('velvet-anchor-1987-drumstick-fox');
});

it('changes nothing where either question is closed', async () => {
  const document = await sealedTo([own], [own, colleague]);
  const before = document.getText();
  await expect(updateRecipients(at(document), editor.services)).rejects.toMatchObject({ name: 'AbortError' });
  answers.push('Accept Recipient');
  await updateRecipients(at(document), editor.services);
  expect(questions.at(-1)?.message).toBe('Update the recipients of apps/db.yaml?');
  expect(document.getText()).toBe(before);
  expect(statusMessages).toEqual([]);
});

it('says so where policy names nobody else', async () => {
  const document = await sealedTo([own], [own]);
  await updateRecipients(at(document), editor.services);
  expect(messages).toEqual(['Policy names no other recipients for it.']);
  expect(document.version).toBe(2);
});

it('refuses to write into a document that changed while it was asking', async () => {
  const document = await sealedTo([own, colleague], [own]);
  const before = document.getText();
  Object.defineProperty(answers, 0, {
    configurable: true,
    get() {
      // As if somebody typed before the answer came.
      document.version++;
      return 'Update Recipients';
    },
  });
  await expect(updateRecipients(at(document), editor.services)).rejects.toMatchObject({
    code: 'document.changed',
  });
  expect(document.getText()).toBe(before);
});

it('rotates the data key at once where the recipients stay the same', async () => {
  const document = await sealedTo([own], [own]);
  const values = sealedIn(document);
  await rotateDataKey(at(document), editor.services);
  expect(questions).toEqual([]);
  expect(sealedIn(document)?.filter((value) => values?.includes(value))).toEqual([]);
  expect(statusMessages).toEqual(['$(key) Purser rotated the data key.']);
});

it('asks before rotating where policy names others by now', async () => {
  const document = await sealedTo([own, colleague], [own]);
  const before = document.getText();
  await rotateDataKey(at(document), editor.services);
  expect(questions[0]?.detail).toContain(`Removed:\n${colleague}\n`);
  expect(document.getText()).toBe(before);
  answers.push('Rotate Data Key');
  await rotateDataKey(at(document), editor.services);
  expect(document.getText()).not.toContain(colleague);
});

it.each(['a link in a page', 'the Explorer'])(
  'takes a file as a whole from %s, and shows it',
  async (from) => {
    const document = await sealedTo([own, colleague], [own]);
    const { uri } = document;
    answers.push('Update Recipients');
    await updateRecipients(from === 'the Explorer' ? uri : { uri: uri.toString() }, editor.services);
    expect(shownEditors.at(-1)?.document.uri.fsPath).toBe(uri.fsPath);
    expect(document.getText()).not.toContain(colleague);
  },
);

it('says that there is nothing sealed in a file', async () => {
  const document = await editor.open('apps/cm.yaml', 'kind: ConfigMap\n');
  await expect(updateRecipients(Uri.file(document.uri.fsPath), editor.services)).rejects.toMatchObject({
    code: 'entry.not-encrypted',
  });
});

it('needs the key, and a trusted workspace', async () => {
  const document = await sealedTo([own, colleague], [own]);
  editor.folder.write('keys/own.age', (await generateAgeKey(new Date(0))).keyFile.exposeText() ?? '', 0o600);
  const before = document.getText();
  await expect(updateRecipients(at(document), editor.services)).rejects.toMatchObject({
    code: 'key.missing',
  });
  workspace.isTrusted = false;
  for (const command of [updateRecipients, rotateDataKey])
    await expect(command(at(document), editor.services)).rejects.toMatchObject({
      code: 'workspace.untrusted',
    });
  expect(document.getText()).toBe(before);
  expect(questions).toEqual([]);
});
