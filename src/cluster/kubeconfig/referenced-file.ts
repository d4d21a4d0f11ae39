import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { Origin } from './kubeconfig.ts';
import { isBelow } from './paths.ts';
import { configSizeLimit } from './read-yaml.ts';

/**
 * The content of a file that a kubeconfig names, by the rules of `OpenedKubeconfig.files`: regular files up to 1 MB. Throws
 * `kubeconfig.file-refused`.
 *
 * @param field what names it, for the message
 */
export async function readReferenced({ files }: Origin, field: string, path: string): Promise<Uint8Array> {
  const refused = (reason: string) => new Failure('kubeconfig.file-refused', { field, reason });
  if (files === undefined) throw refused(l10n.t('a kubeconfig from there may name no files'));
  const named = resolve(files.base ?? files.folder, path);
  try {
    const file = files.anywhere ? named : await inside(files.folder, named);
    if (file === undefined)
      throw refused(l10n.t('it is outside of the folder that the kubeconfig belongs to'));
    const content = await readRegular(file);
    if (typeof content === 'string') throw refused(content);
    return content;
  } catch (error) {
    throw error instanceof Failure ? error : refused(reasonOf(error));
  }
}

/** Its real path, where that is below the folder. */
async function inside(folder: string, file: string): Promise<string | undefined> {
  const realFolder = await realpath(folder);
  // As spelled first: on Windows, to look at a path of another computer is to sign in there.
  if (!isBelow(folder, file) && !isBelow(realFolder, file)) return undefined;
  const real = await realpath(file);
  return isBelow(realFolder, real) ? real : undefined;
}

async function readRegular(path: string): Promise<Uint8Array | string> {
  // A device may act when it is opened; a FIFO would wait for a writer.
  if (!(await stat(path)).isFile()) return l10n.t('it is no regular file');
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) return l10n.t('it is no regular file');
    return (await readUpTo(file, configSizeLimit)) ?? l10n.t('it is larger than 1 MB');
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, limit: number): Promise<Uint8Array | undefined> {
  const room = Buffer.alloc(limit + 1);
  let length = 0;
  while (length < room.length) {
    const { bytesRead } = await file.read(room, length, room.length - length);
    if (bytesRead === 0) return new Uint8Array(room.subarray(0, length));
    length += bytesRead;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return l10n.t('there is no such file');
  return code === 'EACCES' || code === 'EPERM' ? l10n.t('you may not read it') : l10n.t('it cannot be read');
}
