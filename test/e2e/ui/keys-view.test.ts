import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateFernetKey, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { until } from '../../host/until.mjs';
import type { Workbench } from '../../host/workbench.mjs';
import { canary, kubeconfigText } from '../../support/kubeconfigs.ts';
import { rsaPair } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { drop, fold, rowLike, rows, unfold } from './cluster-tree.ts';
import { makeFluxSample, plainSpaces, sealFor } from './flux-sample.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { example, makeSample } from './sample.ts';
import { chooseTheme, themes } from './themes.ts';

const sample = await makeSample();
const flux = await makeFluxSample({});
const fernet = generateFernetKey();
const kubeconfig = kubeconfigText({ token: canary }, { server: 'https://prod.example:6443' });
const token = sealFernet(Buffer.from(kubeconfig), readFernetKey(Buffer.from(fernet), 'k'), {
  now: new Date(),
});
/** To a key that nobody here has, as far as its name tells. */
const box = (key: string, letter: string) =>
  `k8s:enc:secretbox:v1:${key}:${Buffer.from(letter.repeat(60)).toString('base64')}`;
const database = secretManifest('db', {
  username: 'ann',
  password: await sample.seal('velvet-anchor-1987', 'shop/db#password'),
  token: await sample.seal('walnut-64-orchid', 'shop/db#token'),
});
const files = {
  ...sample.files,
  ...flux.files,
  'clusters/prod/database.yaml': database,
  'clusters/dev/cache.yaml': secretManifest('cache', {
    password: box('dev-2026', 'a'),
    'old-password': box('dev-2024', 'b'),
  }),
  'flux/apps/orders.yaml': await sealFor(flux.holders, await example('flux/apps/orders.yaml')),
  'access/prod.kubeconfig.enc': token,
};
const keys = { ...flux.keys, ...sample.keys, 'kubeconfig.fernet': fernet };
const settings = { 'workbench.tree.enableStickyScroll': false };

/** Opens the view, and leaves the room to it. */
async function showKeys(workbench: Workbench): Promise<void> {
  await workbench.run('Purser: Focus on Keys View');
  for (const other of ['Clusters', 'Findings']) {
    const header = workbench.page.locator(`.pane-header[aria-label^="${other}"]`);
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }
}

/** Draws the side bar's edge so far to the right that rows are read in full. */
async function widen({ page }: Workbench): Promise<void> {
  const bar = await page.locator('.part.sidebar').boundingBox();
  if (bar === null || bar.width > 500) return;
  await page.mouse.move(bar.x + bar.width, bar.y + 200);
  await page.mouse.down();
  await page.mouse.move(bar.x + 560, bar.y + 200, { steps: 5 });
  await page.mouse.up();
}

