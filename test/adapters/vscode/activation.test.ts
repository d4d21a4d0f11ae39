import { afterEach, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { activate } from '../../../src/extension.ts';
import { registered, Uri } from '../../support/fake-vscode.ts';

const subscriptions: { dispose(): void }[] = [];

function activated(): unknown {
  const memento = { get: (_key: string, fallback: unknown) => fallback, update: async () => undefined };
  const secrets = { keys: async () => [], get: async () => undefined, onDidChange: () => ({ dispose() {} }) };
  const extensionUri = Uri.file('/extension');
  return activate({
    subscriptions,
    secrets,
    workspaceState: memento,
    globalState: memento,
    extensionUri,
  } as never);
}

function deactivate(): void {
  for (const subscription of subscriptions.splice(0)) subscription.dispose();
}

const views = () => [...registered].filter((name) => name.startsWith('view ')).toSorted();

afterEach(deactivate);

it('registers every command that the manifest contributes, and no other', () => {
  activated();
  const commands = [...registered].filter((name) => name.startsWith('command ')).map((name) => name.slice(8));
  expect(commands.toSorted()).toEqual(manifest.contributes.commands.map(({ command }) => command).toSorted());
});

it('brings its views right after, and leaves nothing registered when it is disposed of', async () => {
  activated();
  expect(views()).toEqual([]);
  await expect.poll(views).toEqual(['view purser.clusters', 'view purser.findings', 'view purser.keys']);
  deactivate();
  expect([...registered]).toEqual([]);
});

it('leaves nothing registered when it is disposed of before they are there', async () => {
  activated();
  await new Promise((resolve) => setImmediate(resolve));
  deactivate();
  await import('../../../src/looking.ts');
  await new Promise((resolve) => setImmediate(resolve));
  expect([...registered]).toEqual([]);
});

it('returns nothing: other extensions get no way in', () => {
  expect(activated()).toBeUndefined();
});
