import { workspace } from 'vscode';
import { type KeyUse, type UsesOfKeys, usesOf } from '../../app/keys/key-uses.ts';
import type { KnownKey } from '../../app/keys/known-key.ts';
import { valueSchemeIds } from '../../schemes/scheme.ts';
import type { Services } from '../services.ts';
import { type KeyRow, knownRow, unknownRow } from './key-rows.ts';
import { keySources } from './key-sources.ts';

export type KeyServices = Pick<Services, 'files' | 'policies' | 'keys' | 'vaults' | 'registry' | 'findings'>;

/** Every key and recipient with what is sealed to it: those that open first, those that nobody here knows last. */
export async function keyRows(services: KeyServices, signal: AbortSignal): Promise<readonly KeyRow[]> {
  const { KnownKeys } = await import('../../app/keys/known-keys.ts');
  const known = new KnownKeys(services.keys, services.vaults, services.registry);
  const keys = await known.all(await keySources(services, signal));
  signal.throwIfAborted();
  const files = services.findings
    .files()
    .map(({ uri, sealedTo }) => ({ path: uri.fsPath, sealedTo: sealedTo() }));
  const uses = await withOpened(usesOf(keys, files), services, signal);
  const inOrder = keys.toSorted((a, b) => Number(b.opens) - Number(a.opens) || (a.title < b.title ? -1 : 1));
  return [
    ...inOrder.map((key) => knownRow(key, uses.byKey.get(key.id) ?? [])),
    ...uses.unknown.map(unknownRow),
  ];
}

/** Ciphertexts that name no key are tried with one's own; in Restricted Mode nothing is opened. */
async function withOpened(
  found: UsesOfKeys,
  services: KeyServices,
  signal: AbortSignal,
): Promise<UsesOfKeys> {
  if (!workspace.isTrusted) return found;
  const { usesByOpening } = await import('../../app/keys/unnamed-uses.ts');
  const byKey = new Map(found.byKey);
  const unknown: UsesOfKeys['unknown'][number][] = [];
  const read = (path: string) => services.files.read(path).catch(() => new Uint8Array());
  for (const one of found.unknown) {
    const scheme = valueSchemeIds.find((id) => id === one.scheme);
    if (scheme === undefined || one.recipient !== undefined) {
      unknown.push(one);
      continue;
    }
    const own = await services.keys.own(scheme);
    const opened = await usesByOpening(scheme, one.uses, own, read, services.registry, signal);
    for (const [{ ref }, uses] of opened) {
      const id = JSON.stringify([scheme, ref]);
      byKey.set(id, [...(byKey.get(id) ?? []), ...uses]);
    }
    const left = without(one.uses, [...opened.values()].flat());
    if (left.length > 0) unknown.push({ ...one, uses: left });
  }
  return { byKey, unknown };
}

function without(uses: readonly KeyUse[], opened: readonly KeyUse[]): readonly KeyUse[] {
  return uses.flatMap((use) => {
    const of = opened.filter(({ path }) => path === use.path).reduce((sum, { values }) => sum + values, 0);
    return use.values > of ? [{ ...use, values: use.values - of }] : [];
  });
}

/** The key of a row that is kept here. */
export function keptIn({ places }: KnownKey) {
  return places.flatMap((place) => (place.in === 'vault' ? [place] : []));
}
