import { expect, it } from 'vitest';
import { sopsConfig } from '../../host/sample.mjs';
import { rsaPair } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { makeFluxSample, sealFor } from './flux-sample.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { example, makeSample } from './sample.ts';
import { chooseTheme, themes } from './themes.ts';

const sample = await makeSample();
const database = await example('clusters/prod/database.yaml');
const files = {
  ...sample.files,
  '.purser.yaml': `${await example('.purser.yaml')}  - path: partners/**\n    scheme: jwe\n    keys: [.purser/keys/partner.pub.pem]\n`,
  '.purser/keys/partner.pub.pem': rsaPair().publicPem,
  'clusters/prod/database.yaml': database,
  'partners/bank.yaml': secretManifest('bank', { 'api-key': 'paper-kite-58-thunder-biscuit' }),
};

const orders = await example('flux/apps/orders.yaml');
const flux = await makeFluxSample({
  'orders.yaml': orders,
  'mail.yaml': await example('flux/apps/mail.yaml'),
});
const sealedOrders = await sealFor(flux.holders, orders);
const [own = '', colleague = ''] = flux.holders.recipients;
const fluxFiles = {
  ...flux.files,
  'flux/apps/team/.sops.yaml': sopsConfig([own, colleague]).replace('^flux/apps/', '^'),
  'flux/apps/team/orders.yaml': sealedOrders,
};
const settings = { 'purser.scan.workspace': false };

/** What a person sees, in every kind of theme; the pictures are for looking at. */
describeInEditor('in colours', (editor) => {
  describeInWindow(editor, 'of every theme', { files, keys: sample.keys }, (window) => {
    it.each(themes)('shows findings, ciphertext and every dialog: $label', async (theme) => {
      const { workbench } = window();
      const { shot } = theme;
      const { editor: pane, quick, page } = workbench;
      const shoot = (what: string) => workbench.screenshot(`${shot}-${what}`);
      // The themes are there when extensions are, and so are the lenses.
      await workbench.openFile('clusters/prod/database.yaml');
      await pane.lenses(2);
      await chooseTheme(theme, workbench);
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

  describeInWindow(
    editor,
    'of a Flux repository',
    { files: fluxFiles, keys: flux.keys, settings },
    (window) => {
      it.each(themes)('shows SOPS and Sealed Secrets: $label', async (theme) => {
        const { workbench } = window();
        const { editor: pane, quick, page } = workbench;
        const shoot = (what: string) => workbench.screenshot(`${theme.shot}-flux-${what}`);
        await workbench.openFile('flux/apps/orders.yaml');
        await pane.lenses(1);
        await chooseTheme(theme, workbench);
        await pane.waitForSquiggles('error', 4);
        await shoot('1-plaintext');
        await pane.lens('Encrypt file').click();
        await pane.waitForText('ENC[');
        await pane.lens('Peek 4 values').waitFor();
        await pane.hover(lineOf(orders, 'password'), 20);
        await shoot('2-hover');
        await page.keyboard.press('Escape');
        await pane.lens('Peek 4 values').click();
        await quick.pressRowButton('stringData.password', 'Reveal');
        await quick.row('granite-harbor-6402-walnut-owl').waitFor();
        await shoot('3-peek');
        await page.keyboard.press('Escape');
        await pane.undo();
        expect(await pane.waitForText('granite-harbor')).toBe(orders);
        await workbench.openFile('flux/apps/team/orders.yaml');
        await pane.goTo(lineOf(sealedOrders, 'sops'));
        await pane.waitForSquiggles('warning', 1);
        await shoot('4-wrong-recipient');
        await workbench.run('Purser: Update Recipients…');
        expect((await workbench.dialog()).detail).toContain(colleague);
        await shoot('5-recipients');
        await workbench.press('Cancel');
        await workbench.openFile('flux/apps/mail.yaml');
        await pane.lens('Seal').click();
        expect((await workbench.dialog()).message).toContain('Seal for the namespace shop');
        await shoot('6-namespace');
        await workbench.press('Seal');
        const sealed = await pane.waitForText('kind: SealedSecret');
        await pane.lens('Peek 2 values').waitFor();
        await pane.hover(lineOf(sealed, 'smtp-password'), 30);
        await shoot('7-sealed');
        await page.keyboard.press('Escape');
        await pane.undo();
        await pane.waitForText('kind: Secret');
      });
    },
  );
});
