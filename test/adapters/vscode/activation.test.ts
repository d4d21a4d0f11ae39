import { beforeEach, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { activate } from '../../../src/extension.ts';
import { registered, Uri } from '../../support/fake-vscode.ts';

function context() {
  const memento = { get: (_key: string, fallback: unknown) => fallback, update: async () => undefined };
  const subscriptions: { dispose(): void }[] = [];
  const secrets = { keys: async () => [], get: async () => undefined };
  return { subscriptions, secrets, workspaceState: memento, extensionUri: Uri.file('/extension') };
}

beforeEach(() => registered.clear());

it('registers every command that the manifest contributes, and no other', () => {
  activate(context() as never);
  const commands = [...registered].filter((name) => name.startsWith('command ')).map((name) => name.slice(8));
  expect(commands.toSorted()).toEqual(manifest.contributes.commands.map(({ command }) => command).toSorted());
});

it('leaves nothing registered after it is disposed of', () => {
  const { subscriptions, ...rest } = context();
  activate({ subscriptions, ...rest } as never);
  expect(registered.size).toBeGreaterThan(20);
  for (const subscription of subscriptions) subscription.dispose();
  expect([...registered]).toEqual([]);
});

it('returns nothing: other extensions get no way in', () => {
  expect(activate(context() as never)).toBeUndefined();
});
