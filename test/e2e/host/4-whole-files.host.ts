import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { applyEdits } from '../../../src/vscode/apply-edits.ts';
import { test } from './harness.ts';
import { until, write } from './support.ts';

const policy = 'version: 1\nrules:\n  - {path: "**/*.enc", scheme: fernet, keys: [local:dev], whole: true}\n';

for (const { encoding, content } of [
  { encoding: 'utf8', content: Buffer.from('p=k\xe4se\n', 'latin1') },
  { encoding: 'utf8bom', content: Buffer.from('\ufeffa: 1\n') },
  { encoding: 'utf16le', content: Buffer.from('\ufeffa: 1\n', 'utf16le') },
]) {
  test(`a whole file that is opened as ${encoding} becomes a token in ASCII, which its editor shows`, async () => {
    await write('whole/.purser.yaml', policy);
    const uri = await write(`whole/${encoding}.enc`, '');
    await writeFile(uri.fsPath, content);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    assert.equal(document.encoding, encoding);
    await vscode.commands.executeCommand('purser.encryptFile', { uri: uri.toString(), offset: 0 });
    const isToken = () => (document.getText().startsWith('gAAAAA') ? true : undefined);
    await until('a token', isToken);
    await document.save();
    assert.match((await readFile(uri.fsPath)).toString('latin1'), /^gAAAAA[\w-]+=*$/);
  });
}

test('text with other line ends takes the place of a token, and an undo takes it back', async () => {
  const uri = await write('whole/token.txt', 'token');
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  const edit = { span: { start: 0, end: 5 }, text: '\ufeffa\r\nb\r\nc\r\n' };
  await applyEdits(document, document.version, [edit], vscode.EndOfLine.CRLF);
  await document.save();
  assert.equal((await readFile(uri.fsPath)).toString(), edit.text);
  await vscode.commands.executeCommand('undo');
  assert.equal(document.getText(), 'token');
  await document.save();
});
