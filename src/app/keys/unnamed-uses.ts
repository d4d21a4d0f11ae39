import type { KeyMaterial } from '../../schemes/keys.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { ValueSchemeId } from '../../schemes/scheme.ts';
import { countSealedTo } from '../keys-in-use.ts';
import type { KeyUse } from './key-uses.ts';

/** Each is read and opened: more would keep whoever looks at a list of keys waiting. */
const filesAtMost = 200;

/** Which of one's own keys open ciphertexts that name no key. */
export async function usesByOpening(
  scheme: ValueSchemeId,
  uses: readonly KeyUse[],
  own: readonly KeyMaterial[],
  read: (path: string) => Promise<Uint8Array>,
  registry: SchemeRegistry,
  signal: AbortSignal,
): Promise<ReadonlyMap<KeyMaterial, readonly KeyUse[]>> {
  const found = new Map<KeyMaterial, KeyUse[]>();
  for (const { path, line } of uses.slice(0, filesAtMost)) {
    const bytes = await read(path);
    for (const key of own) {
      signal.throwIfAborted();
      const values = await countSealedTo(key, registry.byId(scheme), registry, bytes);
      if (values > 0) found.set(key, [...(found.get(key) ?? []), { path, values, line }]);
    }
  }
  return found;
}
