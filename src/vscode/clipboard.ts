import { type Disposable, env, l10n, window } from 'vscode';
import { readSetting } from './settings.ts';

/** Copies secrets and clears them from the clipboard again, if they are still there. */
export class Clipboard implements Disposable {
  #timer: NodeJS.Timeout | undefined;

  async copy(text: string, name: string): Promise<void> {
    clearTimeout(this.#timer);
    await env.clipboard.writeText(text);
    const seconds = readSetting('clipboard.clearAfterSeconds');
    if (seconds > 0) this.#timer = setTimeout(() => void clear(text), seconds * 1000);
    const sentence =
      seconds > 0
        ? l10n.t('{0} is on the clipboard; it is cleared in {1} s, while this window is open.', name, seconds)
        : l10n.t('{0} is on the clipboard.', name);
    window.setStatusBarMessage(`$(copy) ${sentence}`, 5000);
  }

  /** Clears the clipboard if this is still on it. */
  async clear(text: string): Promise<void> {
    await clear(text);
  }

  /** Leaves the clipboard as it is: VS Code cuts extensions off from it before it deactivates them. */
  dispose(): void {
    clearTimeout(this.#timer);
  }
}

async function clear(text: string): Promise<void> {
  if ((await env.clipboard.readText()) === text) await env.clipboard.writeText('');
}
