import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findKept, listKept } from '../app/joined-vaults.ts';
import { schemeOfExtension } from '../app/key-extensions.ts';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { isKeyName } from '../policy/key-reference.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import type { NodeFiles } from './node-files.ts';

/** Keys as files, one each, 0600: `NAME.pem`, `NAME.jwk`, `NAME.fernet`, `NAME.secretbox`, `NAME.age`. */
export class KeyFolder implements KeyVault {
  readonly title: string;
  readonly #folder: () => string;
  readonly #files: NodeFiles;

  /**
   * @param folder asked each time, because a setting may move it
   * @param title in the person's language, where that is not English
   */
  constructor(folder: () => string, files: NodeFiles, title = 'the key folder') {
    this.title = title;
    this.#folder = folder;
    this.#files = files;
  }

  list(scheme: SchemeId): Promise<readonly KeyMaterial[]> {
    return listKept(this, scheme);
  }

  find(scheme: SchemeId, name: string): Promise<KeyMaterial | undefined> {
    return findKept(this, scheme, name);
  }

  async kept(): Promise<readonly KeptKey[]> {
    const files = await readdir(this.#folder()).catch(() => []);
    return files
      .toSorted((a, b) => (a < b ? -1 : 1))
      .flatMap((file) => {
        const dot = file.lastIndexOf('.');
        const [name, extension] = [file.slice(0, dot), file.slice(dot + 1)];
        return dot > 0 && isKeyName(name) && schemeOfExtension(extension) !== undefined
          ? [{ name, extension }]
          : [];
      });
  }

  async read(key: KeptKey): Promise<KeyMaterial> {
    const bytes = new Plaintext(await this.#files.read(this.#path(key)));
    return { ref: `local:${key.name}`, name: key.name, bytes };
  }

  async save(key: KeptKey, secret: Plaintext): Promise<void> {
    await mkdir(this.#folder(), { recursive: true, mode: 0o700 });
    try {
      await this.#files.create(this.#path(key), secret.expose());
    } catch (error) {
      if (Failure.is(error, 'file.exists')) throw new Failure('key.exists', { name: `local:${key.name}` });
      throw error;
    }
  }

  async remove(key: KeptKey): Promise<void> {
    await unlink(this.#path(key));
  }

  #path({ name, extension }: KeptKey): string {
    return join(this.#folder(), `${name}.${extension}`);
  }
}
