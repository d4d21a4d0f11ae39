import { l10n, type Memento, window, workspace } from 'vscode';
import type { ConnectionConsent, CredentialPlugin } from '../../app/clusters/kubeconfig.ts';
import { onOneLine, shown } from '../../app/sentence.ts';

const memory = 'purser.allowedPlugins';
/** A longer command line is shown by its beginning and its end: an end out of sight may be what matters. */
const shownAtMost = 1200;

/**
 * What a person allowed before a cluster is connected to. Credential plugins are remembered by hash, servers that nobody
 * checks until the window closes; what was declined is asked again. In Restricted Mode nobody is asked and nothing is allowed.
 */
export class Consents implements ConnectionConsent {
  readonly #state: Memento;
  readonly #unchecked = new Set<string>();
  /** Questions that are open or wait for their turn, by what they are about. */
  readonly #asked = new Map<string, Promise<boolean>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param state the person's own, not a workspace's */
  constructor(state: Memento) {
    this.#state = state;
  }

  async mayRun(plugin: CredentialPlugin): Promise<boolean> {
    if (!workspace.isTrusted) return false;
    if (this.#allowed().includes(plugin.hash)) return true;
    return this.#once(`plugin ${plugin.hash}`, async () => {
      if (!(await askToRun(plugin))) return false;
      await this.#state.update(memory, [...this.#allowed(), plugin.hash]);
      return true;
    });
  }

  async mayGoUnchecked(server: string, kubeconfig: string): Promise<boolean> {
    if (!workspace.isTrusted) return false;
    const id = `server ${JSON.stringify([server, kubeconfig])}`;
    if (this.#unchecked.has(id)) return true;
    return this.#once(id, async () => {
      const agreed = await askToGoUnchecked(server, kubeconfig);
      if (agreed) this.#unchecked.add(id);
      return agreed;
    });
  }

  /** Forget Allowed Plugins: everything is asked again. */
  async forget(): Promise<void> {
    const plugins = this.#allowed().length;
    this.#unchecked.clear();
    await this.#state.update(memory, undefined);
    void window.showInformationMessage(forgottenText(plugins));
  }

  #allowed(): readonly string[] {
    const hashes = this.#state.get<unknown>(memory);
    return Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === 'string') : [];
  }

  /** One question at a time, and one for all that ask the same. */
  #once(id: string, ask: () => Promise<boolean>): Promise<boolean> {
    const open = this.#asked.get(id);
    if (open !== undefined) return open;
    const answer = this.#last.then(ask).finally(() => this.#asked.delete(id));
    this.#asked.set(id, answer);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

function forgottenText(plugins: number): string {
  if (plugins === 0) return l10n.t('No credential plugin was allowed to run.');
  return plugins === 1
    ? l10n.t('1 credential plugin may no longer run unasked.')
    : l10n.t('{0} credential plugins may no longer run unasked.', plugins);
}

async function askToRun({
  command,
  program,
  commandLine,
  kubeconfig,
  server,
}: CredentialPlugin): Promise<boolean> {
  const run = l10n.t('Run Plugin');
  const lines = [
    l10n.t('Command: {0}', wholeOf(commandLine)),
    l10n.t('Program: {0}', wholeOf(program)),
    l10n.t('Asked for by: {0}', wholeOf(kubeconfig)),
    l10n.t('Its credentials go to: {0}', wholeOf(server)),
    '',
    l10n.t(
      'It runs with all your rights, whenever this kubeconfig is used. Allow only what you would run yourself.',
    ),
  ];
  const question = l10n.t('Run {0} to log in to the cluster?', shown(command));
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, run)) === run;
}

async function askToGoUnchecked(server: string, kubeconfig: string): Promise<boolean> {
  const connect = l10n.t('Connect Unchecked');
  const lines = [
    l10n.t('Kubeconfig: {0}', wholeOf(kubeconfig)),
    '',
    l10n.t(
      'It says insecure-skip-tls-verify: nobody checks who answers, and whoever does gets your credentials.',
    ),
  ];
  const question = l10n.t('Connect to {0} without checking its certificate?', shown(server));
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, connect)) === connect;
}

/** Nothing is to be pushed out of sight: not by blanks, and not by sheer length. */
function wholeOf(text: string): string {
  const plain = onOneLine(text).replace(/\s{3,}/g, (blanks) => ` [${l10n.t('{0} blanks', blanks.length)}] `);
  if (plain.length <= shownAtMost) return plain;
  const half = shownAtMost / 2;
  const left = l10n.t('{0} more characters', plain.length - shownAtMost);
  return `${plain.slice(0, half)} [${left}] ${plain.slice(-half)}`;
}
