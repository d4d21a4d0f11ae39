import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSealingCertificate } from '../../../src/crypto/x509.ts';
import { sealSecret } from '../../../src/schemes/sealed-secrets/sealing.ts';
import { sealingCertificate } from '../../host/certificate.mjs';
import { describePeer } from '../../support/peers.ts';
import { edited, secretIn, shapeOf, startOfKind } from '../../support/sealed-secrets.ts';
import { rsaPair } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { changed, linesWithout, makeFluxSample, pressOn, valueOf } from './flux-sample.ts';
import { lineOf } from './manifest.ts';
import { example, fingerprintOfPem } from './sample.ts';

const mail = await example('flux/apps/mail.yaml');
const password = 'copper-meadow-31-violin-frost';
const copies = [
  'mail-peek.yaml',
  'mail-set.yaml',
  'mail-remove.yaml',
  'mail-unseal.yaml',
  'mail-renamed.yaml',
];
const sample = await makeFluxSample({
  'mail.yaml': mail,
  ...Object.fromEntries(copies.map((name) => [name, ''])),
});
const { keys, certificate } = sample;
const fingerprint = fingerprintOfPem(certificate);
const newer = rsaPair();

/** As kubeseal would, but for the annotation. */
async function seal(): Promise<string> {
  const sealing = readSealingCertificate(Buffer.from(certificate), 'the certificate');
  const options = { namespace: 'shop', scope: undefined, sealedWith: fingerprint, allowEmpty: false };
  const at = startOfKind(mail, 'Secret');
  return edited(mail, await sealSecret(mail, at, sealing, options, new AbortController().signal));
}

const sealed = await seal();
const files = {
  ...sample.files,
  ...Object.fromEntries(copies.map((name) => [`flux/apps/${name}`, sealed])),
  'flux/apps/mail-renamed.yaml': sealed.replace('  name: mail', '  name: post'),
};

