import type { Uri } from 'vscode';
import { findObject, manifestSizeLimit, mayHoldObject } from '../../app/clusters/find-manifest.ts';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { LineIndex } from '../../core/span.ts';
import { eachText } from './workspace-texts.ts';

/** An object in a file of the workspace. */
export interface FoundManifest {
  readonly uri: Uri;
  /** From 1. */
  readonly line: number;
  /** Which one of those that `findObject` finds in the file. */
  readonly index: number;
}

/**
 * Where the workspace states an object: open documents as they are shown, all other files as they are on disk. Such as
 * leave the namespace open are told only where no file states it. Sorted by path.
 */
export async function findManifests(ref: ObjectRef, signal: AbortSignal): Promise<readonly FoundManifest[]> {
  const found: Match[] = [];
  const mayMatter = (_uri: Uri, bytes: Uint8Array) => mayHoldObject(bytes, ref);
  const wanted = { folder: undefined, largest: manifestSizeLimit, mayMatter };
  await eachText(wanted, signal, (uri, text) => void found.push(...matchesIn(uri, text, ref)));
  const certain = found.filter((match) => match.certain);
  return (certain.length > 0 ? certain : found).toSorted(
    (a, b) => compare(a.uri.path, b.uri.path) || a.index - b.index,
  );
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
