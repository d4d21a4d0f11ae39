import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Editor } from '../host/install.mjs';
import { packVsix } from '../host/pack.mjs';
import type { Session, SessionOptions } from '../host/session.mjs';
import { openEditor } from '../host/session.mjs';
import { until } from '../host/until.mjs';

/**
 * A group of tests that share one window with the packed extension, since starting one takes ten seconds. Each test opens
 * a file of its own. When one fails, a picture of the window is kept, and what it left open is closed.
 */
export function describeInWindow(
  editor: Editor,
  name: string,
  options: SessionOptions,
  body: (window: () => Session) => void,
): void {
  describe(name, () => {
    let session: Session | undefined;
    beforeAll(async () => {
      session = await openEditor(editor, { vsix: [await packVsix()], ...options });
    });
    afterAll(() => session?.close());
    afterEach(async ({ task }) => {
      if (session === undefined) return;
      const { workbench } = session;
      if (task.result?.state === 'fail') await workbench.screenshot(`failed-${name}-${task.name}`);
      await tidy(session);
    });
    body(() => {
      if (session === undefined) throw new Error('the window did not open');
      return session;
    });
  });
}

/** Closes what floats above the editor, so that the next test does not meet it. */
async function tidy({ workbench }: Session): Promise<void> {
  const floating = '.quick-input-widget:visible, .monaco-dialog-box:visible, .action-widget:visible';
  await until('nothing to float above the editor', async () => {
    if ((await workbench.page.locator(floating).count()) === 0) return true;
    await workbench.page.keyboard.press('Escape');
    return false;
  });
  if ((await workbench.toasts()).length > 0) await workbench.run('Notifications: Clear All Notifications');
}
