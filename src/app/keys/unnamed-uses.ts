import { Failure } from '../../core/errors.ts';
import { LineIndex } from '../../core/span.ts';
import { textOf } from '../../manifest/file-text.ts';
import { scan } from '../../manifest/scan.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import { isValueScheme, type SchemeRegistry } from '../../schemes/registry.ts';
import type { SchemeCrypto, ValueSchemeId } from '../../schemes/scheme.ts';
import type { Opener } from './identify-key.ts';
import type { KeyUse, UnknownRecipient, UsesOfKeys } from './key-uses.ts';

/** Each is read and opened: more would keep whoever looks at a list of keys waiting. */
const filesAtMost = 200;

interface Opening {
  /** Nothing where a file cannot be read. */
  readonly read: (path: string) => Promise<Uint8Array>;
  readonly registry: SchemeRegistry;
  readonly signal: AbortSignal;
}

/** A ciphertext that names no key. */
interface Unnamed {
  readonly line: number;
  opensWith(key: KeyMaterial): Promise<boolean>;
}

/**
 * Gives ciphertexts that name no key to the first key that opens them. What none opens stays what it was, and so does what is
 * beyond the first 200 files.
 */
export async function usesByOpening(
  { byKey, unknown }: UsesOfKeys,
  openers: readonly Opener[],
  opening: Opening,
): Promise<UsesOfKeys> {
  const uses = new Map([...byKey].map(([key, known]) => [key, [...known]]));
  const left: UnknownRecipient[] = [];
  for (const one of unknown) {
    const { scheme, recipient } = one;
    if (recipient !== undefined || !isValueScheme(scheme)) {
      left.push(one);
      continue;
    }
    const own = openers.filter((opener) => opener.scheme === scheme);
    const rest = one.uses.slice(filesAtMost);
    for (const use of one.uses.slice(0, filesAtMost)) {
      const { opened, closed } = await openedOf(use, own, scheme, opening);
      for (const [key, found] of opened) uses.set(key, [...(uses.get(key) ?? []), found]);
      if (closed !== undefined) rest.push(closed);
    }
    if (rest.length > 0) left.push({ ...one, uses: rest });
  }
  return { byKey: uses, unknown: left };
}

/** What of one file each key opens, and what none does; together no more values than the file was said to have. */
async function openedOf(
  use: KeyUse,
  openers: readonly Opener[],
  scheme: ValueSchemeId,
  { read, registry, signal }: Opening,
): Promise<{ readonly opened: ReadonlyMap<string, KeyUse>; readonly closed: KeyUse | undefined }> {
  const opened = new Map<string, KeyUse>();
  let closed: number | undefined;
  let values = 0;
  const text = openers.length === 0 ? undefined : textOf(await read(use.path));
  const unnamed = text === undefined ? [] : await unnamedIn(text, scheme, registry);
  for (const one of unnamed.slice(0, use.values)) {
    const opener = await firstThatOpens(one, openers, signal);
    if (opener === undefined) {
      closed ??= one.line;
      continue;
    }
    const before = opened.get(opener.key);
    values++;
    opened.set(opener.key, { path: use.path, line: one.line, ...before, values: (before?.values ?? 0) + 1 });
  }
  const missing = use.values - values;
  return {
    opened,
    closed: missing === 0 ? undefined : { path: use.path, line: closed ?? use.line, values: missing },
  };
}

async function firstThatOpens(
  one: Unnamed,
  openers: readonly Opener[],
  signal: AbortSignal,
): Promise<Opener | undefined> {
  for (const opener of openers) {
    signal.throwIfAborted();
    if (await one.opensWith(opener.material)) return opener;
  }
  return undefined;
}

async function unnamedIn(
  text: string,
  id: ValueSchemeId,
  registry: SchemeRegistry,
): Promise<readonly Unnamed[]> {
  const scheme = registry.byId(id);
  const crypto = await scheme.load();
  const token = text.trim();
  if (scheme.token?.recognise(token).is === 'yes')
    return scheme.token.describe(token).recipient === undefined
      ? [{ line: 1, opensWith: (key) => opensToken(token, key, crypto) }]
      : [];
  const lines = new LineIndex(text);
  return registry
    .find(scan(text))
    .groups.filter((group) => group.scheme === id && scheme.describe(group).recipient === undefined)
    .map((group) => ({
      line: lines.positionAt(group.envelopes[0]?.entry.span.start ?? 0).line,
      opensWith: async (key) => (await crypto.open(group, [key])).every(({ ok }) => ok),
    }));
}

async function opensToken(token: string, key: KeyMaterial, crypto: SchemeCrypto): Promise<boolean> {
  try {
    return (await crypto.token?.open(token, [key])) !== undefined;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