describeInEditor('the Keys view', (editor) => {
  describeInWindow(editor, 'of a repository', { files, keys, settings }, (window) => {
    it('lists every key and recipient, with what is sealed to it, as a screen reader says it', async () => {
      const { workbench } = window();
      await showKeys(workbench);
      await rowLike(workbench, /^key \.purser\/keys\/prod\.pub\.pem, 2 values · JWE.*, can open here$/);
      await rowLike(workbench, /^key local:kubeconfig, 1 value · Fernet · 256 bits, can open here$/);
      await rowLike(workbench, /^key local:dev-2026, 1 value · .*not among your keys, cannot open here$/);
      await rowLike(workbench, /^unknown recipient dev-2024, 1 value · Secretbox · not known here$/);
      await rowLike(workbench, /^key \.purser\/certs\/prod\.pem, .*can open here$/);
      expect((await rows(workbench)).filter((row) => /^key (?:local:flux|age1)/.test(row))).toHaveLength(1);
    });

    it.each(themes)('is drawn with its rows, menus, hovers and whole files: $label', async (theme) => {
      const { workbench } = window();
      const { editor: pane, quick, page } = workbench;
      const shoot = (what: string) => workbench.screenshot(`keys-${theme.shot}-${what}`);
      await workbench.openFile('clusters/prod/database.yaml');
      await pane.lens('Peek 2 values').waitFor();
      await chooseTheme(theme, workbench);
      await showKeys(workbench);
      await widen(workbench);
      const prod = workbench.treeRow('key .purser/keys/prod.pub.pem');
      await unfold(prod);
      await unfold(workbench.treeRow('unknown recipient dev-2024'));
      await workbench.treeRow('fingerprint').waitFor();
      await shoot('1-view');
      // Rows that are still being unfolded move away under the mouse.
      await until('the row of the key to be chosen', async () => {
        await prod.click();
        return /\bfocused\b/.test((await prod.getAttribute('class')) ?? '');
      });
      await page.keyboard.press('Shift+F10');
      const menu = page.locator('.monaco-menu');
      await menu.waitFor();
      await shoot('2-menu');
      await page.keyboard.press('Escape');
      await fold(prod);
      await fold(workbench.treeRow('unknown recipient dev-2024'));
      await pane.hover(lineOf(database, 'password'), 30);
      await shoot('3-hover');
      await page.keyboard.press('Escape');
      await workbench.openFile('.purser/keys/prod.pub.pem');
      const hover = plainSpaces(await pane.hover(1, 5));
      expect(hover).toContain('2 values in 1 file are sealed to it.');
      expect(hover).toContain('Its private half is among your keys.');
      await shoot('4-key-file');
      await page.keyboard.press('Escape');
      await workbench.openFile('access/prod.kubeconfig.enc');
      await pane.lens('Set File').waitFor();
      expect(plainSpaces(await pane.hover(1, 5))).toMatch(/^Fernet, \d+ B\n+made /);
      await page.locator('.editor-actions .action-label[aria-label^="Peek File"]').waitFor();
      await shoot('5-token-file');
      await page.keyboard.press('Escape');
      await pane.lens('Peek File').click();
      await workbench.webview.getByText('https://prod.example:6443').waitFor();
      expect(await workbench.webview.locator('body').innerHTML()).not.toContain(canary);
      await shoot('6-peek-file');
      await pane.lens('Set File').click();
      await quick.field.waitFor();
      await shoot('7-set-file');
      await page.keyboard.press('Escape');
      await workbench.run('View: Close All Editors');
    });

    it('takes a private key that is dropped on it, and lists it at once', async () => {
      const { workbench } = window();
      const { quick } = workbench;
      await showKeys(workbench);
      const row = workbench.treeRow('key local:kubeconfig');
      await row.waitFor();
      await drop(row, { name: 'staging.pem', content: rsaPair().privatePem });
      await quick.answer('staging');
      await quick.pick('In the key folder');
      await rowLike(workbench, /^key local:staging, .*can open here$/);
      await workbench.screenshot('keys-8-dropped');
    });

    it('lists a key that another program makes, and no longer one that it takes away', async () => {
      const { workbench, server } = window();
      await showKeys(workbench);
      const late = join(server.keys, 'late.fernet');
      await writeFile(late, generateFernetKey(), { mode: 0o600 });
      await rowLike(workbench, /^key local:late, unused · Fernet · 256 bits, can open here$/);
      await rm(late);
      await workbench.treeRow('key local:late').waitFor({ state: 'detached' });
    });

    it('does by the keyboard alone what its rows offer', async () => {
      const { workbench } = window();
      const { page } = workbench;
      await showKeys(workbench);
      await workbench.treeRow('key .purser/keys/prod.pub.pem').waitFor();
      await workbench.run('Purser: Focus on Keys View');
      await page.keyboard.press('Home');
      const focused = () =>
        page.locator('.part.sidebar .monaco-list-row.focused').first().getAttribute('aria-label');
      await until('the row of the key', async () => {
        if ((await focused())?.startsWith('key .purser/keys/prod.pub.pem') === true) return true;
        await page.keyboard.press('ArrowDown');
        return false;
      });
      await page.keyboard.press('Shift+F10');
      await page.locator('.monaco-menu').waitFor();
      await until('the entry of the menu', async () => {
        const entry = page.locator('.monaco-menu .action-item.focused');
        if ((await entry.count()) > 0 && (await entry.innerText()).includes('Copy Fingerprint')) return true;
        await page.keyboard.press('ArrowDown');
        return false;
      });
      await page.keyboard.press('Enter');
      await until('the fingerprint', async () => (await workbench.clipboard()).startsWith('SHA256:'));
      await page.keyboard.press('ArrowRight');
      await workbench.treeRow('fingerprint').waitFor();
    });
  });

  describeInWindow(editor, 'in Restricted Mode', { files, keys, settings, trust: false }, (window) => {
    it('says why it is empty', async () => {
      const { workbench } = window();
      await showKeys(workbench);
      await workbench.page.getByText('In Restricted Mode no key is looked at.').waitFor();
      await workbench.screenshot('keys-9-restricted');
    });
  });
});
