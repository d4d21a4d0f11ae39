import { afterEach, beforeEach, expect, it } from 'vitest';
import { sayOpener } from '../../../src/vscode/say-opener.ts';
import { Editor } from '../../support/editor.ts';
import { answers } from '../../support/fake-vscode.ts';
import { secretYaml } from '../../support/workspace.ts';

const policy =
  'version: 1\nrules:\n  - path: apps/**\n    scheme: fernet\n    keys: [local:a] # ours\n  - path: "**"\n    scheme: sops\n';
let editor: Editor;
beforeEach(() => {
  editor = new Editor();
  editor.folder.write('.purser.yaml', policy);
});
afterEach(() => editor.close());

async function say(path: string, ...said: string[]) {
  const document = await editor.open(path, secretYaml('main', { a: 'b' }));
  answers.push(...said);
  await sayOpener({ uri: document.uri.toString(), offset: 0 }, editor.services);
}

it('writes into the rule of the file what the person says', async () => {
  await say('apps/db.yaml', 'A pipeline');
  expect(editor.folder.text('.purser.yaml')).toBe(
    policy.replace('# ours\n', '# ours\n    opened-by: pipeline\n'),
  );
});

it('writes nothing where the person gives up', async () => {
  await say('apps/db.yaml');
  expect(editor.folder.text('.purser.yaml')).toBe(policy);
});
