import {
  CodeLens,
  type CodeLensProvider,
  type Event,
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { wholeFileIs } from '../../audit/whole-file.ts';
import type { PolicyRule } from '../../policy/policy.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { Disposables } from '../disposables.ts';
import type { Policies } from '../policies.ts';
import { readSetting } from '../settings.ts';

/** A kubeconfig with the certificates of a hundred clusters; no lens is worth reading more. */
const longest = 1024 * 1024;

/** Actions above a file that is one ciphertext, or that policy wants to be one. */
export class TokenLenses implements CodeLensProvider {
  readonly #own = new Disposables();
  readonly #registry: SchemeRegistry;
  readonly #policies: Pick<Policies, 'find'>;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(registry: SchemeRegistry, policies: Pick<Policies, 'find' | 'onDidChange'>) {
    this.#registry = registry;
    this.#policies = policies;
    this.#own.add(policies.onDidChange(() => this.#changed.fire()));
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('purser.codeLens') && this.#changed.fire(),
      ),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!readSetting('codeLens.enabled', document.uri)) return [];
    const text = document.getText();
    const rule = (await this.#policies.find(document.uri))?.rule;
    if (text.length > longest) return [];
    const state = wholeFileIs(text, this.#registry);
    if (state === 'token') return this.#ofToken(document, text);
    return state === 'plaintext' && rule?.whole === true
      ? [lens(document, sealTitle(rule), 'purser.encryptFile')]
      : [];
  }

  #ofToken(document: TextDocument, text: string): CodeLens[] {
    const scheme = this.#registry.ofToken(text.trim());
    if (scheme?.token === undefined) return [];
    const { algorithm } = scheme.token.describe(text.trim());
    const how = algorithm.toLowerCase() === scheme.id ? scheme.id : `${scheme.id} ${algorithm}`;
    return [
      lens(document, `$(eye) ${l10n.t('Peek File')} · ${how}`, 'purser.peekFile'),
      lens(document, `$(edit) ${l10n.t('Set File…')}`, 'purser.setFile'),
    ];
  }
}

function sealTitle({ scheme, keys: [key] }: PolicyRule): string {
  return `$(lock) ${l10n.t('Encrypt File')} · ${scheme}${key === undefined ? '' : ` ${key.text}`}`;
}

function lens(document: TextDocument, title: string, command: string): CodeLens {
  const at = { uri: document.uri.toString(), offset: 0 };
  return new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [at] });
}
