import { Hover, type HoverProvider, l10n, type Position, type TextDocument } from 'vscode';
import { movedFrom } from '../app/decrypt.ts';
import { withoutComment } from '../app/keys/sealed-to.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';
import { escaped, linesOfCiphertext, linesOfOpeners, type OwnKeys } from './ciphertext-lines.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import { rangeOf } from './positions.ts';
import { linesOfItem } from './sealed-hover.ts';

/** What can be told of a ciphertext without opening it; never a plaintext. */
export class Hovers implements HoverProvider {
  readonly #manifests: Manifests;
  readonly #own: OwnKeys;

  constructor(manifests: Manifests, own: OwnKeys) {
    this.#manifests = manifests;
    this.#own = own;
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    if (!isManifestDocument(document)) return undefined;
    const answer = await this.#manifests.policyOf(document);
    const offset = document.offsetAt(position);
    const examined = this.#manifests.examine(document);
    for (const sealed of examined.sealed.documents) {
      const item = sealed.items.find(({ span }) => offset >= span.start && offset <= span.end);
      if (item === undefined) continue;
      const names = sealed.recipients.map(({ name }) => withoutComment(name));
      const openers = await linesOfOpeners(sealed.scheme, names, answer?.rule, this.#own);
      const lines = [...linesOfItem(sealed, item, this.#own.registry), ...openers];
      return new Hover(escaped(lines), rangeOf(document, item.span));
    }
    for (const group of examined.groups) {
      const envelope = group.envelopes.find(
        ({ entry }) => offset >= entry.span.start && offset <= entry.span.end,
      );
      if (envelope === undefined) continue;
      const { recipient } = this.#own.registry.byId(group.scheme).describe(group);
      const names = recipient === undefined ? [] : [recipient];
      const openers = await linesOfOpeners(group.scheme, names, answer?.rule, this.#own);
      const lines = [...this.#describe(group), ...openers];
      return new Hover(escaped(lines), rangeOf(document, envelope.entry.span));
    }
    return undefined;
  }

  #describe(group: EnvelopeGroup): readonly string[] {
    const scheme = this.#own.registry.byId(group.scheme);
    const moved = movedFrom(group, this.#own.registry);
    return [
      ...linesOfCiphertext(scheme.title, scheme.describe(group)),
      ...(moved === undefined ? [] : [l10n.t('It stands somewhere else than it was made for.')]),
    ];
  }
}
