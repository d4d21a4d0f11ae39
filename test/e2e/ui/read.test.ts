import { expect, it } from 'vitest';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { makeSample } from './sample.ts';

const sample = await makeSample();
const stranger = await makeSample();
const password = 'velvet-anchor-1987-drumstick-fox';
const config = '[db]\npassword = <granite & "umbrella">\n';
const token = 'paper-kite-58-thunder-biscuit';

const sealed = secretManifest(
  'orders',
  { user: 'orders', password: await sample.seal(password), config: await sample.seal(config) },
  { token: await sample.seal(token) },
);
const moved = secretManifest('orders', { password: await sample.seal(password, 'shop/payments#password') });
const foreign = secretManifest('orders', { password: await stranger.seal(password) });
const sentence =
  'none of the keys at hand opens this jwe ciphertext; check that it was not altered, and that the key is the one it was sealed to';
const files = {
  ...sample.files,
  'clusters/prod/peek.yaml': sealed,
  'clusters/prod/decrypt.yaml': sealed,
  'clusters/prod/moved.yaml': moved,
  'clusters/prod/foreign.yaml': foreign,
};
const options = { files, keys: sample.keys, settings: { 'purser.clipboard.clearAfterSeconds': 2 } };

describeInEditor('reading', (editor) => {
  describeInWindow(editor, 'ciphertext with the key at hand', options, (window) => {
    it('peeks masked, reveals and hides one value', async () => {
      const { workbench } = window();
      const { quick, page } = workbench;
      await workbench.openFile('clusters/prod/peek.yaml');
      await workbench.editor.lens('Peek 3 values').click();
      expect(await quick.labels()).toEqual([
        'stringData.password••••••••',
        'stringData.config••••••••',
        'data.token••••••••',
      ]);
      expect(await page.content()).not.toContain(password);
      await quick.pressRowButton('stringData.password', 'Reveal');
      await quick.row(password).waitFor();
      expect(await page.content()).not.toContain(token);
      await quick.pressRowButton('stringData.password', 'Hide');
      await quick.row(password).waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(password);
    });

    it('copies a value and clears it from the clipboard', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/peek.yaml');
      await workbench.editor.lens('Peek 3 values').click();
      await workbench.quick.pressRowButton('data.token', 'Copy');
      await workbench.waitForClipboard(token);
      expect(await workbench.statusBarItem('token is on the clipboard').innerText()).not.toContain(token);
      await workbench.waitForClipboard('');
    });

    it('shows several lines in a panel that closes when the person looks elsewhere', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/peek.yaml');
      await workbench.editor.lens('Peek 3 values').click();
      await workbench.quick.pressRowButton('stringData.config', 'Reveal');
      expect(await workbench.webview.locator('pre').innerText()).toBe(config);
      const tab = workbench.page.locator('.tab[aria-label^="Peek: stringData.config"]');
      await tab.waitFor();
      await workbench.run('View: Focus First Editor Group');
      await tab.waitFor({ state: 'detached' });
    });

    it('decrypts one value through the modal, and nothing when it is cancelled', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/decrypt.yaml');
      await pane.goTo(lineOf(sealed, 'password'), 4);
      await workbench.run('Purser: Decrypt Value');
      const { message, detail } = await workbench.dialog();
      expect(message).toBe('Decrypt this value into the file?');
      expect(detail).toContain('The plaintext will be on disk');
      await workbench.press('Cancel');
      expect(await pane.text()).toBe(sealed);
      await workbench.run('Purser: Decrypt Value');
      await workbench.press('Decrypt');
      const opened = await pane.waitForText(`password: ${password}`);
      const lines = sealed.split('\n');
      expect(opened.split('\n').filter((line) => !lines.includes(line))).toEqual([`  password: ${password}`]);
      await pane.undo();
      expect(await pane.waitForText(sealed)).toBe(sealed);
    });

    it('decrypts a whole Secret', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/decrypt.yaml');
      await workbench.editor.goTo(lineOf(sealed, 'kind'));
      await workbench.run('Purser: Decrypt Secret');
      expect((await workbench.dialog()).message).toBe('Decrypt 3 values into the file?');
      await workbench.press('Decrypt');
      const opened = await workbench.editor.waitForText(password);
      expect(opened).toContain('  config: |\n    [db]\n    password = <granite & "umbrella">\ndata:');
      expect(opened).toContain(`  token: ${Buffer.from(token).toString('base64')}\n`);
    });

    it('asks before it opens a ciphertext that was made for another place', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/moved.yaml');
      await workbench.editor.lens('Peek 1 value').click();
      expect((await workbench.dialog()).message).toBe(
        'A ciphertext here was made for shop/payments#password.',
      );
      await workbench.press('Cancel');
      await workbench.editor.lens('Peek 1 value').click();
      await workbench.press('Open All the Same');
      expect(await workbench.quick.labels()).toEqual(['stringData.password••••••••']);
    });

    it('says in one sentence that the key is not at hand', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/foreign.yaml');
      await workbench.editor.lens('Peek 1 value').click();
      expect(await workbench.quick.labels()).toEqual([`stringData.password ${sentence}`]);
      await workbench.page.keyboard.press('Escape');
      await workbench.editor.goTo(lineOf(foreign, 'password'), 4);
      await workbench.run('Purser: Copy Value');
      expect(await workbench.waitForToast('none of the keys')).toBe(`stringData.password: ${sentence}`);
    });
  });
});
