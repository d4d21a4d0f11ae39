import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { example, makeSample, tokensIn } from './sample.ts';

const database = await example('clusters/prod/database.yaml');
const sample = await makeSample();
const files = {
  ...sample.files,
  'clusters/prod/database.yaml': database,
  'clusters/prod/one-value.yaml': database,
  'clusters/prod/ignored.yaml': database,
};

describeInEditor('encrypting', (editor) => {
  describeInWindow(editor, 'with the key at hand', { files, keys: sample.keys }, (window) => {
    it('marks plaintext and offers to encrypt it, and shows no notification', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/database.yaml');
      const lenses = await workbench.editor.lenses(2);
      console.log(lenses);
      console.log(await workbench.problems());
      console.log(await workbench.quick.commands('Purser:'));
      expect(await workbench.toasts()).toEqual([]);
    });

    it('encrypts by the lens; one undo gives the original bytes, and redo the same ciphertext', async () => {
      const { workbench, folder } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/database.yaml');
      expect(await pane.text()).toBe(database);
      await pane.lens('Encrypt 4 values').click();
      const sealed = await pane.waitForText('eyJ');
      console.log(sealed);
      await pane.undo();
      expect(await pane.waitForText('correct-horse')).toBe(database);
      await pane.redo();
      expect(await pane.waitForText('eyJ')).toBe(sealed);
      console.log(await Promise.all(tokensIn(sealed).map(sample.open)));
      await pane.save();
      expect(await readFile(join(folder, 'clusters/prod/database.yaml'), 'utf8')).toBe(sealed);
    });

    it('encrypts one value by its quick fix', async () => {
      const { workbench } = window();
      await workbench.openFile('clusters/prod/one-value.yaml');
      console.log(await workbench.editor.quickFixes(19, 5));
    });
  });
});
