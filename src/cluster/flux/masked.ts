import * as l10n from '@vscode/l10n';
import { type JsonObject, objectOf, textOf } from '../api/json.ts';

/** Annotations in which tools keep the whole object as it was applied: values of Secrets, too. */
const appliedCopies: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kapp.k14s.io/original',
  'objectset.rio.cattle.io/applied',
]);

/** Deeper than any object; a reader that goes down must end. */
const depthAtMost = 64;

/**
 * A copy fit for showing, with sorted keys: without managed fields and copies of what was applied, and with the values of Secrets
 * replaced by their size, wherever a Secret stands in it. What is nested too deeply is cut off.
 */
export function masked(value: unknown): unknown {
  return copy(value, 0, '');
}

/** The items of a SecretList, which need not say what they are. */
const secrets = 'secrets';

/** @param under the name that the value stands under, or `secrets` */
function copy(value: unknown, depth: number, under: string): unknown {
  if (depth > depthAtMost) return '…';
  if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1, under));
  const found = objectOf(value);
  if (found === undefined) return value;
  const kind = kindOf(found);
  const isSecret = kind === 'secret' || (under === secrets && kind === '');
  const object = isSecret ? withoutCopies(found) : found;
  const entries = Object.keys(object)
    .sort()
    .filter((key) => !isHidden(under, key))
    .map((key) => {
      if (isSecret && isValues(key)) return [key, sizes(object[key], key.toLowerCase() === 'data')];
      return [key, copy(object[key], depth + 1, kind === 'secretlist' && key === 'items' ? secrets : key)];
    });
  return Object.fromEntries(entries);
}

function isHidden(under: string, key: string): boolean {
  return (
    (under === 'metadata' && key === 'managedFields') || (under === 'annotations' && appliedCopies.has(key))
  );
}

function isValues(key: string): boolean {
  return /^(?:data|stringdata)$/i.test(key);
}

function kindOf(object: JsonObject): string {
  return (textOf(object['kind']) ?? '').trim().toLowerCase();
}

/** Shorter ones stand in many texts that do not repeat them. */
const shortestCopy = 6;
/** What says that a text holds a whole Secret, as JSON or YAML: with values of another day, perhaps. */
const aSecret = /\b(?:data|stringData)["']?\s*:/;

/** A Secret with those annotations by their size in which a tool or a person repeats its values. */
function withoutCopies(secret: JsonObject): JsonObject {
  const metadata = objectOf(secret['metadata']);
  const annotations = objectOf(metadata?.['annotations']);
  if (annotations === undefined) return secret;
  const values = valuesOf(secret);
  const shown = Object.entries(annotations).map(([name, value]) => {
    const isCopy =
      typeof value === 'string' && (aSecret.test(value) || values.some((each) => value.includes(each)));
    return [name, isCopy ? size(value, false) : value];
  });
  return { ...secret, metadata: { ...metadata, annotations: Object.fromEntries(shown) } };
}

/** As they stand there, and decoded. */
function valuesOf(secret: JsonObject): readonly string[] {
  const written = Object.keys(secret)
    .filter(isValues)
    .flatMap((key) => Object.values(objectOf(secret[key]) ?? {}))
    .filter((value) => typeof value === 'string');
  const decoded = written.map((value) => Buffer.from(value, 'base64').toString().trim());
  return [...written, ...decoded].filter(({ length }) => length >= shortestCopy);
}

/** The values of a Secret, by their size; whatever else stands there, by nothing. */
function sizes(values: unknown, base64: boolean): unknown {
  const said = objectOf(values);
  if (said === undefined) return values === null || values === undefined ? null : '••••';
  return Object.fromEntries(
    Object.keys(said)
      .sort()
      .map((key) => [key, size(said[key], base64)]),
  );
}

function size(value: unknown, base64: boolean): string {
  if (typeof value !== 'string') return '••••';
  const bytes = Buffer.byteLength(value, base64 ? 'base64' : 'utf8');
  return `•••• (${bytes === 1 ? l10n.t('1 byte') : l10n.t('{0} bytes', bytes)})`;
}
