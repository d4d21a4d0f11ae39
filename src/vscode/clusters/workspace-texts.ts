import { FileType, RelativePattern, type Uri, workspace } from 'vscode';
import { textOf } from '../../manifest/file-text.ts';
import { listFiles } from '../list-files.ts';
import { isManifestDocument } from '../manifests.ts';

const names = '**/*.{yaml,yml,json}';
const filesAtMost = 100_000;
const atOnce = 32;

/** Which files to read. */
export interface WantedTexts {
  /** Undefined for the whole workspace. */
  readonly folder: Uri | undefined;
  /** In bytes; larger files are passed over. */
  readonly largest: number;
  /** Whether the bytes of a file are worth being a text. */
  readonly mayMatter: (uri: Uri, bytes: Uint8Array) => boolean;
}

/**
 * Reads YAML and JSON files: open documents as they are shown, all others as they are on disk. A file that cannot be read does
 * not end it.
 */
export async function eachText(
  wanted: WantedTexts,
  signal: AbortSignal,
  take: (uri: Uri, text: string) => void,
): Promise<void> {
  const { folder } = wanted;
  const open = new Map(
    workspace.textDocuments.filter(isManifestDocument).map((document) => [document.uri.toString(), document]),
  );
  const listed = await listFiles(
    folder === undefined ? names : new RelativePattern(folder, names),
    filesAtMost,
    signal,
  );
  const files = [...listed, ...[...open.values()].map(({ uri }) => uri)];
  const inside = files.filter(({ path }) => folder === undefined || path.startsWith(`${folder.path}/`));
  const uris = new Map(inside.map((uri) => [uri.toString(), uri]));
  await eachAtOnce([...uris], signal, async ([id, uri]) => {
    const text = open.get(id)?.getText() ?? (await textAt(uri, wanted));
    if (text !== undefined) take(uri, text);
  });
}

/** Undefined for a file that does not matter, or cannot be read. */
async function textAt(uri: Uri, { largest, mayMatter }: WantedTexts): Promise<string | undefined> {
  try {
    const { type, size } = await workspace.fs.stat(uri);
    // A named pipe would be read for ever.
    if ((type & FileType.File) === 0 || size > largest) return undefined;
    const bytes = await workspace.fs.readFile(uri);
    return mayMatter(uri, bytes) ? textOf(bytes) : undefined;
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
