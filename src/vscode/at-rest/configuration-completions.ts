import {
  CompletionItem,
  CompletionItemKind,
  type CompletionItemProvider,
  type Position,
  Range,
  SnippetString,
  type TextDocument,
} from 'vscode';
import type { Suggestion } from '../../app/at-rest/suggestions.ts';
import { configurationText } from './may-be-configuration.ts';

/** Completes EncryptionConfigurations in YAML: fields, providers with their strength, resources. Never a key. */
export class ConfigurationCompletions implements CompletionItemProvider {
  async provideCompletionItems(document: TextDocument, position: Position): Promise<CompletionItem[]> {
    const text = configurationText(document);
    if (text === undefined) return [];
    const { suggestionsAt } = await import('../../app/at-rest/suggestions.ts');
    const offset = document.offsetAt(position);
    const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
    const typed = /["']?[^\s[\],"']*$/.exec(line)?.[0] ?? '';
    const range = new Range(document.positionAt(offset - typed.length), position);
    return suggestionsAt(text, offset).map((suggestion, index) => itemOf(suggestion, index, typed, range));
  }
}

/** In the order that is recommended. */
function itemOf({ label, snippet, detail, hint }: Suggestion, index: number, typed: string, range: Range) {
  const item = new CompletionItem({ label, description: hint }, CompletionItemKind.Property);
  const quote = /^["']/.exec(typed)?.[0] ?? '';
  item.insertText = new SnippetString(snippet);
  item.filterText = `${quote}${label.replace(/^- /, '')}`;
  item.sortText = String(index).padStart(2, '0');
  item.documentation = detail;
  item.range = range;
  return item;
}
