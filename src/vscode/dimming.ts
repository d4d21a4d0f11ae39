import {
  ColorThemeKind,
  type Disposable,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { Span } from '../core/span.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import { rangeOf } from './positions.ts';
import { spanOfToken } from './whole-file/span-of-token.ts';

/** Ciphertext steps back, so that what people read stands out; not in high contrast, where nothing may be faint. */
export class Dimming implements Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #registry: SchemeRegistry;
  readonly #dim = this.#own.add(window.createTextEditorDecorationType({ opacity: '0.6' }));
  readonly #drawing = this.#own.add(new Debounce(100));

  constructor(manifests: Manifests, registry: SchemeRegistry) {
    this.#manifests = manifests;
    this.#registry = registry;
    this.#own.add(window.onDidChangeVisibleTextEditors(() => this.#schedule()));
    this.#own.add(window.onDidChangeActiveColorTheme(() => this.#schedule()));
    this.#own.add(workspace.onDidChangeTextDocument(() => this.#schedule()));
    this.#schedule();
  }

  dispose(): void {
    this.#own.dispose();
  }

  #schedule(): void {
    this.#drawing.schedule(() => {
      for (const editor of window.visibleTextEditors) editor.setDecorations(this.#dim, this.#ranges(editor));
    });
  }

  #ranges({ document }: TextEditor) {
    const { kind } = window.activeColorTheme;
    const highContrast = kind === ColorThemeKind.HighContrast || kind === ColorThemeKind.HighContrastLight;
    if (highContrast) return [];
    return this.#spans(document).map((span) => rangeOf(document, span));
  }

  #spans(document: TextDocument): readonly Span[] {
    const whole =
      document.uri.scheme === 'file' ? spanOfToken(document.getText(), this.#registry) : undefined;
    if (whole !== undefined) return [whole];
    if (!isManifestDocument(document)) return [];
    const { groups, sealed } = this.#manifests.examine(document);
    const envelopes = groups.flatMap((group) => group.envelopes.map(({ entry }) => entry.span));
    const items = sealed.documents.flatMap((one) => one.items.map(({ span }) => span));
    return [...envelopes, ...items];
  }
}
