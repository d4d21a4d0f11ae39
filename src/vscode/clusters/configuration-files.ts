import { type Uri, workspace } from 'vscode';
import type { ConfigurationFile } from '../../app/at-rest/compare-files.ts';
import { configurationHash } from '../../crypto/at-rest/configuration-hash.ts';
import { readConfiguration } from '../../manifest/at-rest/read-configuration.ts';
import { textOf } from '../../manifest/file-text.ts';
import { eachText } from './workspace-texts.ts';

/** Of `EncryptionConfiguration`, and of its older name. */
const word = 'EncryptionConfig';
/** As much of one as is judged in the editor: each resource of it is compared with each rule. */
const largest = 128 * 1024;
const most = 200;

/** An EncryptionConfiguration of the workspace. */
export interface WorkspaceConfiguration extends ConfigurationFile {
  readonly uri: Uri;
}

/**
 * The EncryptionConfigurations of the workspace, by path, as they are on disk: an API server has read a file, not an editor. Those
 * that cannot be read are left out.
 */
export async function findConfigurations(signal: AbortSignal): Promise<readonly WorkspaceConfiguration[]> {
  const found: Uri[] = [];
  const mayMatter = (_uri: Uri, bytes: Uint8Array) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(word);
  await eachText({ folder: undefined, largest, mayMatter }, signal, (uri, text) => {
    if (uri.scheme === 'file' && text.includes(word)) found.push(uri);
  });
  const sorted = found.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, most);
  const read = await Promise.all(sorted.map(readFile));
  signal.throwIfAborted();
  return read.filter((file) => file !== undefined);
}

async function readFile(uri: Uri): Promise<WorkspaceConfiguration | undefined> {
  try {
    const bytes = await workspace.fs.readFile(uri);
    const { configuration } = readConfiguration(textOf(bytes) ?? '');
    if (configuration === undefined) return undefined;
    return { uri, path: workspace.asRelativePath(uri), hash: configurationHash(bytes), configuration };
  } catch {
    return undefined;
  }
}
