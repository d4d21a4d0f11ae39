import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canary } from '../../host/canary.mjs';
import { changedKeys } from '../../support/age-repository.ts';
import { describePeer } from '../../support/peers.ts';
import { valuesIn } from '../../support/sealed-secrets.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { changed, linesWithout, makeFluxSample, plainSpaces, sealFor } from './flux-sample.ts';
import { lineOf } from './manifest.ts';
import { example } from './sample.ts';

const orders = await example('flux/apps/orders.yaml');
const password = 'granite-harbor-6402-walnut-owl';
const signingKey = 'orders-signing-key-77-maple-lantern';
const registry = `{
  "apiVersion": "v1",
  "kind": "Secret",
  "metadata": { "name": "registry", "namespace": "shop" },
  "stringData": { "password": "copper-lighthouse-64-walnut" }
}
`;
const { files, keys, holders } = await makeFluxSample({
  'orders.yaml': orders,
  'fixed.yaml': orders,
  'registry.json': registry,
});
const [own = ''] = holders.recipients;

const sealed = await sealFor(holders, orders);
const copies = ['peek', 'set', 'add', 'remove', 'decrypt', 'canary'];
const sealedFiles = {
  ...files,
  ...Object.fromEntries(copies.map((name) => [`flux/apps/${name}.yaml`, sealed])),
};
// Only open files are marked then.
const settings = { 'purser.scan.workspace': false };

