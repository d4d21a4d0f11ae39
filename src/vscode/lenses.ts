import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  type Event,
  EventEmitter,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { applyAction } from './apply-action.ts';
import { Disposables } from './disposables.ts';
import { type LensAction, lensActions } from './lens-actions.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import { readSetting } from './settings.ts';
import type { Location } from './targets.ts';

/** Actions above Secrets and above ciphertext. Their arguments are places, never values. */
export class Lenses implements CodeLensProvider, Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(manifests: Manifests, policies: Pick<Policies, 'onDidChange'>) {
    this.#manifests = manifests;
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
    if (!isManifestDocument(document) || !readSetting('codeLens.enabled', document.uri)) return [];
    const answer = await this.#manifests.policyOf(document);
    if (answer?.ignored === true) return [];
    const examined = this.#manifests.examine(document);
    const apply = document.uri.scheme === 'file' ? applyAction(examined, answer) : undefined;
    const actions = [...lensActions(examined, answer), ...(apply === undefined ? [] : [apply])];
    return actions.map((action) => lens(document, action));
  }
}

function lens(document: TextDocument, { offset, title, command }: LensAction): CodeLens {
  const position = document.positionAt(offset);
  const at: Location = { uri: document.uri.toString(), offset };
  return new CodeLens(new Range(position, position), { title, command, arguments: [at] });
}
