import { it } from 'vitest';
import type { HostResult } from '../host/host-suite.mjs';
import { runHostTests } from '../host/host-suite.mjs';
import type { Editor } from '../host/install.mjs';
import { build, root } from '../host/pack.mjs';
import { symmetricKey } from '../support/workspace.ts';
import { describeInEditor } from './describe-in-editor.ts';

/** The suite runs once, in one window; each of its tests is then one here, so that the counts are true. */
describeInEditor('in the extension host', async (editor) => {
  for (const { name, ok, error, milliseconds } of await results(editor)) {
    it(`${name} (${milliseconds} ms)`, () => {
      if (!ok) throw new Error(error);
    });
  }
});

async function results(editor: Editor): Promise<HostResult[]> {
  try {
    await build();
    return await runHostTests(editor, { extension: root, keys: { 'dev.fernet': symmetricKey() } });
  } catch (error) {
    return [{ name: 'the suite comes to its end', ok: false, error: String(error), milliseconds: 0 }];
  }
}
