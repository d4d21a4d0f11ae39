import { expect, it } from 'vitest';
import { rsaPair } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { example, makeSample } from './sample.ts';

const themes = [
  { label: 'Light Modern', shot: 'light', css: 'vs' },
  { label: 'Dark Modern', shot: 'dark', css: 'vs-dark' },
  { label: 'Dark High Contrast', shot: 'hc-black', css: 'hc-black' },
  { label: 'Light High Contrast', shot: 'hc-light', css: 'hc-light' },
];

const sample = await makeSample();
const database = await example('clusters/prod/database.yaml');
const files = {
  ...sample.files,
  '.purser.yaml': `${await example('.purser.yaml')}  - path: partners/**\n    scheme: jwe\n    keys: [.purser/keys/partner.pub.pem]\n`,
  '.purser/keys/partner.pub.pem': rsaPair().publicPem,
  'clusters/prod/database.yaml': database,
  'partners/bank.yaml': secretManifest('bank', { 'api-key': 'paper-kite-58-thunder-biscuit' }),
};

/** What a person sees, in every kind of theme; the pictures are for looking at. */
describeInEditor('in colours', (editor) => {
  describeInWindow(editor, 'of every theme', { files, keys: sample.keys }, (window) => {
    it.each(themes)('shows findings, ciphertext and every dialog: $label', async ({ label, shot, css }) => {
      const { workbench } = window();
      const { editor: pane, quick, page } = workbench;
      const shoot = (what: string) => workbench.screenshot(`${shot}-${what}`);
      // The themes are there when extensions are, and so are the lenses.
      await workbench.openFile('clusters/prod/database.yaml');
      await pane.lenses(2);
      await workbench.run('Preferences: Color Theme');
      await quick.fill(label);
      await quick.pick(label);
      await quick.field.waitFor({ state: 'hidden' });
      await page.locator(`.monaco-workbench.${css}`).waitFor();
      await pane.squiggles('error').first().waitFor();
      await shoot('1-findings');
      await pane.lens('Encrypt 4 values').click();
      const sealed = await pane.waitForText('eyJ');
      await pane.lens('Peek 4 values').waitFor();
      await shoot('2-encrypted');
      await pane.lens('Peek 4 values').click();
      await quick.pressRowButton('stringData.password', 'Reveal');
      await quick.row('correct-horse-battery-staple-42').waitFor();
      await shoot('3-peek');
      await page.keyboard.press('Escape');
      await pane.goTo(lineOf(sealed, 'password'), 4);
      await workbench.run('Purser: Set Value…');
      await quick.masked();
      await page.keyboard.type('walnut-64-orchid');
      await shoot('4-set');
      await page.keyboard.press('Escape');
      await workbench.run('Purser: Decrypt Secret');
      expect((await workbench.dialog()).message).toBe('Decrypt 4 values into the file?');
      await shoot('5-decrypt');
      await workbench.press('Cancel');
      await pane.undo();
      expect(await pane.waitForText('correct-horse')).toBe(database);
      await workbench.openFile('partners/bank.yaml');
      await pane.lens('Encrypt 1 value').click();
      expect((await workbench.dialog()).message).toBe('Encrypt to the key .purser/keys/partner.pub.pem?');
      await shoot('6-trust');
      await workbench.press('Cancel');
    });
  });
});
