import { Hover, type HoverProvider, l10n, MarkdownString, type TextDocument } from 'vscode';
import { valuesIn } from '../../app/keys/key-uses.ts';
import { shown } from '../../app/sentence.ts';
import { dayOf } from '../clusters/row-words.ts';
import type { KeyRow } from './key-rows.ts';
import type { KeysView } from './keys-view.ts';

/** Who brought a file into the repository, as a commit says. */
interface AddedBy {
  readonly name: string;
  readonly commit: string;
  readonly at: Date;
}

/** `nobody` where no commit has the file; undefined where that is not known. */
export type FindAddedBy = (path: string) => Promise<AddedBy | 'nobody' | undefined>;

/** What a public key or certificate of the repository is, who added it, and how much is sealed to it. */
export class KeyFileHovers implements HoverProvider {
  readonly #keys: Pick<KeysView, 'rows'>;
  readonly #addedBy: FindAddedBy;

  constructor(keys: Pick<KeysView, 'rows'>, addedBy: FindAddedBy) {
    this.#keys = keys;
    this.#addedBy = addedBy;
  }

  async provideHover({ uri }: TextDocument): Promise<Hover | undefined> {
    const rows = await this.#keys.rows();
    const row = rows.find((each) => each.row === 'key' && standsAt(each, uri.fsPath));
    if (row?.row !== 'key') return undefined;
    const added = await this.#addedBy(uri.fsPath);
    const text = new MarkdownString();
    const lines = [...linesOf(row), ...(added === undefined ? [] : [wordsFor(added)])];
    for (const [index, line] of lines.entries()) text.appendText(`${index === 0 ? '' : '\n'}${shown(line)}`);
    return new Hover(text);
  }
}

function standsAt({ key }: Extract<KeyRow, { row: 'key' }>, path: string): boolean {
  return key.places.some((place) => place.in === 'repository' && place.path === path);
}

function linesOf({ key, uses }: Extract<KeyRow, { row: 'key' }>): readonly string[] {
  return [
    key.description,
    ...(key.fingerprint === undefined ? [] : [key.fingerprint]),
    sealedTo(valuesIn(uses), uses.length),
    key.opens
      ? l10n.t('Its private half is among your keys.')
      : l10n.t('Its private half is not among your keys.'),
  ];
}

function sealedTo(values: number, files: number): string {
  if (files === 0) return l10n.t('Nothing in the workspace is sealed to it.');
  if (values === 1) return l10n.t('1 value in 1 file is sealed to it.');
  return files === 1
    ? l10n.t('{0} values in 1 file are sealed to it.', values)
    : l10n.t('{0} values in {1} files are sealed to it.', values, files);
}

function wordsFor(added: AddedBy | 'nobody'): string {
  if (added === 'nobody') return l10n.t('What it holds is not committed.');
  const { name, commit, at } = added;
  return l10n.t('Added by {0} on {1} ({2}), as git says.', name, dayOf(at), commit);
}
