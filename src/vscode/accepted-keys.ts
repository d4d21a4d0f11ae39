import { l10n, type Memento, window, workspace } from 'vscode';
import type { UnknownKey, UnknownRecipients } from '../app/ports.ts';
import { sameFingerprint } from '../app/sealing-key.ts';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import { recipientLine } from './recipient-line.ts';
import type { KeptTrust } from './services.ts';

const memory = 'purser.acceptedKeys';
const recipientMemory = 'purser.acceptedRecipients';
/** Of what is known; a modal has little room. */
const knownShown = 12;

/**
 * Trust on first use, remembered in the workspace: a public key that was not accepted before is shown, old and new.
 * Throws an `AbortError` where the person declines: what they have just decided is not told to them again.
 */
export class AcceptedKeys implements KeptTrust {
  readonly #state: Memento;
  #asking = 0;

  constructor(state: Memento) {
    this.#state = state;
  }

  async accepts(key: UnknownKey): Promise<boolean> {
    const accepted = this.#accepted();
    const id = idOf(key);
    const before = Object.hasOwn(accepted, id) ? accepted[id] : undefined;
    if (before !== undefined && sameFingerprint(before, key.fingerprint)) return true;
    if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
    if (!(await this.whileAsking(ask(key, before)))) throw new DOMException('declined', 'AbortError');
    await this.remember(key);
    return true;
  }

  /**
   * The same for recipients, all of them in one question. What was accepted before for a file stays accepted; the question
   * shows it beside what is new.
   */
  async acceptsRecipients({ root, file, recipients }: UnknownRecipients): Promise<boolean> {
    const before = this.#acceptedRecipients();
    const id = idOf({ root, ref: file });
    const known = Object.hasOwn(before, id) ? (before[id] ?? []) : [];
    const unknown = recipients.filter(({ name }) => !known.includes(name));
    if (unknown.length === 0) return true;
    if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
    if (!(await this.whileAsking(askRecipients(file, unknown, known))))
      throw new DOMException('declined', 'AbortError');
    const accepted = [...known, ...unknown.map(({ name }) => name)];
    await this.#state.update(recipientMemory, { ...this.#acceptedRecipients(), [id]: accepted });
    return true;
  }

  async remember(key: Omit<UnknownKey, 'description'>): Promise<void> {
    await this.#state.update(memory, { ...this.#accepted(), [idOf(key)]: key.fingerprint });
  }

  get isAsking(): boolean {
    return this.#asking > 0;
  }

  /** The answer to a question: until then it is the person who is waited for. */
  async whileAsking<T>(question: Promise<T>): Promise<T> {
    this.#asking++;
    return question.finally(() => this.#asking--);
  }

  #accepted(): Readonly<Record<string, string>> {
    return this.#state.get<Record<string, string>>(memory, {});
  }

  #acceptedRecipients(): Readonly<Record<string, readonly string[]>> {
    return this.#state.get<Record<string, readonly string[]>>(recipientMemory, {});
  }
}

function idOf({ root, ref }: Pick<UnknownKey, 'root' | 'ref'>): string {
  return `${root}\n${ref}`;
}

async function ask(key: UnknownKey, before: string | undefined): Promise<boolean> {
  const lines = [
    ...(before === undefined
      ? [l10n.t('Fingerprint: {0}', key.fingerprint)]
      : [l10n.t('Accepted before: {0}', before), l10n.t('Now: {0}', key.fingerprint)]),
    l10n.t('Kind: {0}', key.description),
    '',
    l10n.t(
      "Whoever has the private half of this key can read what you encrypt. Compare the fingerprint with its owner's.",
    ),
  ];
  const question =
    before === undefined
      ? l10n.t('Encrypt to the key {0}?', shown(key.ref))
      : l10n.t('The key {0} has changed. Encrypt to the new one?', shown(key.ref));
  const accept = l10n.t('Accept Key');
  return (
    (await window.showWarningMessage(question, { modal: true, detail: lines.join('\n') }, accept)) === accept
  );
}

async function askRecipients(
  file: string,
  unknown: UnknownRecipients['recipients'],
  known: readonly string[],
): Promise<boolean> {
  const lines = [
    ...(known.length === 0 ? [] : [l10n.t('Accepted before: {0}', known.length), ...first(known), '']),
    known.length === 0 ? l10n.t('Recipients:') : l10n.t('New:'),
    // All of them: what is left out could be anybody.
    ...(await Promise.all(unknown.map(recipientLine))),
    '',
    l10n.t(
      'Whoever has the private half of any of these can read what you encrypt. Compare them with their owners.',
    ),
  ];
  const question =
    unknown.length === 1
      ? l10n.t('Encrypt to a recipient that {0} names?', shown(file))
      : l10n.t('Encrypt to {0} recipients that {1} names?', unknown.length, shown(file));
  const accept = unknown.length === 1 ? l10n.t('Accept Recipient') : l10n.t('Accept Recipients');
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, accept)) === accept;
}

function first(names: readonly string[]): readonly string[] {
  const more = names.length - knownShown;
  return [...names.slice(0, knownShown).map(shown), ...(more > 0 ? [l10n.t('and {0} more', more)] : [])];
}
