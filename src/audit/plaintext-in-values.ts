import * as l10n from '@vscode/l10n';
import type { FieldPath } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter } from './finding.ts';
import { type HelmValue, type HelmValues, helmValues, isAboutValues, mayHoldValues } from './helm-values.ts';
import { wordsOf } from './judge/keys.ts';
import { mayBeInClear, type Setting, settingInClear } from './setting-in-clear.ts';

/** Secrets in clear among the values of Helm charts, by the names of their keys and by what they look like. */
export const plaintextInValues: FieldRule = {
  words: ['HelmRelease', 'HelmChart', 'Application'],
  isAbout: isAboutValues,
  concerns: (text, file) => mayHoldValues(text, file.name),
  *findings(document, registry) {
    const told = new Set<number>();
    for (const values of helmValues(document)) {
      for (const finding of findingsIn(values, registry)) {
        // Where all values of a text have one place, one finding says it.
        if (told.has(finding.span.start)) continue;
        told.add(finding.span.start);
        yield finding;
      }
    }
  },
};

function* findingsIn({ object, values }: HelmValues, registry: SchemeRegistry): Iterable<Finding> {
  const neighbours = new Neighbours(values);
  const worth = new WorthAsking();
  for (const value of values) {
    const { path, span } = value;
    const key = keyOf(path, neighbours);
    if (path[0] === 'sops' || !worth.asking(key, span.end - span.start)) continue;
    const verdict = settingInClear(settingAt(key, value, neighbours), registry);
    if (verdict === undefined) continue;
    const place = { span, object, entry: value.name, located: undefined };
    const matter: Matter = (where) =>
      l10n.t('{0} stands in clear among Helm values ({1})', where, verdict.reason);
    yield new Finding(place, 'plaintext-in-values', 'warning', matter);
  }
}

/** Charts have thousands of values under a few hundred names: what a name says is worked out once. */
class WorthAsking {
  readonly #shortOnes = new Map<string, boolean>();

  asking(key: string, length: number): boolean {
    if (mayBeInClear('', length)) return true;
    const known = this.#shortOnes.get(key) ?? mayBeInClear(key, length);
    this.#shortOnes.set(key, known);
    return known;
  }
}

/** Keys that say nothing: what is above them names the value. */
const nameless: ReadonlySet<string> = new Set(
  'value default plain plaintext plainText text raw literal'.split(' '),
);

function keyOf(path: FieldPath, neighbours: Neighbours): string {
  const last = path.at(-1);
  if (typeof last !== 'string' || !nameless.has(last)) return lastKey(path);
  return neighbours.nameOf(path) ?? lastKey(path.slice(0, -1));
}

function settingAt(key: string, value: HelmValue, neighbours: Neighbours): Setting {
  const { path } = value;
  return {
    key,
    value,
    // Most settings are told by their names, before anybody asks where they stand.
    get place() {
      if (refersElsewhere(path) || (isKeyName(key) && neighbours.haveReference(path))) return 'reference';
      return typeof path.at(-1) === 'number' ? 'list' : 'map';
    },
  };
}

function lastKey(path: FieldPath): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}

/** Last words of maps whose values are names of things elsewhere. */
const pointing: ReadonlySet<string> = new Set(
  'ref refs from selector keys mapping mappings labels annotations properties existing names'.split(' '),
);
/** Objects of operators that fetch or unseal: what stands in them are places in a store. */
const fetching = /^(?:cluster)?(?:external|sealed|vault|sops)-?secrets?$|secretproviderclass|secretstore/i;

function refersElsewhere(path: FieldPath): boolean {
  return path.slice(0, -1).some((part) => {
    if (typeof part === 'number') return false;
    if (fetching.test(part)) return true;
    const words = wordsOf(part);
    return pointing.has(words.at(-1) ?? '') || words[0] === 'existing';
  });
}

function isKeyName(key: string): boolean {
  return /key$/i.test(key);
}

const references: ReadonlySet<string> = new Set(
  'secretName secretRef remoteRef remoteKey secretKeyRef existingSecret valueFrom vaultPath property'.split(
    ' ',
  ),
);

/** What stands beside a value; looked through when it is first asked for. */
class Neighbours {
  readonly #values: readonly HelmValue[];
  #names: ReadonlyMap<string, string> | undefined;
  #references: ReadonlySet<string> | undefined;

  constructor(values: readonly HelmValue[]) {
    this.#values = values;
  }

  /** The `name` beside a `value`: `DB_PASSWORD` of an environment, `auth.password` of parameters. */
  nameOf(path: FieldPath): string | undefined {
    this.#names ??= namesIn(this.#values);
    return this.#names.get(placeOf(path.slice(0, -1)));
  }

  /** Whether what stands beside a value says that a Secret elsewhere is meant. */
  haveReference(path: FieldPath): boolean {
    this.#references ??= referencesIn(this.#values);
    return this.#references.has(placeOf(path.slice(0, -1)));
  }
}

function placeOf(path: FieldPath): string {
  return JSON.stringify(path);
}

function namesIn(values: readonly HelmValue[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { path, text } of values.filter((value) => isName(value.path.at(-1)))) {
    const place = placeOf(path.slice(0, -1));
    if (path.at(-1) === 'name' || !names.has(place)) names.set(place, text.split('.').at(-1) ?? '');
  }
  return names;
}

function isName(key: string | number | undefined): boolean {
  return key === 'name' || key === 'key';
}

function referencesIn(values: readonly HelmValue[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { path } of values) {
    const pointer = path.findLastIndex((part) => typeof part === 'string' && references.has(part));
    if (pointer !== -1) found.add(placeOf(path.slice(0, pointer)));
  }
  return found;
}