describeInEditor('SOPS', (editor) => {
  const atHand = { files: sealedFiles, keys, settings };
  describeInWindow(editor, 'with the age key at hand', atHand, (window) => {
    /** Opens a file and types a new value of its password, unseen. */
    async function setPassword(file: string, value: string): Promise<string> {
      const { workbench } = window();
      await workbench.openFile(file);
      await workbench.editor.goTo(lineOf(sealed, 'password'), 4);
      await workbench.run('Purser: Set Value…');
      await workbench.quick.masked();
      await workbench.page.keyboard.type(value);
      await workbench.page.keyboard.press('Enter');
      return changed(workbench, sealed);
    }

    it('encrypts what is underlined by the lens; one undo gives the original bytes, and redo the same', async () => {
      const { workbench, folder } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/orders.yaml');
      await pane.waitForSquiggles('error', 3);
      expect(await pane.lenses(1)).toEqual(['Encrypt file · sops']);
      await pane.lens('Encrypt file').click();
      const text = await pane.waitForText('ENC[');
      expect(await holders.opened(text, 'yaml')).toContain(`0 stringData.password str ${password}`);
      // The comments outside of what is encrypted stand as they did; the other one is encrypted too, as sops does.
      expect(text.startsWith(orders.slice(0, orders.indexOf('  # the')))).toBe(true);
      expect(text).toContain('  #ENC[');
      await pane.undo();
      expect(await pane.waitForText(password)).toBe(orders);
      await pane.redo();
      expect(await pane.waitForText('ENC[')).toBe(text);
      await pane.save();
      expect(await readFile(join(folder, 'flux/apps/orders.yaml'), 'utf8')).toBe(text);
      await pane.waitForSquiggles('error', 0);
    });

    it('encrypts by the quick fix of one value, whose title says that it takes the file', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/fixed.yaml');
      await workbench.editor.quickFix('Encrypt this file (sops)', lineOf(orders, 'password'), 14);
      expect(await workbench.editor.waitForText('ENC[')).not.toContain(password);
    });

    it('encrypts JSON', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/registry.json');
      await workbench.editor.lens('Encrypt file').click();
      const text = await workbench.editor.waitForText('ENC[');
      const before = '  "metadata": { "name": "registry", "namespace": "shop" },\n';
      expect(text).toContain(before);
      expect(await holders.opened(text, 'json')).toContain(
        '0 stringData.password str copper-lighthouse-64-walnut',
      );
    });

    it('says in the hover what it is and whom it is sealed to, without opening anything', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/peek.yaml');
      const hover = plainSpaces(await workbench.editor.hover(lineOf(sealed, 'password'), 20));
      expect(hover).toContain('SOPS: stringData.password');
      expect(hover).toContain(`sealed to age ${own.slice(0, 12)}…${own.slice(-6)}`);
      expect(hover).not.toContain(password);
      await workbench.page.keyboard.press('Escape');
    });

    it('peeks masked, reveals one value, and copies another decoded from base64', async () => {
      const { workbench } = window();
      const { quick, page } = workbench;
      await workbench.openFile('flux/apps/peek.yaml');
      await workbench.editor.lens('Peek 4 values').click();
      expect(await quick.labels()).toEqual([
        'stringData.username••••••••',
        'stringData.password••••••••',
        'stringData.url••••••••',
        'data.signing-key••••••••',
      ]);
      expect(await page.content()).not.toContain(password);
      await quick.pressRowButton('stringData.password', 'Reveal');
      await quick.row(password).waitFor();
      await quick.pressRowButton('data.signing-key', 'Copy');
      await workbench.waitForClipboard(signingKey);
    });

    it('sets one value unseen, and changes three lines', async () => {
      const text = await setPassword('flux/apps/set.yaml', 'walnut-64-orchid');
      expect(text).not.toContain('walnut');
      expect(changedKeys(sealed, text)).toEqual(['password', 'mac']);
      expect(linesWithout(text, 'password', 'lastmodified', 'mac')).toEqual(
        linesWithout(sealed, 'password', 'lastmodified', 'mac'),
      );
      expect(await holders.opened(text, 'yaml')).toContain('0 stringData.password str walnut-64-orchid');
    });

    it('adds a value beside the others, encoded where it stands under data', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/add.yaml');
      await workbench.editor.goTo(lineOf(sealed, 'kind'));
      await workbench.run('Purser: Set Value…');
      await workbench.quick.pick('Add a value…');
      await workbench.quick.answer('data.api-key');
      await workbench.quick.masked();
      await workbench.quick.answer('copper-lighthouse');
      const text = await changed(workbench, sealed);
      expect(linesWithout(text, 'api-key', 'lastmodified', 'mac')).toEqual(
        linesWithout(sealed, 'lastmodified', 'mac'),
      );
      expect(await holders.opened(text, 'yaml')).toContain(
        `0 data.api-key str ${Buffer.from('copper-lighthouse').toString('base64')}`,
      );
    });

    it('takes a value out, and leaves the others as they are', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/remove.yaml');
      await workbench.editor.goTo(lineOf(sealed, 'url'), 4);
      await workbench.run('Purser: Remove Value…');
      const text = await changed(workbench, sealed);
      expect(linesWithout(text, 'lastmodified', 'mac')).toEqual(
        linesWithout(sealed, 'url', 'lastmodified', 'mac'),
      );
      expect((await holders.opened(text, 'yaml')).join()).not.toContain('stringData.url');
    });

    it('decrypts through the modal into what stood there before', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/decrypt.yaml');
      await workbench.run('Purser: Decrypt Secret');
      const { message, detail } = await workbench.dialog();
      expect(message).toBe('Decrypt 4 values into the file?');
      expect(detail).toContain('The plaintext will be on disk');
      await workbench.press('Cancel');
      expect(await pane.text()).toBe(sealed);
      await workbench.run('Purser: Decrypt Secret');
      await workbench.press('Decrypt');
      expect(await pane.waitForText(password)).toBe(orders);
      await pane.undo();
      expect(await pane.waitForText('ENC[')).toBe(sealed);
    });

    it('leaves no plaintext on disk after a value was set, peeked and copied', async () => {
      const { workbench, roots } = window();
      const { editor: pane, quick } = workbench;
      const value = `canary-${crypto.randomUUID()}`;
      await setPassword('flux/apps/canary.yaml', value);
      await pane.save();
      await pane.lens('Peek 4 values').click();
      await quick.pressRowButton('stringData.password', 'Reveal');
      await quick.row(value).waitFor();
      await quick.pressRowButton('stringData.password', 'Copy');
      await workbench.waitForClipboard(value);
      await workbench.page.keyboard.press('Escape');
      // Whatever the editor keeps of a session it has written when it is opened again.
      await workbench.reload();
      await workbench.openFile('flux/apps/peek.yaml');
      expect(await canary(roots, value)).toEqual([]);
    });

    describePeer('what it saved', 'sops', (sops) => {
      it('is opened by sops', async () => {
        const { folder, server } = window();
        process.env['SOPS_AGE_KEY_FILE'] = join(server.keys, 'flux.age');
        try {
          const opened = sops(['decrypt', join(folder, 'flux/apps/orders.yaml')], '').toString();
          expect(valuesIn(opened)).toEqual(valuesIn(orders));
        } finally {
          delete process.env['SOPS_AGE_KEY_FILE'];
        }
      });
    });
  });

  describeInWindow(editor, 'SOPS files in Restricted Mode', { ...atHand, trust: false }, (window) => {
    it('are opened and changed by nothing; a new one is encrypted to the person', async () => {
      const { workbench } = window();
      const { editor: pane, quick } = workbench;
      await workbench.openFile('flux/apps/peek.yaml');
      await pane.lens('Peek 4 values').click();
      expect(await workbench.waitForToast('trusted workspace')).toBe(
        'This needs a trusted workspace; trust it first (Workspaces: Manage Workspace Trust)',
      );
      expect(await quick.field.isVisible()).toBe(false);
      const offered = await quick.commands('Purser:');
      for (const hidden of ['Peek', 'Decrypt Secret', 'Update Recipients…', 'Rotate Data Key'])
        expect(offered).not.toContain(`Purser: ${hidden}`);
      await workbench.run('Notifications: Clear All Notifications');
      await pane.goTo(lineOf(sealed, 'password'), 4);
      await workbench.run('Purser: Set Value…');
      await workbench.waitForToast('trusted workspace');
      expect(await pane.text()).toBe(sealed);
      expect(await workbench.page.content()).not.toContain(password);
      await workbench.openFile('flux/apps/orders.yaml');
      await pane.lens('Encrypt file').click();
      await pane.waitForText('ENC[');
    });
  });
});
