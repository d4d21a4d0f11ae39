import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { test } from './harness.ts';
import { diagnosticsOf, lensesOf, secret, show, write } from './support.ts';

const password = 'velvet-anchor-1987-drumstick-fox';

test('a finding names its rule, links to its page and says nothing of the value', async () => {
  const document = await show('findings.yaml', secret({ password, broken: 'k8s:enc:secretbox:v1:dev:AAAA' }));
  const found = await diagnosticsOf(document, 2);
  const [plaintext, malformed] = found;
  assert.deepEqual(
    found.map(({ severity, code }) => [severity, typeof code === 'object' && code.value]),
    [
      [vscode.DiagnosticSeverity.Error, 'plaintext-secret'],
      [vscode.DiagnosticSeverity.Error, 'malformed-ciphertext'],
    ],
  );
  assert.equal(document.getText(plaintext?.range), password);
  for (const { message, code } of found) {
    assert.ok(!message.includes(password) && !message.includes('AAAA'), message);
    assert.ok(typeof code === 'object');
    await stat(code.target.fsPath);
  }
  assert.ok(malformed);
});

test('a severity of the policy is followed as soon as it is saved', async () => {
  const document = await show('ruled/orders.yaml', secret({ password }));
  await diagnosticsOf(document, 1);
  const policy = await show('ruled/.purser.yaml', 'version: 1\nrules: []\n');
  const edit = new vscode.WorkspaceEdit();
  edit.insert(policy.uri, new vscode.Position(2, 0), 'severity: {plaintext-secret: off}\n');
  await vscode.workspace.applyEdit(edit);
  await policy.save();
  await diagnosticsOf(document, 0);
});

test('a comment with a reason silences one finding, one without does not', async () => {
  const text = secret({ password, 'api-key': 'paper-kite-58-thunder-biscuit' });
  const ignored = text
    .replace('  password', '  # purser:ignore plaintext-secret a fixture\n  password')
    .replace('  api-key', '  # purser:ignore plaintext-secret\n  api-key');
  const document = await show('ignored.yaml', ignored);
  const [only] = await diagnosticsOf(document, 1);
  assert.match(only?.message ?? '', /api-key/);
});

test('lenses and quick fixes hold places, never values', async () => {
  const document = await show('places.yaml', secret({ password }));
  const [finding] = await diagnosticsOf(document, 1);
  assert.ok(finding);
  const lenses = await lensesOf(document);
  const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    finding.range,
  );
  const commands = [...lenses, ...fixes].flatMap(({ command }) => command ?? []);
  const own = commands.filter(({ command }) => command.startsWith('purser.'));
  assert.ok(own.length >= 3, `${own.length} commands`);
  for (const { title, arguments: given } of own) {
    assert.ok(!title.includes(password));
    for (const argument of given ?? []) {
      const { uri, offset, ...rest } = argument as Record<string, unknown>;
      assert.equal(uri, document.uri.toString());
      assert.equal(typeof offset, 'number');
      assert.deepEqual(
        Object.keys(rest).filter((key) => key !== 'rule'),
        [],
      );
    }
  }
});

test('a document that changed while an edit was computed is left alone', async () => {
  await write('busy/.purser.yaml', 'version: 1\nrules: [{path: "**", scheme: fernet, keys: [local:dev]}]\n');
  const first = await show('busy/first.yaml', secret({ password }));
  await settled(
    vscode.commands.executeCommand('purser.encryptSecret', { uri: first.uri.toString(), offset: 0 }),
  );
  assert.ok(!first.getText().includes(password), 'the modules are loaded and the key is found');

  const values = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`password-${index}`, password]),
  );
  const document = await show('busy/second.yaml', secret(values));
  const sealing = vscode.commands.executeCommand('purser.encryptSecret', {
    uri: document.uri.toString(),
    offset: 0,
  });
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), '# typed meanwhile\n');
  await vscode.workspace.applyEdit(edit);
  const after = document.getText();
  await settled(sealing);
  assert.equal(after, `# typed meanwhile\n${secret(values)}`);
  assert.equal(document.getText(), after);
});

/** Waits for a command whose message nobody answers. */
async function settled(command: Thenable<unknown>): Promise<void> {
  const clearing = setInterval(() => void vscode.commands.executeCommand('notifications.clearAll'), 50);
  await command;
  clearInterval(clearing);
}
