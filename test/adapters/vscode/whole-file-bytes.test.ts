import nacl from 'tweetnacl';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { encryptAllFindings } from '../../../src/vscode/bulk-encrypt.ts';
import { decryptSecret } from '../../../src/vscode/decrypt-commands.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import { encryptStaged } from '../../../src/vscode/encrypt-staged.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { Editor } from '../../support/editor.ts';
import { answers, messages, picks, Range, Uri, WorkspaceEdit, workspace } from '../../support/fake-vscode.ts';
import { onePlaintext } from '../../support/file-findings.ts';
import { symmetricKey } from '../../support/workspace.ts';

const utf16 = Buffer.from('\ufeffpässword: a\r\n', 'utf16le');
const textFiles = {
  'in Latin-1': Buffer.from('p=k\xe4se\n', 'latin1'),
  'with a byte order mark': Buffer.from('\ufeffpässword: a\n'),
  'in UTF-16, little end first': utf16,
  'in UTF-16, big end first': Buffer.from(utf16).swap16(),
  'with CR LF': Buffer.from('a: 1\r\nb: ü\r\n'),
  'with line ends of both kinds': Buffer.from('a: 1\r\nb: 2\nc: 3\r\n'),
  'with the line ends of old': Buffer.from('a: 1\rb: 2\r'),
  'without a final line end': Buffer.from('a: 1'),
};
/** What an editor cannot hold as it is. */
const refusals: Readonly<Record<string, string>> = {
  'in Latin-1': 'file.not-text',
  'in UTF-16, little end first': 'file.not-text',
  'in UTF-16, big end first': 'file.not-text',
  'with line ends of both kinds': 'document.inexact',
  'with the line ends of old': 'document.inexact',
};
const asBinary = Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 0]);

const key = symmetricKey();
let editor: Editor;
let services: Services;

beforeEach(() => {
  editor = new Editor();
  services = editor.services;
  editor.folder.write('keys/dev.secretbox', key, 0o600);
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - {path: "**/*.enc", scheme: secretbox, keys: [local:dev], whole: true}\n',
  );
});
afterEach(() => editor.close());

async function opened(content: Uint8Array) {
  editor.folder.write('a.enc', content);
  return reopened();
}

async function reopened() {
  const document = await workspace.openTextDocument(Uri.file(editor.folder.path('a.enc')));
  workspace.textDocuments = [document];
  return document;
}

const at = () => ({ uri: Uri.file(editor.folder.path('a.enc')).toString(), offset: 0 });

const codeOf = (failure: unknown) => (failure instanceof Failure ? failure.code : failure);

/** Types at the start of a document. */
async function type(document: Awaited<ReturnType<typeof reopened>>, text: string) {
  const edit = new WorkspaceEdit();
  const start = document.positionAt(0);
  edit.replace(document.uri, new Range(start, start), text);
  await workspace.applyEdit(edit);
}

/** What is sealed in the file on disk, which holds one token in ASCII and nothing else. */
function sealedOnDisk(): Buffer {
  const content = Buffer.from(editor.folder.bytes('a.enc')).toString('latin1');
  const [, payload = content] = /^k8s:enc:secretbox:v1:dev:([A-Za-z0-9+/]+=*)$/.exec(content) ?? [];
  const box = Buffer.from(payload, 'base64');
  const opens = nacl.secretbox.open(box.subarray(24), box.subarray(0, 24), Buffer.from(key, 'base64url'));
  return Buffer.from(opens ?? 'not opened');
}

describe.each(Object.entries(textFiles))('a file %s', (title, bytes) => {
  it('is sealed byte for byte', async () => {
    const document = await opened(bytes);
    await encryptFile(at(), services);
    if (document.isDirty) await document.save();
    expect(sealedOnDisk()).toEqual(bytes);
  });

  it('is sealed byte for byte among all findings, open or not', async () => {
    found();
    for (const isOpen of [false, true]) {
      await opened(bytes);
      if (!isOpen) workspace.textDocuments = [];
      await encryptAllFindings(services);
      expect(sealedOnDisk()).toEqual(bytes);
    }
    expect(messages).toEqual(Array(2).fill('1 value in 1 file is encrypted.'));
  });

  it('is sealed byte for byte before it is staged', async () => {
    await opened(bytes);
    const staged: string[] = [];
    await encryptStaged(undefined, withStaged(staged));
    expect(sealedOnDisk()).toEqual(bytes);
    expect(staged).toEqual([editor.folder.path('a.enc')]);
  });

  it('comes back byte for byte where it is decrypted in the editor, or not at all', async () => {
    const sealing = await opened(bytes);
    await encryptFile(at(), services);
    if (sealing.isDirty) await sealing.save();
    const token = Buffer.from(editor.folder.bytes('a.enc'));
    const document = await reopened();
    answers.push('Decrypt');
    const failure: unknown = await decryptSecret(at(), services).catch((error: unknown) => error);
    expect(codeOf(failure)).toBe(refusals[title]);
    if (document.isDirty) await document.save();
    expect(Buffer.from(editor.folder.bytes('a.enc'))).toEqual(failure === undefined ? bytes : token);
  });
});

