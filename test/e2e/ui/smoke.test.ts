import { expect, it } from 'vitest';
import { packVsix } from '../../host/pack.mjs';
import { withEditor } from '../../host/session.mjs';
import { describeInEditor } from '../describe-in-editor.ts';

const MANIFEST = `apiVersion: v1
kind: Secret
metadata:
  name: main
stringData:
  password: correct-horse-battery-staple-42
`;

describeInEditor('the packed extension', (editor) => {
  it('offers its commands and marks a plaintext password', async () => {
    const options = { vsix: [await packVsix()], files: { 'database.yaml': MANIFEST } };
    await withEditor(editor, options, async ({ workbench }) => {
      await workbench.openFile('database.yaml');
      await workbench.editor.waitForSquiggles('error', 1);
      const offered = await workbench.quick.commands('Purser:');
      expect(offered.filter((label) => label.startsWith('Purser: '))).not.toEqual([]);
      expect(await workbench.toasts()).toEqual([]);
      await workbench.screenshot('smoke');
    });
  });
});
