import { CancellationTokenSource, FileType, type TextDocument, type Uri, workspace } from 'vscode';
import { findObject, manifestSizeLimit, mayHoldObject } from '../../app/clusters/find-manifest.ts';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { LineIndex } from '../../core/span.ts';
import { textOf } from '../../manifest/file-text.ts';
import { isManifestDocument } from '../manifests.ts';

/** An object in a file of the workspace. */
export interface FoundManifest {
  readonly uri: Uri;
  /** From 1. */
  readonly line: number;
  /** Which one of those that `findObject` finds in the file. */
  readonly index: number;
}

const filesAtMost = 100_000;
const atOnce = 32;

/**
 * Where the workspace states an object: open documents as they are shown, all other files as they are on disk. Such as
 * leave the namespace open are told only where no file states it. Sorted by path.
 */
export async function findManifests(ref: ObjectRef, signal: AbortSignal): Promise<readonly FoundManifest[]> {
  const open = new Map(
    workspace.textDocuments.filter(isManifestDocument).map((document) => [document.uri.toString(), document]),
  );
  const files = await listFiles(signal);
  const uris = new Map(
    [...files, ...[...open.values()].map(({ uri }) => uri)].map((uri) => [uri.toString(), uri]),
  );
  const found: Match[] = [];
  await eachAtOnce([...uris], signal, async ([id, uri]) => {
    const text = await textAt(uri, open.get(id), ref);
    if (text !== undefined) found.push(...matchesIn(uri, text, ref));
  });
  const certain = found.filter((match) => match.certain);
  return (certain.length > 0 ? certain : found).toSorted(
    (a, b) => compare(a.uri.path, b.uri.path) || a.index - b.index,
  );
}

async function listFiles(signal: AbortSignal): Promise<readonly Uri[]> {
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const left = '**/{node_modules,.git}/**';
    return await workspace.findFiles('**/*.{yaml,yml,json}', left, filesAtMost, source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
    signal.throwIfAborted();
  }
}

interface Match extends FoundManifest {
  readonly certain: boolean;
}

function matchesIn(uri: Uri, text: string, ref: ObjectRef): Match[] {
  const lines = new LineIndex(text);
  return findObject(text, ref).map(({ at, certain }, index) => ({
    uri,
    line: lines.positionAt(at.start).line,
    index,
    certain,
  }));
}

/** Undefined for a file that does not hold it, or cannot be read: that one does not end the search. */
async function textAt(uri: Uri, open: TextDocument | undefined, ref: ObjectRef): Promise<string | undefined> {
  if (open !== undefined) return open.getText();
  try {
    const { type, size } = await workspace.fs.stat(uri);
    // A named pipe would be read for ever.
    if ((type & FileType.File) === 0 || size > manifestSizeLimit) return undefined;
    const bytes = await workspace.fs.readFile(uri);
    return mayHoldObject(bytes, ref) ? textOf(bytes) : undefined;
  } catch {
    return undefined;
  }
}

async function eachAtOnce<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const one = async () => {
    for (const item of left) {
      signal.throwIfAborted();
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
