import { expect, it } from 'vitest';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { secretManifest } from './manifest.ts';
import { makeSample, tokensIn } from './sample.ts';

const sample = await makeSample();
const password = 'velvet-anchor-1987-drumstick-fox';
const mixed = secretManifest('orders', {
  user: 'orders',
  password: await sample.seal(password),
  'api-key': 'paper-kite-58-thunder',
});
const files = { ...sample.files, 'clusters/prod/mixed.yaml': mixed };

describeInEditor('Restricted Mode', (editor) => {
  describeInWindow(editor, 'an untrusted folder', { files, keys: sample.keys, trust: false }, (window) => {
    it('finds plaintext and encrypts, but opens nothing', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/mixed.yaml');
      await pane.waitForSquiggles('error', 1);
      const offered = await workbench.quick.commands('Purser:');
      expect(offered).toContain('Purser: Encrypt Secret');
      for (const hidden of ['Decrypt Value', 'Decrypt Secret', 'Peek', 'Copy Value', 'Back Up Key…'])
        expect(offered).not.toContain(`Purser: ${hidden}`);
      await pane.lens('Peek 1 value').click();
      expect(await workbench.waitForToast('trusted workspace')).toBe(
        'This needs a trusted workspace; trust it first (Workspaces: Manage Workspace Trust)',
      );
      expect(await workbench.quick.field.isVisible()).toBe(false);
      expect(await workbench.page.content()).not.toContain(password);
      await pane.lens('Encrypt 1 value · jwe prod.pub.pem').click();
      expect(tokensIn(await pane.waitForText('api-key: eyJ'))).toHaveLength(2);
    });

    it('peeks as soon as the folder is trusted', async () => {
      const { workbench } = window();
      await workbench.grantTrust();
      await workbench.openFile('clusters/prod/mixed.yaml');
      await workbench.editor.lens('Peek 2 values').click();
      await workbench.quick.pressRowButton('stringData.password', 'Reveal');
      await workbench.quick.row(password).waitFor();
    });
  });
});
