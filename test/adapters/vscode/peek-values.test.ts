import { createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { peek } from '../../../src/vscode/peek.ts';
import { Editor } from '../../support/editor.ts';
import { picks, webviews } from '../../support/fake-vscode.ts';
import { rsaPair, secretYaml } from '../../support/workspace.ts';

const rsa = rsaPair();
let editor: Editor;
beforeEach(() => {
  editor = new Editor();
  webviews.length = 0;
});
afterEach(() => editor.close());

/** What the list says of a value once it is revealed, and what panels beside it show. */
async function revealed(value: string): Promise<{ rows: string; panels: readonly string[] }> {
  editor.folder.write('keys/prod.pem', rsa.privatePem, 0o600);
  const token = await new CompactEncrypt(Buffer.from(value))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
    .encrypt(createPublicKey(rsa.publicPem));
  const document = await editor.open('a.yaml', secretYaml('main', { password: token }));
  const offset = document.getText().indexOf('password:');
  await peek({ uri: document.uri.toString(), offset }, editor.services);
  return { rows: JSON.stringify(picks.at(-1)?.items), panels: webviews.map(({ webview }) => webview.html) };
}

it('reveals a value of one line in its row', async () => {
  const { rows, panels } = await revealed('hunter2$ (2)');
  expect(rows).toContain('hunter2$ (2)');
  expect(panels).toEqual([]);
});

it.each([
  ['of several lines', 'one\ntwo'],
  ['of which a row would draw a part as an icon', 'a$(key)b'],
])('reveals a value %s beside it, as it is', async (_, value) => {
  const { rows, panels } = await revealed(value);
  expect(rows).toContain('••••••••');
  expect(panels).toHaveLength(1);
  expect(panels[0]).toContain(`>${value}</pre>`);
});
