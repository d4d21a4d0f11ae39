import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../host/until.mjs';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf } from './manifest.ts';
import { example, makeSample, tokensIn } from './sample.ts';

const database = await example('clusters/prod/database.yaml');
const sample = await makeSample();
const files = {
  ...sample.files,
  'clusters/prod/database.yaml': database,
  'clusters/prod/one-value.yaml': database,
  'clusters/prod/ignored.yaml': database,
};

/** What is sealed, and what then stands around it. */
const originals = [
  'correct-horse-battery-staple-42',
  'wal-shipping-otter-93-lantern',
  'postgres://orders:correct-horse-battery-staple-42@orders-db.shop.svc:5432/orders',
  'orders-db.shop.svc:5432:orders:orders:correct-horse-battery-staple-42\norders-db.shop.svc:5432:*:replicator:wal-shipping-otter-93-lantern\n',
];
const shape = database
  .replace(/"correct-horse-[^"]*"/, '"SEALED"')
  .replace(/'wal-shipping-[^']*'/, "'SEALED'")
  .replace(/postgres:.*/, 'SEALED')
  .replace(/\|\n {4}.*\n {4}.*/, 'SEALED');

describeInEditor('encrypting', (editor) => {
  // Problems lists the open file alone then.
  const settings = { 'purser.scan.workspace': false };
  describeInWindow(editor, 'with the key at hand', { files, keys: sample.keys, settings }, (window) => {
    it('marks plaintext, offers to encrypt it by policy, and shows no notification', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/database.yaml');
      expect(await workbench.editor.lenses(2)).toEqual([
        'Encrypt 4 values · jwe prod.pub.pem',
        'Encrypt 3 values · jwe prod.pub.pem',
      ]);
      const [, ...problems] = await workbench.problems();
      expect(problems.filter((problem) => problem.startsWith('Error: '))).toHaveLength(7);
      expect(problems[0]).toMatch(
        /^Error: stringData\.password of Secret shop\/orders-db is not encrypted.* at line 19/,
      );
      expect(problems.join()).not.toMatch(/correct-horse|wal-shipping|b3JkZ|bWFkZS/);
      const commands = await workbench.quick.commands('Purser:');
      expect(commands).toContain('Purser: Encrypt Secret');
      expect(commands).not.toContain('Purser: Ignore Finding');
      expect(await workbench.toasts()).toEqual([]);
    });

    it('encrypts by the lens; one undo gives the original bytes, and redo the same ciphertext', async () => {
      const { workbench, folder } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/database.yaml');
      expect(await pane.text()).toBe(database);
      await pane.lens('Encrypt 4 values').click();
      const sealed = await pane.waitForText('eyJ');
      expect(await Promise.all(tokensIn(sealed).map(sample.open))).toEqual(originals);
      expect(tokensIn(sealed).reduce((text, token) => text.replace(token, 'SEALED'), sealed)).toBe(shape);
      await pane.undo();
      expect(await pane.waitForText('correct-horse')).toBe(database);
      await pane.redo();
      expect(await pane.waitForText('eyJ')).toBe(sealed);
      expect(await readFile(join(folder, 'clusters/prod/database.yaml'), 'utf8')).toBe(database);
      await pane.save();
      expect(await readFile(join(folder, 'clusters/prod/database.yaml'), 'utf8')).toBe(sealed);
    });

    it('encrypts one value by its quick fix', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/one-value.yaml');
      expect(await pane.quickFixes(lineOf(database, 'passphrase'), 5)).toEqual([
        'Encrypt this value (jwe)',
        'Encrypt this Secret (jwe)',
        'Ignore with a reason…',
      ]);
      await workbench.page.keyboard.press('Escape');
      await pane.quickFix('Encrypt this value', lineOf(database, 'passphrase'), 5);
      // Under data, a ciphertext is base64-encoded once more.
      const after = await pane.waitForText('passphrase: ZXlK');
      expect(after.replace(/passphrase: .*/, '')).toBe(database.replace(/passphrase: .*/, ''));
      const [, value = ''] = /passphrase: (.*)/.exec(after) ?? [];
      expect(await sample.open(Buffer.from(value, 'base64').toString())).toBe(
        'vault-door-marmalade-77-quartz',
      );
    });

    it('ignores a finding with a reason, which is required', async () => {
      const { workbench } = window();
      const { editor: pane, quick } = workbench;
      await workbench.openFile('clusters/prod/ignored.yaml');
      await pane.quickFix('Ignore with a reason…', lineOf(database, 'password'), 5);
      await quick.answer(' ');
      await until('it to be refused', async () => (await quick.message.innerText()).includes('required'));
      await quick.answer('a fixture of the tests');
      const line = '  # purser:ignore unencrypted-by-policy a fixture of the tests\n';
      expect(await pane.waitForText('purser:ignore')).toBe(
        database.replace('  password:', `${line}  password:`),
      );
      await pane.lens('Encrypt 3 values').first().waitFor();
    });
  });
});
