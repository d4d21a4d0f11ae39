import { type Memento, window, workspace } from 'vscode';
import type { ConnectionConsent, CredentialPlugin } from '../../app/clusters/kubeconfig.ts';
import { onOneLine, shown } from '../../app/sentence.ts';
import { count } from '../counts.ts';

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
    void window.showInformationMessage(
      plugins === 0
        ? 'No credential plugin was allowed to run.'
        : `${count(plugins, 'credential plugin')} may no longer run unasked.`,
    );
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

async function askToRun({
  command,
  program,
  commandLine,
  kubeconfig,
  server,
}: CredentialPlugin): Promise<boolean> {
  const run = 'Run Plugin';
  const lines = [
    `Command: ${wholeOf(commandLine)}`,
    `Program: ${wholeOf(program)}`,
    `Asked for by: ${wholeOf(kubeconfig)}`,
    `Its credentials go to: ${wholeOf(server)}`,
    '',
    'It runs with all your rights, whenever this kubeconfig is used. Allow only what you would run yourself.',
  ];
  const question = `Run ${shown(command)} to log in to the cluster?`;
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, run)) === run;
}

async function askToGoUnchecked(server: string, kubeconfig: string): Promise<boolean> {
  const connect = 'Connect Unchecked';
  const lines = [
    `Kubeconfig: ${wholeOf(kubeconfig)}`,
    '',
    'It says insecure-skip-tls-verify: nobody checks who answers, and whoever does gets your credentials.',
  ];
  const question = `Connect to ${shown(server)} without checking its certificate?`;
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, connect)) === connect;
}

/** Nothing is to be pushed out of sight: not by blanks, and not by sheer length. */
function wholeOf(text: string): string {
  const plain = onOneLine(text).replace(/\s{3,}/g, (blanks) => ` [${blanks.length} blanks] `);
  if (plain.length <= shownAtMost) return plain;
  const half = shownAtMost / 2;
  return `${plain.slice(0, half)} [${plain.length - shownAtMost} more characters] ${plain.slice(-half)}`;
}
