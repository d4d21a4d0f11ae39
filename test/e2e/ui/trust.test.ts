import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { secretManifest } from './manifest.ts';
import { fingerprintOf, makeSample } from './sample.ts';

const sample = await makeSample();
const other = await makeSample();
const ref = '.purser/keys/prod.pub.pem';
const plain = secretManifest('orders', { password: 'velvet-anchor-1987-drumstick-fox' });
const files = {
  ...sample.files,
  'clusters/prod/first.yaml': plain,
  'clusters/prod/second.yaml': plain,
  'clusters/prod/third.yaml': plain,
};

describeInEditor('trust on first use', (editor) => {
  describeInWindow(editor, 'without the private half', { files }, (window) => {
    it('shows the fingerprint; Cancel writes nothing', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/first.yaml');
      await workbench.editor.lens('Encrypt 1 value').click();
      const dialog = await workbench.dialog();
      expect(dialog.detail).toContain(fingerprintOf(sample));
      await workbench.press('Cancel');
      expect(await workbench.editor.text()).toBe(plain);
      expect(await workbench.toasts()).toEqual([]);
    });

    it('encrypts when it is accepted, and does not ask again', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/first.yaml');
      await workbench.editor.lens('Encrypt 1 value').click();
      await workbench.press('Accept Key');
      await workbench.editor.waitForText('eyJ');
      await workbench.openFile('clusters/prod/second.yaml');
      await workbench.editor.lens('Encrypt 1 value').click();
      await workbench.editor.waitForText('eyJ');
    });

    it('shows the old and the new fingerprint when the key has changed', async () => {
      const { workbench, folder } = window();
      await writeFile(join(folder, ref), other.files[ref] ?? '');
      await workbench.openFile('clusters/prod/third.yaml');
      await workbench.editor.lens('Encrypt 1 value').click();
      const dialog = await workbench.dialog();
      expect(dialog.detail).toContain(fingerprintOf(sample));
      expect(dialog.detail).toContain(fingerprintOf(other));
      await workbench.press('Cancel');
      expect(await workbench.editor.text()).toBe(plain);
    });
  });
});
