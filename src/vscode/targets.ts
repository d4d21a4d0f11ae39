import { type TextDocument, Uri, window, workspace } from 'vscode';
import { type Located, locatedEntries } from '../manifest/address.ts';
import { isSecret, type KubeObject, type Manifest } from '../manifest/manifest.ts';

/** Where a lens or a quick fix points: never a value, since every extension can read command arguments. */
export interface Location {
  readonly uri: string;
  /** Start of an entry's key, or of an object, in UTF-16 units. */
  readonly offset: number;
}

/** What a command is about: a document, and a place in it. */
export interface Target {
  readonly document: TextDocument;
  readonly offset: number;
}

/** Reads a command's argument, which any extension or keybinding may have made up; without one, the cursor counts. */
export async function targetOf(argument: unknown): Promise<Target | undefined> {
  const location = readLocation(argument);
  if (location !== undefined) {
    const open = workspace.textDocuments.find(({ uri }) => uri.toString() === location.uri);
    return {
      document: open ?? (await workspace.openTextDocument(Uri.parse(location.uri, true))),
      offset: location.offset,
    };
  }
  const editor = window.activeTextEditor;
  return editor && { document: editor.document, offset: editor.document.offsetAt(editor.selection.active) };
}

function readLocation(argument: unknown): Location | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (!('uri' in argument) || !('offset' in argument)) return undefined;
  const { uri, offset } = argument;
  return typeof uri === 'string' && typeof offset === 'number' && Number.isInteger(offset) && offset >= 0
    ? { uri, offset }
    : undefined;
}

/** The entry whose lines, from its key to the end of its value, hold this offset. */
export function entryAt(manifest: Manifest, offset: number): Located | undefined {
  const { text } = manifest;
  return locatedEntries(manifest).find(({ entry }) => {
    if (entry.flow) return offset >= entry.keySpan.start && offset <= entry.span.end;
    const start = text.lastIndexOf('\n', entry.keySpan.start - 1) + 1;
    const stop = text.indexOf('\n', entry.span.end);
    return offset >= start && offset <= (stop === -1 ? text.length : stop);
  });
}

/** The Secret that holds this offset; the innermost, where Secrets stand in a List. */
export function secretAt(manifest: Manifest, offset: number): KubeObject | undefined {
  const document = manifest.documents.find(
    ({ span }) => offset >= span.start && offset < Math.max(span.end, span.start + 1),
  );
  const secrets = (document ?? manifest.documents.at(-1))?.objects.filter(isSecret) ?? [];
  const around = secrets.filter(({ span }) => offset >= span.start && offset <= span.end);
  return around.at(-1) ?? (secrets.length === 1 ? secrets[0] : undefined);
}
