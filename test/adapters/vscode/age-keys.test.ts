import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { addPublicKey } from '../../../src/vscode/add-public-key.ts';
import { askPassphrase } from '../../../src/vscode/ask-passphrase.ts';
import { createKey } from '../../../src/vscode/create-key.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import { importKey } from '../../../src/vscode/import-key.ts';
import { forgetKey } from '../../../src/vscode/keep-keys.ts';
import { trustedPgp } from '../../../src/vscode/trusted-pgp.ts';
import { Editor } from '../../support/editor.ts';
import { answers, env, messages, questions, shownEditors, workspace } from '../../support/fake-vscode.ts';
import { secretYaml } from '../../support/workspace.ts';

const inKeyFolder = 'In the key folder';
const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });

let editor: Editor;
beforeEach(() => (editor = new Editor()));
afterEach(() => editor.close());

it('makes a key for SOPS, and writes the rules that encrypt to it', async () => {
  answers.push('age', 'team', inKeyFolder, 'Add Public Key to Repository…', '^apps/', 'Write .sops.yaml');
  await createKey(editor.services);
  const [, recipient] = /# public key: (age1\S+)/.exec(editor.folder.text('keys/team.age')) ?? [];
  expect(editor.folder.mode('keys/team.age')).toBe(0o600);
  expect(editor.folder.text('.sops.yaml')).toBe(
    `creation_rules:\n  - path_regex: '^apps/'\n    encrypted_regex: ^(data|stringData)$\n    age: '${recipient}'\n`,
  );
  const document = await editor.open('apps/db.yaml', clear);
  questions.length = 0;
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services);
  expect(document.getText()).toContain(`recipient: ${recipient}`);
  expect(questions).toEqual([]);
});

it('changes no .sops.yaml that is there: it is opened, with the recipient on the clipboard', async () => {
  const rules = 'creation_rules:\n  - path_regex: ^prod/\n    age: age1other\n';
  editor.folder.write('.sops.yaml', rules);
  const { recipient } = await generateAgeKey(new Date(0));
  env.clipboard.text = recipient;
  answers.push('$(clippy) From the Clipboard');
  await addPublicKey(editor.services);
  expect(env.clipboard.text).toBe(recipient);
  expect(shownEditors.at(-1)?.document.getText()).toBe(rules);
  expect(editor.folder.text('.sops.yaml')).toBe(rules);
});

it('imports identities, and clears them from the clipboard', async () => {
  const { keyFile, recipient } = await generateAgeKey(new Date(0));
  env.clipboard.text = keyFile.exposeText() ?? '';
  answers.push('$(clippy) From the Clipboard', 'own', inKeyFolder);
  await importKey(editor.services);
  expect(env.clipboard.text).toBe('');
  expect(editor.folder.text('keys/own.age')).toContain(recipient);
  expect(messages.at(-1)).toBe('The key local:own is kept in the key folder.');
});

it('leaves on the clipboard what was copied while it asked', async () => {
  const { keyFile } = await generateAgeKey(new Date(0));
  env.clipboard.text = keyFile.exposeText() ?? '';
  answers.push('$(clippy) From the Clipboard', 'own', inKeyFolder);
  await importKey({
    ...editor.services,
    get vaults() {
      env.clipboard.text = 'copied meanwhile';
      return editor.services.vaults;
    },
  });
  expect(editor.folder.text('keys/own.age')).toBe(keyFile.exposeText());
  expect(env.clipboard.text).toBe('copied meanwhile');
});

it('leaves a key on the clipboard that was kept nowhere', async () => {
  const { keyFile } = await generateAgeKey(new Date(0));
  env.clipboard.text = keyFile.exposeText() ?? '';
  answers.push('$(clippy) From the Clipboard', 'own', undefined);
  await importKey(editor.services);
  expect(env.clipboard.text).toBe(keyFile.exposeText());
});

it.each([
  ['a recipient', async () => (await generateAgeKey(new Date(0))).recipient],
  ['an identity that is cut short', async () => 'AGE-SECRET-KEY-1QQQ'],
  ['a plugin', async () => 'AGE-PLUGIN-YUBIKEY-1QQQ\nAGE-SECRET-KEY-'],
])('imports nothing of %s, and quotes none of it', async (_, make) => {
  env.clipboard.text = await make();
  answers.push('$(clippy) From the Clipboard', 'own', inKeyFolder);
  const failure: unknown = await importKey(editor.services).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'key.unusable' });
  expect(JSON.stringify(failure)).not.toMatch(/QQQ|age1/);
  expect(editor.folder.exists('keys/own.age')).toBe(false);
});

it('forgets a key that a file is sealed to only when its name is typed', async () => {
  const recipient = await editor.ownAgeKey();
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n    encrypted_regex: Data\n`);
  const document = await editor.open('db.yaml', clear);
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services);
  await document.save();
  answers.push('$(key) own', 'no');
  await forgetKey(undefined, editor.services);
  expect(editor.folder.exists('keys/own.age')).toBe(true);
  answers.push('$(key) own', 'own');
  await forgetKey(undefined, editor.services);
  expect(editor.folder.exists('keys/own.age')).toBe(false);
});

it('asks for no passphrase and runs no gpg in Restricted Mode', async () => {
  workspace.isTrusted = false;
  await expect(askPassphrase('own')).rejects.toMatchObject({ code: 'workspace.untrusted' });
  let loaded = false;
  const load = async () => {
    loaded = true;
    return { unwrap: async () => undefined, wrap: async () => '' };
  };
  const pgp = trustedPgp(load);
  await expect(pgp.unwrap({} as never)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  await expect(pgp.wrap({} as never, {} as never)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(loaded).toBe(false);
  workspace.isTrusted = true;
  expect(await pgp.wrap({} as never, {} as never)).toBe('');
});
