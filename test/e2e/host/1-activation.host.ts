import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { note, test } from './harness.ts';
import { purser, purserCommands, until } from './support.ts';

interface Mark {
  readonly name: string;
  readonly startTime: number;
}

test('opening a YAML file activates Purser', async () => {
  const document = await vscode.workspace.openTextDocument({
    language: 'yaml',
    content: 'kind: ConfigMap\n',
  });
  await vscode.window.showTextDocument(document);
  await until('Purser to be active', () => purser().isActive || undefined);
  note(`activation took ${activationTime()}`);
});

test('every command of the manifest is registered, and activation returns nothing to other extensions', async () => {
  assert.equal(await purser().activate(), undefined);
  const registered = new Set(await vscode.commands.getCommands(true));
  assert.notEqual(purserCommands().length, 0);
  assert.deepEqual(
    purserCommands().filter((command) => !registered.has(command)),
    [],
  );
});

/** Loading and activating, in milliseconds, as VS Code measures them. */
function activationTime(): string {
  const { MonacoPerformanceMarks: marks } = globalThis as unknown as {
    readonly MonacoPerformanceMarks?: { readonly getMarks: () => readonly Mark[] };
  };
  const at = (name: string) =>
    marks?.getMarks().find((mark) => mark.name === `code/extHost/${name}/purser.purser`)?.startTime ??
    Number.NaN;
  const load = at('didLoadExtensionCode') - at('willLoadExtensionCode');
  const activate = at('didActivateExtension') - at('willActivateExtension');
  return `${load.toFixed(0)} ms to load and ${activate.toFixed(0)} ms to activate`;
}