it.each([
  ['windows1252', 'pässword\n', 'document.inexact'],
  ['utf16le', 'password\n', 'document.inexact'],
  ['windows1252', 'password\n', undefined],
])('is decrypted in a document in %s only where %j is saved as it is', async (encoding, text, code) => {
  const sealing = await opened(Buffer.from(text));
  await encryptFile(at(), services);
  await sealing.save();
  const document = await reopened();
  const token = document.getText();
  Object.defineProperty(document, 'encoding', { value: encoding });
  answers.push('Decrypt');
  const failure: unknown = await decryptSecret(at(), services).catch((error: unknown) => error);
  expect(codeOf(failure)).toBe(code);
  expect(document.getText()).toBe(code === undefined ? text : token);
});

it('is not sealed twice where another program sealed it and the editor has yet to notice', async () => {
  const document = await opened(Buffer.from('a secret'));
  await encryptFile(at(), services);
  const token = document.getText();
  const late = await opened(Buffer.from('a secret'));
  editor.folder.write('a.enc', token);
  await encryptFile(at(), services);
  expect(messages.at(-1)).toBe('This file is encrypted already.');
  expect(late.getText()).toBe('a secret');
});

it('keeps its CR LF where it is decrypted in the editor', async () => {
  const bytes = textFiles['with CR LF'];
  const sealing = await opened(bytes);
  await encryptFile(at(), services);
  await sealing.save();
  const document = await reopened();
  answers.push('Decrypt');
  await decryptSecret(at(), services);
  await document.save();
  expect(Buffer.from(editor.folder.bytes('a.enc'))).toEqual(bytes);
});

it('is sealed among all findings where it is binary', async () => {
  editor.folder.write('a.enc', asBinary);
  found();
  await encryptAllFindings(services);
  expect(sealedOnDisk()).toEqual(asBinary);
});

it('is sealed as it is in the editor where it has changes', async () => {
  const document = await opened(textFiles['with CR LF']);
  await type(document, '# ä\r\n');
  await encryptFile(at(), services);
  await document.save();
  expect(sealedOnDisk().toString()).toBe('# ä\r\na: 1\r\nb: ü\r\n');
});

it.each([
  ['in Latin-1', 'file.not-text'],
  ['with a byte order mark', 'document.unsaved'],
  ['in UTF-16, little end first', 'document.unsaved'],
] as const)('is left alone %s where it has changes', async (title, code) => {
  const document = await opened(textFiles[title]);
  await type(document, '# changed\n');
  const before = document.getText();
  await expect(encryptFile(at(), services)).rejects.toMatchObject({ code });
  expect(document.getText()).toBe(before);
  expect(Buffer.from(editor.folder.bytes('a.enc'))).toEqual(textFiles[title]);
});

it('is not sealed twice where the token stands in UTF-16', async () => {
  await opened(Buffer.from('a secret'));
  await encryptFile(at(), services);
  const [document] = workspace.textDocuments as unknown as [Awaited<ReturnType<typeof reopened>>];
  const token = Buffer.from(`\ufeff${document.getText()}`, 'utf16le');
  await opened(token);
  await encryptFile(at(), services);
  expect(messages.at(-1)).toBe('This file is encrypted already.');
  expect(Buffer.from(editor.folder.bytes('a.enc'))).toEqual(token);
});

it('is refused among all findings where it has changes', async () => {
  await type(await opened(Buffer.from('a: 1\n')), '# changed\n');
  found();
  await encryptAllFindings(services);
  expect(picks.at(-1)?.items).toMatchObject([
    { detail: 'it has changes that are not saved; save or revert them first' },
  ]);
  expect(editor.folder.text('a.enc')).toBe('a: 1\n');
});

function found(): void {
  services.findings.setOnDisk([onePlaintext(editor.folder.path('a.enc'))]);
}

/** As if the file were staged, with nothing more changed since. */
function withStaged(added: string[]): Services {
  const add = async (paths: readonly string[]) => void added.push(...paths);
  const repository = { state: { workingTreeChanges: [] }, add };
  const uri = Uri.file(editor.folder.path('a.enc'));
  return { ...services, staged: { listed: () => [{ uri, repository }] } } as never;
}
