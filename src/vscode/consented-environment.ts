import { l10n, type Memento, window, workspace } from 'vscode';
import type { Environment } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';

const memory = 'purser.consentedVariables';

/** Environment variables as keys: only in trusted workspaces, and after one consent a name. */
export class ConsentedEnvironment implements Environment {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  async read(name: string): Promise<string | undefined> {
    if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
    const value = process.env[name];
    if (value === undefined) return undefined;
    const consented = this.#state.get<readonly string[]>(memory, []);
    if (consented.includes(name)) return value;
    const use = l10n.t('Use Variable');
    const question = l10n.t('Use the environment variable {0} as a key in this workspace?', name);
    if ((await window.showWarningMessage(question, { modal: true }, use)) !== use) return undefined;
    await this.#state.update(memory, [...consented, name]);
    return value;
  }
}
