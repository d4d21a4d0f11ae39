import * as l10n from '@vscode/l10n';
import type { Span } from '../core/span.ts';
import { entryName, type Located } from '../manifest/address.ts';
import type { KubeObject } from '../manifest/manifest.ts';
import type { RuleId } from '../policy/rule-ids.ts';

export type Level = 'error' | 'warning' | 'information';

/** The parts of an object that say which one it is. */
export type ObjectIdentity = Pick<KubeObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

/** What a finding is about. */
export interface Place {
  /** The value's token, quotes included, block scalars from the `|`. */
  readonly span: Span;
  readonly object: ObjectIdentity | undefined;
  /** `stringData.password`, `users[0].user.token`: the value's name, where it is one value. */
  readonly entry: string | undefined;
  /** The Secret's entry that a fix can seal. */
  readonly located: Located | undefined;
}

/** An entry of a Secret as the place of a finding. */
export function placeOf(located: Located): Place {
  return new EntryPlace(located);
}

/** What it says is worked out when it is asked: thousands are made on a keystroke, and hardly any is asked. */
class EntryPlace implements Place {
  readonly located: Located;

  constructor(located: Located) {
    this.located = located;
  }

  get span(): Span {
    return this.located.entry.span;
  }

  get object(): ObjectIdentity {
    return this.located.object;
  }

  get entry(): string {
    return entryName(this.located.entry);
  }
}

/** A sentence on what is the matter with a place, of the place's name: `stringData.password of Secret db/main`. */
export type Matter = (place: string) => string;

/**
 * Something a person should know about one place. The message carries key names, never values; it is put into words
 * when it is read, because thousands of findings may be made on a keystroke and a screenful is shown.
 */
export class Finding {
  readonly rule: RuleId;
  readonly level: Level;
  readonly place: Place;
  readonly #matter: Matter | string;

  /** @param matter the sentence, or what of it stands after the place's name */
  constructor(place: Place, rule: RuleId, level: Level, matter: Matter | string) {
    this.rule = rule;
    this.level = level;
    this.place = place;
    this.#matter = matter;
  }

  get span(): Span {
    return this.place.span;
  }

  get message(): string {
    const place = inWords(this.place);
    const sentence =
      typeof this.#matter === 'string' ? l10n.t('{0} {1}', place, this.#matter) : this.#matter(place);
    // A name that is not there leaves the blank that would follow it.
    return place === '' ? sentence.trimStart() : sentence;
  }

  /** The same finding where its place begins this many characters later. */
  movedBy(by: number): Finding {
    const { span, object, entry, located } = this.place;
    const moved = { start: span.start + by, end: span.end + by };
    return new Finding({ span: moved, object, entry, located }, this.rule, this.level, this.#matter);
  }
}

/** `stringData.password of Secret db/main`; empty for a place that is not told apart from its file. */
export function inWords({ entry, object }: Pick<Place, 'entry' | 'object'>): string {
  if (entry === undefined || object === undefined) return entry ?? (object && objectInWords(object)) ?? '';
  return l10n.t('{0} of {1}', entry, objectInWords(object));
}

/** `Secret db/main` */
function objectInWords(object: ObjectIdentity): string {
  const name = [object.namespace, object.name].filter((part) => part !== undefined && part !== '').join('/');
  if (object.kind === undefined) return name === '' ? l10n.t('object') : l10n.t('object {0}', name);
  return name === '' ? object.kind : `${object.kind} ${name}`;
}
