import { expect, it } from 'vitest';
import { until } from '../../host/until.mjs';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { makeSample, tokensIn } from './sample.ts';

const sample = await makeSample();
const before = secretManifest('orders', { user: 'orders', password: 'changeme' });
const files = {
  ...sample.files,
  'clusters/prod/typed.yaml': before,
  'clusters/prod/pasted.yaml': before,
  'clusters/prod/refused.yaml': before,
  'clusters/prod/from-file.yaml': before,
  'value.txt': 'copper\nlighthouse\n',
};

describeInEditor('setting a value', (editor) => {
  describeInWindow(editor, 'by policy', { files, keys: sample.keys }, (window) => {
    /** Opens a file and asks for a new value of `password`. */
    async function set(file: string): Promise<void> {
      const { workbench } = window();
      await workbench.openFile(file);
      await workbench.editor.goTo(lineOf(before, 'password'), 4);
      await workbench.run('Purser: Set Value…');
      await workbench.quick.masked();
    }

    it('types it unseen', async () => {
      const { workbench } = window();
      await set('clusters/prod/typed.yaml');
      await workbench.page.keyboard.type('walnut-64-orchid');
      expect(await workbench.quick.field.inputValue()).toBe('walnut-64-orchid');
      await workbench.page.keyboard.press('Enter');
      const after = await workbench.editor.waitForText('eyJ');
      expect(await Promise.all(tokensIn(after).map(sample.open))).toEqual(['walnut-64-orchid']);
      expect(after.replace(tokensIn(after)[0] ?? '', 'changeme')).toBe(before);
    });

    it('takes several lines from the clipboard', async () => {
      const { workbench } = window();
      await set('clusters/prod/pasted.yaml');
      await workbench.setClipboard('first\nsecond\n');
      await workbench.quick.pressButton('Use the Clipboard');
      const after = await workbench.editor.waitForText('eyJ');
      expect(await Promise.all(tokensIn(after).map(sample.open))).toEqual(['first\nsecond\n']);
    });

    it('takes the bytes of a file', async () => {
      const { workbench, folder } = window();
      await set('clusters/prod/from-file.yaml');
      await workbench.quick.pressButton('Read from a File');
      await workbench.quick.answerFile(`${folder}/value.txt`);
      const after = await workbench.editor.waitForText('eyJ');
      expect(await Promise.all(tokensIn(after).map(sample.open))).toEqual(['copper\nlighthouse\n']);
    });

    it('refuses a PEM that has lost its line breaks', async () => {
      const { workbench } = window();
      await set('clusters/prod/refused.yaml');
      await workbench.quick.answer('-----BEGIN PRIVATE KEY-----MIIEvQIBADANBg-----END PRIVATE KEY-----');
      await until('it to be refused', async () =>
        (await workbench.quick.message.innerText()).includes('lost its line breaks'),
      );
      await workbench.page.keyboard.press('Escape');
      expect(await workbench.editor.text()).toBe(before);
    });
  });
});
