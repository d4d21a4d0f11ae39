import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { makeSample } from './sample.ts';

const sample = await makeSample();
const before = secretManifest('orders', { user: 'orders', password: 'orchid' });
const files = { ...sample.files, 'clusters/prod/set.yaml': before, 'clusters/prod/typed.yaml': before };
const unique = () => `canary-${crypto.randomUUID()}`;

describeInEditor('plaintext on disk', (editor) => {
  describeInWindow(editor, 'of the editor and the workspace', { files, keys: sample.keys }, (window) => {
    it('is nowhere after a value was set, peeked, revealed and copied', async () => {
      const { workbench, roots } = window();
      const { quick, editor: pane } = workbench;
      const value = unique();
      await workbench.openFile('clusters/prod/set.yaml');
      await pane.goTo(lineOf(before, 'password'), 4);
      await workbench.run('Purser: Set Value…');
      await workbench.quick.masked();
      await workbench.page.keyboard.type(value);
      await workbench.page.keyboard.press('Enter');
      await pane.waitForText('eyJ');
      await pane.save();
      await pane.lens('Peek 1 value').click();
      await quick.pressRowButton('stringData.password', 'Reveal');
      await quick.row(value).waitFor();
      await quick.pressRowButton('stringData.password', 'Copy');
      await workbench.waitForClipboard(value);
      await workbench.page.keyboard.press('Escape');
      // Whatever the editor keeps of a session it has written when it is opened again.
      await workbench.reload();
      await workbench.openFile('clusters/prod/typed.yaml');
      expect(await canary(roots, value)).toEqual([]);
    });

    it('is gone from the backups after a typed value was encrypted and saved', async () => {
      const { workbench, roots, server } = window();
      const { editor: pane } = workbench;
      const value = unique();
      await workbench.openFile('clusters/prod/typed.yaml');
      await pane.goTo(lineOf(before, 'password'), '  password: orchid'.length + 1);
      await pane.type(`-${value}`);
      const backups = join(server.dir, 'user', 'User', 'Backups');
      await until('the editor to back it up', async () => (await canary([backups], value)).length > 0);
      await pane.lens('Encrypt 1 value').click();
      await pane.waitForText('eyJ');
      await pane.save();
      await until('it to be gone', async () => (await canary(roots, value)).length === 0);
    });
  });
});
