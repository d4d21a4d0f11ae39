import { l10n, type SecretStorage } from 'vscode';
import { findKept, listKept } from '../app/joined-vaults.ts';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';

const prefix = 'purser.key/';

/** Keys in the editor's SecretStorage: encrypted by the system's keyring where there is one. */
export class SecretVault implements KeyVault {
  readonly title = l10n.t("the editor's secret storage");
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  list(scheme: SchemeId): Promise<readonly KeyMaterial[]> {
    return listKept(this, scheme);
  }

  find(scheme: SchemeId, name: string): Promise<KeyMaterial | undefined> {
    return findKept(this, scheme, name);
  }

  async kept(): Promise<readonly KeptKey[]> {
    const ids = await this.#secrets.keys();
    return ids.flatMap((id) => {
      const file = id.startsWith(prefix) ? id.slice(prefix.length) : '';
      const dot = file.lastIndexOf('.');
      return dot > 0 ? [{ name: file.slice(0, dot), extension: file.slice(dot + 1) }] : [];
    });
  }

  async read(key: KeptKey): Promise<KeyMaterial> {
    const text = await this.#secrets.get(idOf(key));
    const ref = `local:${key.name}`;
    if (text === undefined) throw new Failure('key.not-found', { ref });
    return { ref, name: key.name, bytes: Plaintext.fromText(text) };
  }

  async save(key: KeptKey, secret: Plaintext): Promise<void> {
    if ((await this.#secrets.get(idOf(key))) !== undefined)
      throw new Failure('key.exists', { name: `local:${key.name}` });
    const text = secret.exposeText();
    if (text === undefined)
      throw new Failure('key.unusable', { ref: `local:${key.name}`, reason: l10n.t('it is not text') });
    await this.#secrets.store(idOf(key), text);
  }

  async remove(key: KeptKey): Promise<void> {
    await this.#secrets.delete(idOf(key));
  }
}

function idOf({ name, extension }: KeptKey): string {
  return `${prefix}${name}.${extension}`;
}
