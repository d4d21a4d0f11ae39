import { describe, it } from 'vitest';
import type { Editor } from '../host/install.mjs';
import { ensureEditor } from '../host/install.mjs';

const found = await ensureEditor();

/** A `describe` for tests that need VS Code. Where there is none they are skipped, and the name says why. */
export function describeInEditor(name: string, body: (editor: Editor) => void | Promise<void>): void {
  if ('missing' in found)
    describe.skip(`${name} (skipped: ${found.missing})`, () => it('needs VS Code', () => undefined));
  else describe(name, () => body(found));
}
