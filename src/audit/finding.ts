import type { Span } from '../core/span.ts';
import { entryName, type Located } from '../manifest/address.ts';
import type { KubeObject } from '../manifest/manifest.ts';

export type Level = 'error' | 'warning' | 'information';

export type RuleId = 'plaintext-secret' | 'malformed-ciphertext';

/**
 * Something a person should know about one value. The message carries key names, never values; it is put into words
 * when it is read, because thousands of findings may be made on a keystroke and a screenful is shown.
 */
export class Finding {
  readonly rule: RuleId;
  readonly level: Level;
  readonly located: Located;
  /** What is the matter, to stand after the entry's name. */
  readonly #matter: string;

  constructor(located: Located, rule: RuleId, level: Level, matter: string) {
    this.rule = rule;
    this.level = level;
    this.located = located;
    this.#matter = matter;
  }

  /** The value's token, quotes included, block scalars from the `|`. */
  get span(): Span {
    return this.located.entry.span;
  }

  get message(): string {
    return `${entryInWords(this.located)} ${this.#matter}`;
  }
}

/** `stringData.password of Secret db/main`, for messages. */
function entryInWords({ object, entry }: Located): string {
  return `${entryName(entry)} of ${objectInWords(object)}`;
}

function objectInWords(object: KubeObject): string {
  const name = [object.namespace, object.name].filter((part) => part !== undefined && part !== '').join('/');
  return name === '' ? (object.kind ?? 'object') : `${object.kind ?? 'object'} ${name}`;
}
