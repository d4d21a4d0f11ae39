import { expect, it } from 'vitest';
import { until } from '../../host/until.mjs';
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
      console.log(await quick.labels());
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
      const dialog = await workbench.dialog();
      console.log(dialog);
      expect(dialog.detail).toContain('The plaintext will be on disk');
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
      console.log(await workbench.dialog());
      await workbench.press('Decrypt');
      console.log(await workbench.editor.waitForText(password));
    });

    it('asks before it opens a ciphertext that was made for another place', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/moved.yaml');
      await workbench.editor.lens('Peek 1 value').click();
      console.log(await workbench.dialog());
      await workbench.press('Cancel');
      await workbench.editor.lens('Peek 1 value').click();
      await workbench.press('Open All the Same');
      await workbench.quick.row('stringData.password').waitFor();
      console.log(await workbench.quick.labels());
    });

    it('says in one sentence that the key is not at hand', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/foreign.yaml');
      await workbench.editor.lens('Peek 1 value').click();
      console.log(await workbench.quick.labels());
      await workbench.page.keyboard.press('Escape');
      await workbench.editor.goTo(lineOf(foreign, 'password'), 4);
      await workbench.run('Purser: Copy Value');
      console.log(
        await until('a toast', async () => {
          const t = await workbench.toasts();
          return t.length > 0 && t;
        }),
      );
    });
  });
});
