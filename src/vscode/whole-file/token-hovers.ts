import { Hover, type HoverProvider, type Position, type TextDocument } from 'vscode';
import { escaped, linesOfCiphertext, linesOfOpeners, linesOfOwn, type OwnKeys } from '../ciphertext-lines.ts';
import type { Policies } from '../policies.ts';
import { rangeOf } from '../positions.ts';
import { spanOfToken } from './span-of-token.ts';

/** What can be told of a file that is one ciphertext, without opening it. */
export class TokenHovers implements HoverProvider {
  readonly #own: OwnKeys;
  readonly #policies: Pick<Policies, 'find'>;

  constructor(own: OwnKeys, policies: Pick<Policies, 'find'>) {
    this.#own = own;
    this.#policies = policies;
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const { registry } = this.#own;
    const text = document.getText();
    const span = spanOfToken(text, registry);
    const offset = document.offsetAt(position);
    if (span === undefined || offset < span.start || offset > span.end) return undefined;
    const token = text.slice(span.start, span.end);
    const scheme = registry.ofToken(token);
    if (scheme?.token === undefined) return undefined;
    const description = scheme.token.describe(token);
    const names = description.recipient === undefined ? [] : [description.recipient];
    const rule = (await this.#policies.find(document.uri))?.rule;
    // A file that no Secret is need not be opened in the cluster at all.
    const openers =
      rule?.openedBy === undefined
        ? await linesOfOwn(scheme.id, names, this.#own)
        : await linesOfOpeners(scheme.id, names, rule, this.#own);
    const lines = [...linesOfCiphertext(scheme.title, description), ...openers];
    return new Hover(escaped(lines), rangeOf(document, span));
  }
}
