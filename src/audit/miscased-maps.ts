import * as l10n from '@vscode/l10n';
import type { Field, FieldPath } from '../manifest/fields.ts';
import { type EntryMapName, isSecret } from '../manifest/manifest.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter, type ObjectIdentity } from './finding.ts';
import { judgeNamed } from './judge/field.ts';
import { notEncrypted } from './not-encrypted.ts';

/** How else people spell `data` and `stringData`. */
const spellings: ReadonlyMap<string, EntryMapName> = new Map([
  ['Data', 'data'],
  ['DATA', 'data'],
  ['StringData', 'stringData'],
  ['Stringdata', 'stringData'],
  ['stringdata', 'stringData'],
  ['STRINGDATA', 'stringData'],
]);

/** A misspelt map of a Secret, and its values. */
interface MiscasedMap {
  readonly object: ObjectIdentity;
  readonly spelt: string;
  readonly map: EntryMapName;
  readonly fields: readonly Field[];
}

/**
 * `Data:` and `StringData:` in capitals, which the API server ignores. Secret values are told one by one: they can be
 * read all the same. Otherwise the map is told, at its first value.
 */
export const miscasedMaps: FieldRule = {
  words: ['Secret'],
  concerns: (text) => holdsSpelling(text),
  *findings({ fields }, registry) {
    for (const map of miscased(fields)) {
      const found = map.fields.flatMap((field) => readable(field, map, registry) ?? []);
      if (found.length > 0) yield* found;
      else yield* ignored(map);
    }
  },
};

/** A part of every spelling, and of hardly anything else but `stringData`. */
const marks = ['Data', 'tringdata', 'DATA'];

/** Whether a spelling may be a key somewhere: searches for words are many times faster than reading the document. */
function holdsSpelling(text: string): boolean {
  return marks.some((mark) => {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
      const end = at + mark.length;
      const word = /[\w.-]*$/.exec(text.slice(Math.max(0, at - longestSpelling), end))?.[0] ?? '';
      if (spellings.has(word) && /[:"'\s]/.test(text[end] ?? '')) return true;
    }
    return false;
  });
}

const longestSpelling = 12;

function miscased(fields: readonly Field[]): readonly MiscasedMap[] {
  const identities = identitiesOf(fields);
  const maps = new Map<string, Field[]>();
  for (const field of fields) {
    if (!spellings.has(String(field.path.at(-2)))) continue;
    const name = nameOf(field.path.slice(0, -1));
    const known = maps.get(name);
    if (known === undefined) maps.set(name, [field]);
    else known.push(field);
  }
  return [...maps.values()].flatMap((ones) => {
    const path = ones[0]?.path ?? [];
    const object = identities.get(nameOf(path.slice(0, -2)));
    const spelt = String(path.at(-2));
    const map = spellings.get(spelt);
    if (object === undefined || map === undefined || !isSecret(object)) return [];
    return [{ object, spelt, map, fields: ones }];
  });
}

/** What every object of a document says it is, by the path to it. */
function identitiesOf(fields: readonly Field[]): ReadonlyMap<string, ObjectIdentity> {
  const found = new Map<string, ObjectIdentity>();
  for (const { path, text } of fields.filter((field) => isIdentity(field.path))) {
    const key = String(path.at(-1));
    const owner = nameOf(path.slice(0, path.at(-2) === 'metadata' ? -2 : -1));
    found.set(owner, { ...(found.get(owner) ?? unknown), [key]: text });
  }
  return found;
}

const unknown: ObjectIdentity = {
  apiVersion: undefined,
  kind: undefined,
  namespace: undefined,
  name: undefined,
};

function isIdentity(path: FieldPath): boolean {
  const key = path.at(-1);
  return path.at(-2) === 'metadata'
    ? key === 'name' || key === 'namespace'
    : key === 'kind' || key === 'apiVersion';
}

function nameOf(path: FieldPath): string {
  return JSON.stringify(path);
}

function readable(
  field: Field,
  { object, spelt, map }: MiscasedMap,
  registry: SchemeRegistry,
): Finding | undefined {
  const key = String(field.path.at(-1));
  const verdict = judgeNamed(key, field, map, registry);
  const { judgement } = verdict;
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return undefined;
  const secret = notEncrypted(verdict);
  const matter: Matter = (where) =>
    l10n.t('{0}, and is not used: the API server spells {1} {2}', secret(where), spelt, map);
  const place = { span: field.span, object, entry: `${spelt}.${key}`, located: undefined };
  return new Finding(place, 'plaintext-secret', judgement === 'plaintext' ? 'error' : 'warning', matter);
}

function* ignored({ object, spelt, map, fields: [first] }: MiscasedMap): Iterable<Finding> {
  if (first === undefined) return;
  const place = { span: first.span, object, entry: spelt, located: undefined };
  const matter: Matter = (where) => l10n.t('{0} is not used: the API server spells it {1}', where, map);
  yield new Finding(place, 'value-pitfall', 'warning', matter);
}
