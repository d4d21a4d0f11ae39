import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './harness.ts';

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

function purser(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('purser.purser');
  assert.ok(extension, 'purser.purser is not among the extensions');
  return extension;
}

test('opening a YAML file activates Purser', async () => {
  const document = await vscode.workspace.openTextDocument({
    language: 'yaml',
    content: 'kind: ConfigMap\n',
  });
  await vscode.window.showTextDocument(document);
  const deadline = Date.now() + 20_000;
  while (!purser().isActive && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(purser().isActive, 'it did not activate within 20 seconds');
});

test('every command of the manifest is registered', async () => {
  await purser().activate();
  const manifest = purser().packageJSON as Manifest;
  const declared = (manifest.contributes?.commands ?? []).map((contribution) => contribution.command);
  const registered = new Set(await vscode.commands.getCommands(true));
  assert.notEqual(declared.length, 0);
  assert.deepEqual(
    declared.filter((command) => !registered.has(command)),
    [],
  );
});
