import { RelativePattern, type TextDocument, Uri, workspace } from 'vscode';
import { type FilesByRule, filesByRule } from '../app/sops-rule-files.ts';
import type { SopsRules } from '../policy/sops-rules.ts';
import { listFiles } from './list-files.ts';

const filesAtMost = 20_000;

/**
 * Which files below an open `.sops.yaml` come to which of its rules; undefined where it is outside the workspace's folders,
 * or there was no time.
 */
export async function filesOfConfig(
  { uri }: Pick<TextDocument, 'uri'>,
  { all }: SopsRules,
  isSealed: (uri: Uri) => boolean,
  signal: AbortSignal,
): Promise<FilesByRule | undefined> {
  if (workspace.getWorkspaceFolder(uri) === undefined) return undefined;
  const folder = Uri.joinPath(uri, '..');
  const files = await listed(folder, signal);
  if (files === undefined) return undefined;
  const below = new Map(files.map((file) => [file.path.slice(folder.path.length + 1), file]));
  const isFileSealed = (path: string) => {
    const file = below.get(path);
    return file !== undefined && isSealed(file);
  };
  const tally = { paths: [...below.keys()].toSorted(), isSealed: isFileSealed, turn, signal };
  const found = await filesByRule(all, tally);
  return { ...found, complete: found.complete && files.length < filesAtMost };
}

async function listed(folder: Uri, signal: AbortSignal): Promise<readonly Uri[] | undefined> {
  try {
    return await listFiles(new RelativePattern(folder, '**/*'), filesAtMost, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
