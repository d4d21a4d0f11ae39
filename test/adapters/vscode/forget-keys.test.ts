import { createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nothingFound } from '../../../src/vscode/file-findings.ts';
import { forgetKey } from '../../../src/vscode/keep-keys.ts';
import { Editor } from '../../support/editor.ts';
import { answers, prompts, questions, Uri } from '../../support/fake-vscode.ts';
import { ecPair, secretYaml } from '../../support/workspace.ts';

const pair = ecPair();
let editor: Editor;
beforeEach(() => {
  editor = new Editor();
  editor.folder.write('keys/own.pem', pair.privatePem, 0o600);
  prompts.length = 0;
});
afterEach(() => editor.close());

const sealed = (kid?: string) =>
  new CompactEncrypt(Buffer.from('hunter2'))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', ...(kid === undefined ? {} : { kid }) })
    .encrypt(createPublicKey(pair.publicPem));

/** What the scan of the workspace found ciphertext in. */
function found(...paths: readonly string[]): void {
  const uris = paths.map((path) => Uri.file(editor.folder.path(path)) as never);
  editor.services.findings.setOnDisk(uris.map((uri) => ({ ...nothingFound(uri), sealed: true })));
}

it('asks for the name of a key that files of any name are sealed to, each counted once', async () => {
  editor.folder.write('prod.kubeconfig', await sealed());
  editor.folder.write('.env', await sealed('prod'));
  editor.folder.write('apps/a.yaml', secretYaml('main', { a: await sealed('prod') }));
  found('prod.kubeconfig', '.env', 'apps/a.yaml', 'gone.token');
  answers.push('$(key) own', 'no');
  await forgetKey(undefined, editor.services);
  expect(prompts.at(-1)).toContain('3 values in this workspace are sealed to local:own');
  expect(questions.map(({ message }) => message)).toEqual(['$(key) own']);
  expect(editor.folder.exists('keys/own.pem')).toBe(true);
});
