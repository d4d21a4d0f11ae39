import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyApplyCommand } from '../../../src/vscode/copy-apply-command.ts';
import { Editor } from '../../support/editor.ts';
import { env } from '../../support/fake-vscode.ts';

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
});
afterEach(() => editor.close());

it.each([
  ['clusters/dev/db.yaml', 'purser decrypt clusters/dev/db.yaml | kubectl apply -f -'],
  ["clusters/Ann's/my db.yaml", "purser decrypt 'clusters/Ann'\\''s/my db.yaml' | kubectl apply -f -"],
  ['-rf.yaml', 'purser decrypt ./-rf.yaml | kubectl apply -f -'],
])('copies the command for %s, from the top folder on', async (path, command) => {
  const document = await editor.open(path, 'kind: Secret\n');
  await copyApplyCommand({ uri: document.uri.toString(), offset: 0 }, editor.services);
  expect(env.clipboard.text).toBe(command);
});

it('refuses a name that a terminal might act on', async () => {
  const document = await editor.open('a\u001b[201~b.yaml', 'kind: Secret\n');
  const copied = copyApplyCommand({ uri: document.uri.toString(), offset: 0 }, editor.services);
  await expect(copied).rejects.toMatchObject({ code: 'file.unreadable' });
});
