import type { JoinedVaults } from '../../app/joined-vaults.ts';
import type { KeyRing } from '../../app/key-ring.ts';
import type { Opener } from '../../app/keys/identify-key.ts';
import { type UsesOfKeys, usesOf } from '../../app/keys/key-uses.ts';
import type { KnownKey } from '../../app/keys/known-key.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { Findings } from '../findings.ts';
import { type KeyRow, knownRow, unknownRow } from './key-rows.ts';
import { type KeyReading, keySources } from './key-sources.ts';

/** What knows keys, and what is sealed to them. */
export interface KeyServices extends KeyReading {
  readonly keys: KeyRing;
  readonly vaults: Pick<JoinedVaults, 'kept'>;
  readonly registry: SchemeRegistry;
  readonly findings: Pick<Findings, 'files' | 'onDidChange'>;
}

/** Every key and recipient with what is sealed to it: those that open first, those that nobody here knows last. */
export async function keyRows(services: KeyServices, signal: AbortSignal): Promise<readonly KeyRow[]> {
  const { KnownKeys } = await import('../../app/keys/known-keys.ts');
  const known = new KnownKeys(services.keys, services.vaults, services.registry);
  const { keys, openers } = await known.all(await keySources(services, signal));
  signal.throwIfAborted();
  const files = services.findings
    .files()
    .map(({ uri, sealedTo }) => ({ path: uri.fsPath, sealedTo: sealedTo() }));
  const uses = await withOpened(usesOf(keys, files), openers, services, signal);
  const inOrder = keys.toSorted((a, b) => Number(b.opens) - Number(a.opens) || (a.title < b.title ? -1 : 1));
  return [
    ...inOrder.map((key) => knownRow(key, uses.byKey.get(key.id) ?? [])),
    ...uses.unknown.map(unknownRow),
  ];
}

async function withOpened(
  found: UsesOfKeys,
  openers: readonly Opener[],
  { files, registry }: KeyServices,
  signal: AbortSignal,
): Promise<UsesOfKeys> {
  const { usesByOpening } = await import('../../app/keys/unnamed-uses.ts');
  const read = (path: string) => files.read(path).catch(() => new Uint8Array());
  return usesByOpening(found, openers, { read, registry, signal });
}

/** The key of a row that is kept here. */
export function keptIn({ places }: KnownKey) {
  return places.flatMap((place) => (place.in === 'vault' ? [place] : []));
}
