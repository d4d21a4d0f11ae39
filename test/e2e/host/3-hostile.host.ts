import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { note, test } from './harness.ts';
import {
  diagnosticsOf,
  lensesOf,
  longestBlock,
  purser,
  purserCommands,
  secret,
  show,
  write,
} from './support.ts';

const password = 'velvet-anchor-1987-drumstick-fox';

test('commands return nothing, whatever they are given', async () => {
  const document = await show('hostile.yaml', secret({ password }));
  const uri = document.uri.toString();
  const polluted: unknown = JSON.parse(`{"__proto__":{"uri":${JSON.stringify(uri)},"offset":0}}`);
  const hostile: readonly unknown[] = [
    null,
    0,
    Number.NaN,
    '',
    [],
    polluted,
    Object.create(null),
    { uri: 'untitled:nowhere', offset: 1e9 },
    { uri, offset: -1 },
    { uri, offset: 1e15 },
    { uri, offset: '0' },
    { uri: 'file:///proc/self/environ', offset: 0 },
    { uri: 'http://127.0.0.1:1/a.yaml', offset: 0 },
    { uri: 'command:purser.peek', offset: 0 },
    { uri: 'not a uri', offset: 0 },
    {
      get uri() {
        throw new Error('hostile');
      },
      offset: 0,
    },
  ];
  const quiet = new Set(['purser.showLog', 'purser.createKey', 'purser.importKey', 'purser.addPublicKey']);
  for (const command of purserCommands().filter((id) => !quiet.has(id))) {
    const all = hostile.map(async (argument) =>
      assert.equal(await vscode.commands.executeCommand(command, argument), undefined, command),
    );
    await inTime(Promise.all(all));
  }
  assert.equal(document.getText(), secret({ password }));
  assert.ok(purser().isActive);
});

test('opening 10,000 lines does not hold up the extension host', async () => {
  const values = Object.fromEntries(
    Array.from({ length: 9994 }, (_, index) => [`password-${index}`, password]),
  );
  const text = secret(values);
  const opened = await longestBlock(async () => diagnosticsOf(await show('long.yaml', text), 1000));
  note(`opening 10,000 lines blocked ${opened} ms`);
});

const bombs: Readonly<Record<string, string>> = {
  'a file of 50 MB': `${secret({ password })}  blob: ${'x'.repeat(50 * 1024 * 1024)}\n`,
  'nesting 10,000 deep': `${secret({ password })}  deep: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
  'block nesting 3,000 deep': Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
  'an alias bomb': aliasBomb(),
  'keys of Object.prototype': secret({
    __proto__x: password,
    constructor: password,
    toString: password,
  }).replace('__proto__x', '__proto__'),
};

for (const [what, text] of Object.entries(bombs)) {
  test(`${what} leaves the extension host responsive`, async () => {
    const blocked = await longestBlock(async () => {
      const file = await write(`bombs/${what.replaceAll(/\W+/g, '-')}.yaml`, text);
      // VS Code itself gives extensions no document of 50 MB.
      const document = await vscode.workspace.openTextDocument(file).then(undefined, () => undefined);
      const location = { uri: file.toString(), offset: 0 };
      await inTime(vscode.commands.executeCommand('purser.encryptSecret', location));
      if (document !== undefined) await lensesOf(document);
    });
    note(`${what} blocked ${blocked} ms`);
    assert.ok(blocked < 2000, `${blocked} ms`);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
}

function aliasBomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 30; level++)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
  return `${secret({ password })}  bomb: *a29\n${lines.join('\n')}\n`;
}

/** Gives a command the time to run; one that asks something is left alone. */
async function inTime(command: Thenable<unknown>): Promise<void> {
  await Promise.race([command, new Promise((resolve) => setTimeout(resolve, 500))]);
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  await vscode.commands.executeCommand('notifications.clearAll');
}
