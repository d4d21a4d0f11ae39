import type { Span } from '../core/span.ts';
import { entryName, type Located } from '../manifest/address.ts';
import type { KubeObject } from '../manifest/manifest.ts';

export type Level = 'error' | 'warning' | 'information';

export type RuleId = 'plaintext-secret' | 'malformed-ciphertext';

/** Something a person should know about one value. Messages carry key names, never values. */
export interface Finding {
  readonly rule: RuleId;
  readonly level: Level;
  /** The value's token, quotes included, block scalars from the `|`. */
  readonly span: Span;
  readonly message: string;
  readonly located: Located;
}

/** A finding about an entry. */
export function findingAt(located: Located, rule: RuleId, level: Level, message: string): Finding {
  return { rule, level, span: located.entry.span, message, located };
}

/** `stringData.password of Secret db/main`, for messages. */
export function entryInWords({ object, entry }: Located): string {
  return `${entryName(entry)} of ${objectInWords(object)}`;
}

function objectInWords(object: KubeObject): string {
  const name = [object.namespace, object.name].filter((part) => part !== undefined && part !== '').join('/');
  return name === '' ? (object.kind ?? 'object') : `${object.kind ?? 'object'} ${name}`;
}
