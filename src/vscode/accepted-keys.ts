import { type Memento, window, workspace } from 'vscode';
import type { UnknownKey } from '../app/ports.ts';
import { sameFingerprint } from '../app/sealing-key.ts';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import type { KeptTrust } from './services.ts';

const memory = 'purser.acceptedKeys';

/**
 * Trust on first use, remembered in the workspace: a public key that was not accepted before is shown, old and new.
 * Throws an `AbortError` where the person declines: what they have just decided is not told to them again.
 */
export class AcceptedKeys implements KeptTrust {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  async accepts(key: UnknownKey): Promise<boolean> {
    const accepted = this.#accepted();
    const id = idOf(key);
    const before = Object.hasOwn(accepted, id) ? accepted[id] : undefined;
    if (before !== undefined && sameFingerprint(before, key.fingerprint)) return true;
    if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
    if (!(await ask(key, before))) throw new DOMException('declined', 'AbortError');
    await this.remember(key);
    return true;
  }

  async remember(key: Omit<UnknownKey, 'description'>): Promise<void> {
    await this.#state.update(memory, { ...this.#accepted(), [idOf(key)]: key.fingerprint });
  }

  #accepted(): Readonly<Record<string, string>> {
    return this.#state.get<Record<string, string>>(memory, {});
  }
}

function idOf({ root, ref }: Pick<UnknownKey, 'root' | 'ref'>): string {
  return `${root}\n${ref}`;
}

async function ask(key: UnknownKey, before: string | undefined): Promise<boolean> {
  const lines = [
    ...(before === undefined ? [] : [`Accepted before: ${before}`]),
    `${before === undefined ? 'Fingerprint' : 'Now'}: ${key.fingerprint}`,
    `Kind: ${key.description}`,
    '',
    "Whoever has the private half of this key can read what you encrypt. Compare the fingerprint with its owner's.",
  ];
  const question =
    before === undefined
      ? `Encrypt to the key ${shown(key.ref)}?`
      : `The key ${shown(key.ref)} has changed. Encrypt to the new one?`;
  const accept = 'Accept Key';
  return (
    (await window.showWarningMessage(question, { modal: true, detail: lines.join('\n') }, accept)) === accept
  );
}
