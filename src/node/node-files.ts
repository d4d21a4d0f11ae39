import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { access, chmod, mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Files } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { fileSizeLimit } from '../manifest/file-text.ts';

/** The file system of the machine. */
export class NodeFiles implements Files {
  /** Where `readNow` reads to: a buffer of its own for each file costs more than reading it. */
  #room = Buffer.allocUnsafe(256 * 1024);

  async read(path: string): Promise<Uint8Array> {
    const facts = await this.#stat(path);
    requireReadable(facts, path);
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /**
   * `read`, at once: in a program that does nothing else, or on a thread of its own, this is several times faster.
   * The bytes are good until the next call. Throws as `read` does.
   *
   * @param name the path as the file system has it, where not all of it is UTF-8
   * @param limit the size above which it is not read, in bytes
   */
  readNow(path: string, name: string | Buffer = path, limit = fileSizeLimit): Uint8Array {
    let file: number | undefined;
    try {
      // Opening a FIFO for reading would wait for a writer.
      file = openSync(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const read = readAll(file, this.#room);
      // What fits needs no question about its size: asking costs as much as reading.
      if (read > 0 && read < Math.min(this.#room.byteLength, limit)) return this.#room.subarray(0, read);
      const facts = fstatSync(file);
      requireReadable(facts, path, limit);
      if (this.#room.byteLength <= facts.size) this.#room = Buffer.allocUnsafe(facts.size * 2);
      return this.#room.subarray(0, readAll(file, this.#room));
    } catch (error) {
      throw error instanceof Failure ? error : unreadable(path, error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  async #stat(path: string): Promise<Stats> {
    try {
      return await stat(path);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  async exists(path: string): Promise<boolean> {
    try {
      await access(path, constants.F_OK);
      return true;
    } catch {
      return false;
    }
  }

  async realPath(path: string): Promise<string> {
    try {
      return await realpath(path);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  parent(path: string): string {
    return dirname(path);
  }

  join(folder: string, path: string): string {
    // Nearly always a name, asked for in thousands of folders: nothing of it needs normalising.
    if (/^\.?[\w-]+(?:\.[\w-]+)*$/.test(path)) return `${folder}${folder.endsWith(sep) ? '' : sep}${path}`;
    return isAbsolute(path) ? resolve(path) : join(folder, path);
  }

  relative(folder: string, path: string): string {
    return relative(folder, path).split(sep).join('/');
  }

  contains(folder: string, path: string): boolean {
    const below = relative(folder, path);
    // On another drive of Windows, the relative path is absolute.
    return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  }

  /**
   * Writes ciphertext so that a reader sees the old file or the new one, never half of one: a 0600 sibling, fsync,
   * rename, the old mode kept. Symlinks are followed. Throws `document.changed` where the file is no longer what was
   * read, `file.unwritable`.
   */
  async replaceSealed(path: string, content: Uint8Array, before: Uint8Array | undefined): Promise<void> {
    const target = before === undefined ? path : await this.realPath(path);
    const sibling = join(dirname(target), `.purser-${crypto.randomUUID()}.tmp`);
    try {
      const mode = before === undefined ? undefined : (await stat(target)).mode & 0o7777;
      await writeNew(sibling, content);
      if (before !== undefined && !Buffer.from(await readFile(target)).equals(before))
        throw new Failure('document.changed', {}, { path });
      await chmod(sibling, mode ?? 0o666 & ~process.umask());
      await rename(sibling, target);
    } catch (error) {
      await unlink(sibling).catch(() => undefined);
      throw error instanceof Failure ? error : unwritable(path, error);
    }
  }

  /**
   * Writes plaintext into the target itself: no other file may ever hold it, so there is no sibling to rename. What
   * fails half way is undone. New files are 0600. Throws `document.changed`, `file.unwritable`.
   */
  async replaceInPlace(path: string, content: Uint8Array, before: Uint8Array | undefined): Promise<void> {
    try {
      if (before === undefined) return await writeNew(path, content);
      const file = await open(path, 'r+');
      try {
        if (!Buffer.from(await file.readFile()).equals(before))
          throw new Failure('document.changed', {}, { path });
        await overwrite(file, content).catch(async (error: unknown) => {
          await overwrite(file, before);
          throw error;
        });
      } finally {
        await file.close();
      }
    } catch (error) {
      throw error instanceof Failure ? error : unwritable(path, error);
    }
  }

  home(): string {
    return homedir();
  }

  /** With those above it. Throws `file.unwritable`. */
  async makeFolder(path: string): Promise<void> {
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** Writes a file that must not be there yet, readable by its owner alone. Throws `file.exists`, `file.unwritable`. */
  async create(path: string, content: Uint8Array, mode = 0o600): Promise<void> {
    try {
      await writeNew(path, content, mode);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw new Failure('file.exists', {}, { path });
      throw unwritable(path, error);
    }
  }

  /** Takes back a file that was just created. */
  async remove(path: string): Promise<void> {
    await unlink(path);
  }
}

/** Throws for what is no file, such as a FIFO, which would be read for ever, and for what is too large. */
function requireReadable(facts: Stats, path: string, limit = fileSizeLimit): void {
  if (!facts.isFile())
    throw new Failure('file.unreadable', { reason: l10n.t('it is not a regular file') }, { path });
  if (facts.size <= limit) return;
  throw new Failure('file.too-large', { bytes: facts.size, limit }, { path });
}

/** Fills the buffer as far as the file goes; how far that was. */
function readAll(file: number, bytes: Buffer): number {
  let at = 0;
  while (at < bytes.byteLength) {
    const read = readSync(file, bytes, at, bytes.byteLength - at, at);
    if (read === 0) break;
    at += read;
  }
  return at;
}

/** Writes a file that must not be there yet: all of it, or none. */
async function writeNew(path: string, content: Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

async function overwrite(file: Awaited<ReturnType<typeof open>>, content: Uint8Array): Promise<void> {
  for (let at = 0; at < content.byteLength; ) {
    at += (await file.write(content, at, content.byteLength - at, at)).bytesWritten;
  }
  await file.truncate(content.byteLength);
  await file.sync();
}

const reasons: ReadonlyMap<string, () => string> = new Map([
  ['ENOENT', () => l10n.t('there is no such file')],
  ['EACCES', () => l10n.t('permission denied')],
  ['EPERM', () => l10n.t('permission denied')],
  ['EISDIR', () => l10n.t('it is a folder')],
  // What reading a named pipe or a socket ends in.
  ['ESPIPE', () => l10n.t('it is not a regular file')],
  ['ENXIO', () => l10n.t('it is not a regular file')],
  ['ENOTDIR', () => l10n.t('a part of its path is not a folder')],
  ['ELOOP', () => l10n.t('its symbolic links go in a circle')],
  ['ENOSPC', () => l10n.t('the disk is full')],
  ['EROFS', () => l10n.t('the file system is read-only')],
  ['EEXIST', () => l10n.t('it exists already')],
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return l10n.t('an unknown error');
  return reasons.get(code)?.() ?? code;
}

export function unreadable(path: string, error: unknown): Failure {
  return new Failure('file.unreadable', { reason: reasonOf(error) }, { path }, error);
}

export function unwritable(path: string, error: unknown): Failure {
  return new Failure('file.unwritable', { reason: reasonOf(error) }, { path }, error);
}
