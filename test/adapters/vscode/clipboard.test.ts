import { afterEach, expect, it } from 'vitest';
import { Clipboard } from '../../../src/vscode/clipboard.ts';
import { configure, env, statusMessages } from '../../support/fake-vscode.ts';

const clipboard = new Clipboard();
afterEach(() => {
  clipboard.dispose();
  configure('purser.clipboard.clearAfterSeconds', undefined);
});

it('says for how long a secret is on the clipboard, and what keeps it there for longer', async () => {
  await clipboard.copy('hunter2', 'password');
  expect(env.clipboard.text).toBe('hunter2');
  expect(statusMessages.at(-1)).toBe(
    '$(copy) password is on the clipboard; it is cleared in 30 s, while this window is open.',
  );
});

it('promises nothing where nothing is to be cleared', async () => {
  configure('purser.clipboard.clearAfterSeconds', 0);
  await clipboard.copy('hunter2', 'password');
  expect(statusMessages.at(-1)).toBe('$(copy) password is on the clipboard.');
});
