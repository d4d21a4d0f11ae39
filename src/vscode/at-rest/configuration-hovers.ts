import { Hover, type HoverProvider, MarkdownString, type Position, type TextDocument } from 'vscode';
import { shown } from '../../app/sentence.ts';
import { rangeOf } from '../positions.ts';
import { configurationText } from './may-be-configuration.ts';

/** What an EncryptionConfiguration comes to: how strong a provider is, who writes a resource, what a key is for. */
export class ConfigurationHovers implements HoverProvider {
  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const text = configurationText(document);
    if (text === undefined) return undefined;
    const { configurationHover } = await import('../../app/at-rest/configuration-hover.ts');
    const found = configurationHover(text, document.offsetAt(position));
    if (found === undefined) return undefined;
    // appendText escapes: names come from the repository.
    const words = new MarkdownString().appendText(found.lines.map(shown).join('\n'));
    return new Hover(words, rangeOf(document, found));
  }
}
