import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';

export function malformed(reason: string): Failure<'kubeconfig.malformed'> {
  return new Failure('kubeconfig.malformed', { reason });
}

/**
 * A mapping as it was read, and where it stands. What is null or empty counts as absent, as in Go. Every method throws
 * `kubeconfig.malformed`, which names the field and never quotes it.
 */
export class Fields {
  readonly path: string;
  readonly #value: object;

  /** @param path empty for the whole file; a mapping that is null is an empty one */
  constructor(value: unknown, path: string) {
    const mapping = value ?? {};
    if (typeof mapping !== 'object' || Array.isArray(mapping))
      throw malformed(path === '' ? l10n.t('it is no mapping') : l10n.t('{0} is no mapping', path));
    this.path = path;
    this.#value = mapping;
  }

  /** As it was read. */
  get(key: string): unknown {
    // `__proto__` is a name like others.
    return Object.getOwnPropertyDescriptor(this.#value, key)?.value;
  }

  text(key: string): string | undefined {
    return textOf(this.get(key), this.at(key));
  }

  required(key: string): string {
    const text = this.text(key);
    if (text === undefined) throw malformed(l10n.t('{0} is missing', this.at(key)));
    return text;
  }

  flag(key: string): boolean {
    const value = this.get(key) ?? false;
    if (typeof value !== 'boolean') throw malformed(l10n.t('{0} is neither true nor false', this.at(key)));
    return value;
  }

  /** Base64, line breaks allowed, as Go decodes it. */
  bytes(key: string): Uint8Array | undefined {
    const text = this.text(key)?.replaceAll(/[\r\n]/g, '');
    if (text === undefined || text === '') return undefined;
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
      throw malformed(l10n.t('{0} is no base64', this.at(key)));
    return new Uint8Array(Buffer.from(text, 'base64'));
  }

  texts(key: string): readonly string[] {
    return this.#list(key).map((item, index) => textOf(item, `${this.at(key)}[${index}]`) ?? '');
  }

  fields(key: string): Fields {
    return new Fields(this.get(key), this.at(key));
  }

  list(key: string): readonly Fields[] {
    return this.#list(key).map((item, index) => new Fields(item, `${this.at(key)}[${index}]`));
  }

  /** Each key with what `read` makes of it. */
  map<T>(read: (key: string) => T): ReadonlyMap<string, T> {
    return new Map(Object.keys(this.#value).map((key) => [key, read(key)]));
  }

  /** How messages call one of its fields. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  #list(key: string): readonly unknown[] {
    const value = this.get(key) ?? [];
    if (!Array.isArray(value)) throw malformed(l10n.t('{0} is no list', this.at(key)));
    return value;
  }
}

function textOf(value: unknown, path: string): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(l10n.t('{0} is no text', path));
  return value;
}