describeInEditor('SealedSecrets', (editor) => {
  const atHand = { files, keys: { ...keys, 'newer.pem': newer.privatePem } };
  describeInWindow(editor, "with the controller's key at hand", atHand, (window) => {
    it('seals by the lens, once the namespace of kustomization.yaml is confirmed', async () => {
      const { workbench, folder } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/mail.yaml');
      await pane.waitForSquiggles('error', 2);
      expect(await pane.lenses(1)).toEqual(['Seal · sealed-secrets prod.pem']);
      await pane.lens('Seal').click();
      expect((await workbench.dialog()).message).toBe(
        'Seal for the namespace shop, which flux/apps/kustomization.yaml says it goes to?',
      );
      await workbench.press('Cancel');
      expect(await pane.text()).toBe(mail);
      expect(await workbench.toasts()).toEqual([]);
      await pane.lens('Seal').click();
      await workbench.press('Seal');
      const text = await pane.waitForText('kind: SealedSecret');
      expect(text.startsWith(mail.slice(0, mail.indexOf('apiVersion')))).toBe(true);
      expect(text).not.toContain(password);
      expect(shapeOf(text)).toEqual({
        apiVersion: 'bitnami.com/v1alpha1',
        kind: 'SealedSecret',
        metadata: {
          name: 'mail',
          namespace: 'shop',
          annotations: { 'purser.dev/sealed-with': fingerprint },
        },
        keys: ['smtp-password', 'smtp-username'],
        template: {
          metadata: {
            name: 'mail',
            namespace: 'shop',
            annotations: { 'reloader.stakater.com/match': 'true' },
          },
          type: 'Opaque',
        },
      });
      await pane.undo();
      expect(await pane.waitForText(password)).toBe(mail);
      await pane.redo();
      expect(await pane.waitForText('kind: SealedSecret')).toBe(text);
      await pane.save();
      expect(await readFile(join(folder, 'flux/apps/mail.yaml'), 'utf8')).toBe(text);
      await pane.waitForSquiggles('error', 0);
    });

    it('peeks with the key of the controller', async () => {
      const { workbench } = window();
      const { quick } = workbench;
      await workbench.openFile('flux/apps/mail-peek.yaml');
      await workbench.editor.lens('Peek 2 values').click();
      expect((await quick.labels()).toSorted()).toEqual([
        'encryptedData.smtp-password••••••••',
        'encryptedData.smtp-username••••••••',
      ]);
      expect(await workbench.page.content()).not.toContain(password);
      await quick.pressRowButton('encryptedData.smtp-password', 'Reveal');
      await quick.row(password).waitFor();
    });

    it('sets one item from its row, and leaves the others as they are', async () => {
      const { workbench } = window();
      const { quick } = workbench;
      await workbench.openFile('flux/apps/mail-set.yaml');
      await workbench.editor.lens('Peek 2 values').click();
      await quick.pressRowButton('encryptedData.smtp-password', 'Set…');
      await quick.masked();
      await workbench.page.keyboard.type('walnut-64-orchid');
      await workbench.page.keyboard.press('Enter');
      const text = await changed(workbench, sealed);
      expect(linesWithout(text, 'smtp-password')).toEqual(linesWithout(sealed, 'smtp-password'));
      await workbench.editor.goTo(lineOf(text, 'smtp-password'), 6);
      await workbench.run('Purser: Copy Value');
      await workbench.waitForClipboard('walnut-64-orchid');
    });

    it('takes an item out', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/mail-remove.yaml');
      await workbench.editor.goTo(lineOf(sealed, 'smtp-username'), 6);
      await workbench.run('Purser: Remove Value…');
      const text = await changed(workbench, sealed);
      expect(text.split('\n')).toEqual(linesWithout(sealed, 'smtp-username'));
    });

    it('unseals through a modal in its own word into a Secret', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/mail-unseal.yaml');
      await workbench.run('Purser: Decrypt Secret');
      expect((await workbench.dialog()).message).toBe('Unseal 2 values into the file?');
      await workbench.press('Unseal');
      const text = await pane.waitForText('kind: Secret\n');
      expect(secretIn(text)).toMatchObject({
        metadata: { name: 'mail', namespace: 'shop' },
        data: {
          'smtp-username': Buffer.from('shop@example.com').toString('base64'),
          'smtp-password': Buffer.from(password).toString('base64'),
        },
      });
      await pane.undo();
      expect(await pane.waitForText('kind: SealedSecret')).toBe(sealed);
    });

    it('says of one whose name was changed that its items do not open', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/mail-renamed.yaml');
      await workbench.editor.lens('Peek 2 values').click();
      const rows = await workbench.quick.labels();
      await workbench.screenshot('sealed-renamed');
      expect(rows).toHaveLength(2);
      for (const row of rows)
        expect(row).toContain('no key at hand opens this value for the name and namespace that stand here');
    });

    it('marks what is sealed to an old certificate, and seals it again to the one of policy', async () => {
      const { workbench, folder } = window();
      const { editor: pane, quick } = workbench;
      await writeFile(join(folder, '.purser/certs/prod.pem'), sealingCertificate(newer.privatePem));
      await workbench.openFile('flux/apps/mail-peek.yaml');
      await pane.goTo(lineOf(sealed, 'kind'));
      await pane.waitForSquiggles('warning', 1);
      await pane.quickFix('Seal', lineOf(sealed, 'kind'), 8);
      await quick.row('flux/apps/mail-peek.yaml').waitFor();
      await workbench.screenshot('sealed-again');
      await quick.widget.getByRole('button', { name: 'OK' }).click();
      const text = await changed(workbench, sealed);
      expect(text).toContain(`purser.dev/sealed-with: ${fingerprintOfPem(newer.publicPem)}`);
      for (const key of ['smtp-username', 'smtp-password'])
        expect(valueOf(text, key)).not.toBe(valueOf(sealed, key));
      await pane.waitForSquiggles('warning', 0);
    });

    describePeer('what it saved', 'kubeseal', (kubeseal) => {
      it('is unsealed by kubeseal', async () => {
        const { folder, server } = window();
        const text = await readFile(join(folder, 'flux/apps/mail.yaml'), 'utf8');
        const key = join(server.keys, 'controller.pem');
        const unseal = ['--recovery-unseal', '--recovery-private-key', key, '-o', 'yaml'];
        expect(secretIn(kubeseal(unseal, text).toString())).toMatchObject({
          metadata: { name: 'mail', namespace: 'shop' },
          data: { 'smtp-password': Buffer.from(password).toString('base64') },
        });
      });
    });
  });

  describeInWindow(editor, 'with the certificate alone', { files }, (window) => {
    it('shows its fingerprint first, asks once, and sets a value that nobody here can open', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('flux/apps/mail.yaml');
      await pane.lens('Seal').click();
      const { message, detail } = await workbench.dialog();
      await workbench.screenshot('sealed-trust');
      expect(message).toBe('Encrypt to the key .purser/certs/prod.pem?');
      expect(detail).toContain(`Fingerprint: ${fingerprint}`);
      await pressOn(workbench, 'Accept Key', 'Seal for the namespace');
      await workbench.press('Seal');
      const text = await pane.waitForText('kind: SealedSecret');
      await pane.goTo(lineOf(text, 'smtp-password'), 6);
      await workbench.run('Purser: Set Value…');
      await workbench.quick.masked();
      await workbench.quick.answer('walnut-64-orchid');
      const set = await changed(workbench, text);
      expect(linesWithout(set, 'smtp-password')).toEqual(linesWithout(text, 'smtp-password'));
      await pane.lens('Peek 2 values').click();
      expect(await workbench.waitForToast('No key at hand')).toContain('sealed-secrets');
    });
  });

  describeInWindow(editor, 'SealedSecrets in Restricted Mode', { ...atHand, trust: false }, (window) => {
    it('are opened by nothing', async () => {
      const { workbench } = window();
      await workbench.openFile('flux/apps/mail-peek.yaml');
      await workbench.editor.lens('Peek 2 values').click();
      await workbench.waitForToast('trusted workspace');
      expect(await workbench.quick.field.isVisible()).toBe(false);
      expect(await workbench.quick.commands('Purser:')).not.toContain('Purser: Seal Again…');
      expect(await workbench.page.content()).not.toContain(password);
    });
  });
});
