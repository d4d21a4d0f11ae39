import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sopsConfig } from '../../host/sample.mjs';
import { SopsHolders } from '../../support/sops.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { changed, makeFluxSample, pressOn, sealFor, valueOf } from './flux-sample.ts';
import { lineOf } from './manifest.ts';
import { example } from './sample.ts';

const orders = await example('flux/apps/orders.yaml');
const { files, keys, holders } = await makeFluxSample({ 'orders.yaml': orders, 'other.yaml': orders });
const [own = '', colleague = '', , other = ''] = holders.recipients;
const strangers = await SopsHolders.create();
const sealed = await sealFor(holders, orders);
const sealedFiles = {
  ...files,
  'flux/apps/rotate.yaml': sealed,
  'flux/apps/foreign.yaml': await sealFor(strangers, orders),
  'flux/apps/label.yaml': sealed.replace('app: orders', 'app: order'),
  'flux/apps/mac.yaml': sealed.replace(/(mac: ENC\[AES256_GCM,data:)../, '$1AA'),
  'flux/apps/renamed.yaml': sealed.replace('username: ENC', 'user: ENC'),
  'flux/apps/team/.sops.yaml': sopsConfig([own, colleague]).replace('^flux/apps/', '^'),
  'flux/apps/team/recipients.yaml': sealed,
};
// Only open files are marked then.
const settings = { 'purser.scan.workspace': false };

describeInEditor('the recipients of SOPS files', (editor) => {
  const atHand = { files: sealedFiles, keys, settings };
  describeInWindow(editor, 'with one of their age keys', atHand, (window) => {
    it('rotates the data key: every value anew, and the same plaintext', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/rotate.yaml');
      await workbench.run('Purser: Rotate Data Key');
      const text = await changed(workbench, sealed);
      for (const key of ['username', 'password', 'url', 'signing-key'])
        expect(valueOf(text, key)).not.toBe(valueOf(sealed, key));
      expect(await holders.opened(text, 'yaml')).toEqual(await holders.opened(sealed, 'yaml'));
    });

    it('marks a file that a colleague of .sops.yaml cannot open, and seals it to them too', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/team/recipients.yaml');
      await pane.goTo(lineOf(sealed, 'sops'));
      await pane.waitForSquiggles('warning', 1);
      await pane.quickFix('Update Recipients…', lineOf(sealed, 'sops'), 2);
      expect((await workbench.dialog()).detail).toContain(colleague);
      await pressOn(workbench, 'Accept Recipient', 'Update the recipients');
      const { message, detail } = await workbench.dialog();
      expect(message).toBe('Update the recipients of flux/apps/team/recipients.yaml?');
      expect(detail).toBe(`Added:\n${colleague}`);
      await workbench.press('Update Recipients');
      const text = await pane.waitForText(colleague);
      await pane.waitForSquiggles('warning', 0);
      const [opened, before] = [
        await holders.opening(text, 'yaml', 1),
        await holders.opening(sealed, 'yaml'),
      ];
      expect(opened.dataKey.equals(before.dataKey)).toBe(true);
      const values = (some: string) => some.split('\n').filter((line) => line.includes('ENC['));
      expect(values(text).slice(0, -1)).toEqual(values(sealed).slice(0, -1));
    });

    it('says in one sentence that no key at hand opens a file', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/foreign.yaml');
      await workbench.editor.lens('Peek 4 values').click();
      expect(await workbench.waitForToast('No key at hand')).toContain(
        `which is sealed to ${strangers.recipients[0]}; import `,
      );
      expect(await workbench.toasts()).toHaveLength(1);
    });

    it.each([
      ['label', 'because a value that is not encrypted was edited by hand'],
      ['mac', 'The MAC of this SOPS file does not open: mac or lastmodified was edited by hand'],
      ['renamed', 'stringData.user: this value does not open here'],
    ])('says in one sentence what was altered: %s', async (file, words) => {
      const { workbench } = window();
      await workbench.openFile(`flux/apps/${file}.yaml`);
      await workbench.editor.lens('Peek 4 values').click();
      await workbench.waitForToast(words);
      expect(await workbench.toasts()).toHaveLength(1);
    });
  });

  describeInWindow(editor, 'without an age key', { files, settings }, (window) => {
    it('shows whom .sops.yaml names and asks once; Cancel writes nothing', async () => {
      const { workbench, folder } = window();
      await writeFile(join(folder, '.sops.yaml'), sopsConfig([colleague, other]));
      await workbench.openFile('flux/apps/orders.yaml');
      await workbench.editor.lens('Encrypt file').click();
      const { message, detail } = await workbench.dialog();
      expect(message).toBe('Encrypt to 2 recipients that .sops.yaml names?');
      expect(detail).toContain(`${colleague}\n${other}`);
      await workbench.press('Cancel');
      expect(await workbench.editor.text()).toBe(orders);
      expect(await workbench.toasts()).toEqual([]);
      await workbench.editor.lens('Encrypt file').click();
      await workbench.press('Accept Recipients');
      const text = await workbench.editor.waitForText('ENC[');
      for (const who of [1, 3]) expect((await holders.opening(text, 'yaml', who)).dataKey).toBeDefined();
      await workbench.openFile('flux/apps/other.yaml');
      await workbench.editor.lens('Encrypt file').click();
      await workbench.editor.waitForText('ENC[');
    });
  });
});
