import { mkdir, readdir, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LocalKeys } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { isKeyName } from '../policy/key-reference.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import type { NodeFiles } from './node-files.ts';

/** Which extensions in the key folder are keys of which scheme. */
export const keyExtensions: { readonly [S in SchemeId]: readonly string[] } = {
  jwe: ['pem', 'jwk'],
  fernet: ['fernet'],
  secretbox: ['secretbox'],
};

/** The platform's folder for Purser's keys. */
export function defaultKeyFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'purser', 'keys');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'purser', 'keys');
  const config = env['XDG_CONFIG_HOME'];
  return join(config === undefined || config === '' ? join(homedir(), '.config') : config, 'purser', 'keys');
}

/** Keys as files, one each, 0600: `NAME.pem`, `NAME.jwk`, `NAME.fernet`, `NAME.secretbox`. */
export class KeyFolder implements LocalKeys {
  readonly folder: string;
  readonly #files: NodeFiles;

  constructor(folder: string, files: NodeFiles) {
    this.folder = folder;
    this.#files = files;
  }

  async list(scheme: SchemeId): Promise<readonly KeyMaterial[]> {
    const names = await this.#names();
    const found = names.filter(({ extension }) => keyExtensions[scheme].includes(extension));
    return Promise.all(found.map(({ name, extension }) => this.#read(name, extension)));
  }

  async find(scheme: SchemeId, name: string): Promise<KeyMaterial | undefined> {
    if (!isKeyName(name)) return undefined;
    const found: KeyMaterial[] = [];
    for (const extension of keyExtensions[scheme]) {
      if (await this.#files.exists(this.path(name, extension))) found.push(await this.#read(name, extension));
    }
    if (found.length > 1) {
      throw new Failure('key.ambiguous', {
        name: `local:${name}`,
        kinds: keyExtensions[scheme].map((extension) => `${name}.${extension}`).join(', '),
      });
    }
    return found[0];
  }

  /** Keeps a key. Throws `key.exists` where there is one of that name and kind. */
  async save(name: string, extension: string, secret: Plaintext): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    try {
      await this.#files.create(this.path(name, extension), secret.expose());
    } catch (error) {
      if (Failure.is(error, 'file.exists')) throw new Failure('key.exists', { name: `local:${name}` });
      throw error;
    }
  }

  async remove(name: string, extension: string): Promise<void> {
    await unlink(this.path(name, extension));
  }

  path(name: string, extension: string): string {
    return join(this.folder, `${name}.${extension}`);
  }

  async #names() {
    const files = await readdir(this.folder).catch(() => []);
    return files.flatMap((file) => {
      const dot = file.lastIndexOf('.');
      const name = file.slice(0, dot);
      return dot > 0 && isKeyName(name) ? [{ name, extension: file.slice(dot + 1) }] : [];
    });
  }

  async #read(name: string, extension: string): Promise<KeyMaterial> {
    const bytes = new Plaintext(await this.#files.read(this.path(name, extension)));
    return { ref: `local:${name}`, name, bytes };
  }
}
