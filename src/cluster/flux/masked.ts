import { objectOf, textOf } from '../api/json.ts';

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
  const object = objectOf(value);
  if (object === undefined) return value;
  const kind = kindOf(object);
  const isSecret = kind === 'secret' || (under === secrets && kind === '');
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

function kindOf(object: Readonly<Record<string, unknown>>): string {
  return (textOf(object['kind']) ?? '').trim().toLowerCase();
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
  return `•••• (${bytes} ${bytes === 1 ? 'byte' : 'bytes'})`;
}
