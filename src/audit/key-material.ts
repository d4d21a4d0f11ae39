import * as l10n from '@vscode/l10n';
import type { FoundKey } from './found-key.ts';
import { ageKeys } from './key-age.ts';
import { privateJwks } from './key-jwk.ts';
import { privatePems } from './key-pem.ts';

const others = ['LS0tLS1CRUdJTi', '"kty'];

/** One of these stands in every text with key material: few, short and rare, because every file is searched for them. */
export const keyMarks: readonly string[] = ['KEY', ...others];

const telling = ['PRIVATE KEY', 'AGE-SECRET-KEY-', ...others];

/** Whether a text with such a mark may hold a key: variables are called `…_KEY` too. */
export function mayHoldKey(text: string): boolean {
  return telling.some((mark) => text.includes(mark));
}

/**
 * The keys that stand in a text, whatever it is: manifests, key files, comments; escaped, indented, and in base64.
 * What could not be used as it stands is none: bodies cut short, keys under a passphrase, public halves. Linear.
 */
export function findKeyMaterial(text: string): readonly FoundKey[] {
  return [...keysAsText(text), ...keysInBase64(text)].sort((a, b) => a.span.start - b.span.start);
}

function* keysAsText(text: string): Iterable<FoundKey> {
  yield* privatePems(text);
  yield* ageKeys(text);
  yield* privateJwks(text);
}

/** base64 of `-----BEGIN `. */
const encodedPem = 'LS0tLS1CRUdJTi';
const base64Run = /[A-Za-z0-9+/]+(?:(?:\\n|\s)+[A-Za-z0-9+/]+)*/y;

function* keysInBase64(text: string): Iterable<FoundKey> {
  let end = 0;
  for (let start = text.indexOf(encodedPem); start !== -1; start = text.indexOf(encodedPem, end)) {
    base64Run.lastIndex = start;
    const run = base64Run.exec(text)?.[0] ?? encodedPem;
    end = start + run.length;
    const decoded = Buffer.from(run.replace(/\\n|\s/g, ''), 'base64').toString('latin1');
    const [key] = privatePems(decoded);
    if (key !== undefined) yield { span: { start, end }, what: l10n.t('{0} in base64', key.what) };
  }
}
