import { Position, Range, type TextDocument, Uri, window, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import { type Located, locatedEntries } from '../manifest/address.ts';
import { isSecret, type KubeObject, type Manifest } from '../manifest/manifest.ts';

/** Where a lens or a quick fix points: never a value, since every extension can read command arguments. */
export interface Location {
  readonly uri: string;
  /** Start of an entry's key, or of an object, in UTF-16 units. */
  readonly offset: number;
}

/** Where a row of the Findings view points, in a document that may not be open. Both count from 0. */
export interface LinePlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly rule: string;
  /** What is expected to stand there: `stringData.password`. */
  readonly entry: string | undefined;
}

/** What a command is about: a document, and a place in it. */
export interface Target {
  readonly document: TextDocument;
  readonly offset: number;
}

/** Reads a command's argument, which any extension or keybinding may have made up; without one, the cursor counts. */
export async function targetOf(argument: unknown): Promise<Target | undefined> {
  const uri = property(argument, 'uri');
  if (typeof uri !== 'string') return targetAtCursor();
  const offset = property(argument, 'offset');
  const line = property(argument, 'line');
  const character = property(argument, 'character');
  if (isCount(offset)) return { document: await documentOf(uri), offset };
  if (!isCount(line) || !isCount(character)) return targetAtCursor();
  const document = await documentOf(uri);
  const position = new Position(line, character);
  // What is about to change is to be seen.
  await window.showTextDocument(document, { selection: new Range(position, position) });
  return { document, offset: document.offsetAt(position) };
}

/** The file that a command's argument names as a whole: a row of the Explorer, a link in a page. */
export function fileOf(argument: unknown): Uri | undefined {
  if (argument instanceof Uri) return argument;
  const uri = property(argument, 'uri');
  return typeof uri === 'string' ? Uri.parse(uri, true) : undefined;
}

/** As `targetOf`, but for a file as a whole, which is shown: what is about to change is to be seen. */
export async function targetOrFile(argument: unknown): Promise<Target | undefined> {
  const file = fileOf(argument);
  const isPlace = isCount(property(argument, 'offset')) || isCount(property(argument, 'line'));
  // The menu of an editor names its file; what is meant is where the cursor is.
  const active = window.activeTextEditor?.document.uri.toString();
  if (file === undefined || isPlace || file.toString() === active) return targetOf(argument);
  const document = await documentOf(file.toString());
  await window.showTextDocument(document);
  return { document, offset: 0 };
}

/** A property of a command's argument, of which nothing is known. */
export function property(argument: unknown, name: string): unknown {
  return typeof argument === 'object' && argument !== null
    ? (argument as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Throws `document.changed` where a row in a view or a list named another entry than now stands there. */
export function requireExpected(argument: unknown, name: string): void {
  const expected = property(argument, 'entry');
  if (typeof expected === 'string' && expected !== name) throw new Failure('document.changed', {});
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** A file's document, as it is open or else as it is on disk. */
export async function documentOf(uri: string): Promise<TextDocument> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri);
  return open ?? (await workspace.openTextDocument(Uri.parse(uri, true)));
}

function targetAtCursor(): Target | undefined {
  const editor = window.activeTextEditor;
  return editor && { document: editor.document, offset: editor.document.offsetAt(editor.selection.active) };
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
