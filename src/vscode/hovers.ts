import { Hover, type HoverProvider, MarkdownString, type Position, type TextDocument } from 'vscode';
import { movedFrom } from '../app/decrypt.ts';
import { shown } from '../app/sentence.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import { rangeOf } from './positions.ts';
import { linesOfItem } from './sealed-hover.ts';

/** What can be told of a ciphertext without a key; never a plaintext. */
export class Hovers implements HoverProvider {
  readonly #manifests: Manifests;
  readonly #registry: SchemeRegistry;

  constructor(manifests: Manifests, registry: SchemeRegistry) {
    this.#manifests = manifests;
    this.#registry = registry;
  }

  provideHover(document: TextDocument, position: Position): Hover | undefined {
    if (!isManifestDocument(document)) return undefined;
    const offset = document.offsetAt(position);
    const examined = this.#manifests.examine(document);
    for (const sealed of examined.sealed.documents) {
      const item = sealed.items.find(({ span }) => offset >= span.start && offset <= span.end);
      if (item !== undefined)
        return new Hover(escaped(linesOfItem(sealed, item, this.#registry)), rangeOf(document, item.span));
    }
    for (const group of examined.groups) {
      const envelope = group.envelopes.find(
        ({ entry }) => offset >= entry.span.start && offset <= entry.span.end,
      );
      if (envelope !== undefined)
        return new Hover(this.#describe(group), rangeOf(document, envelope.entry.span));
    }
    return undefined;
  }

  #describe(group: EnvelopeGroup): MarkdownString {
    const scheme = this.#registry.byId(group.scheme);
    const { algorithm, recipient, createdAt, boundTo, bytes } = scheme.describe(group);
    const moved = movedFrom(group, this.#registry);
    const lines = [
      `${scheme.title}, ${algorithm}, ${bytes} B`,
      ...(recipient === undefined ? [] : [`sealed to ${recipient}`]),
      ...(createdAt === undefined ? [] : [`made ${createdAt.toISOString()}`]),
      ...(boundTo === undefined ? [] : [`for ${boundTo}`]),
      ...(moved === undefined ? [] : ['It stands somewhere else than it was made for.']),
    ];
    return escaped(lines);
  }
}

/** What stands in a ciphertext's header or beside it comes from whoever made it. */
function escaped(lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  for (const [index, line] of lines.entries()) text.appendText(`${index === 0 ? '' : '\n'}${shown(line)}`);
  return text;
}
