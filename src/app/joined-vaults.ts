import { Failure } from '../core/errors.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { keyExtensions } from './key-extensions.ts';
import type { KeptKey, KeyVault, LocalKeys } from './ports.ts';

/** Several vaults as one: the same key may be in more than one, two different ones of one name may not. */
export class JoinedVaults implements LocalKeys {
  readonly vaults: readonly KeyVault[];

  constructor(vaults: readonly KeyVault[]) {
    this.vaults = vaults;
  }

  async list(scheme: SchemeId): Promise<readonly KeyMaterial[]> {
    const all = (await Promise.all(this.vaults.map((vault) => vault.list(scheme)))).flat();
    return all.filter(
      (key, index) =>
        !all.slice(0, index).some((other) => other.ref === key.ref && other.bytes.equals(key.bytes)),
    );
  }

  async find(scheme: SchemeId, name: string): Promise<KeyMaterial | undefined> {
    const found = (await Promise.all(this.vaults.map((vault) => vault.find(scheme, name)))).filter(
      (key) => key !== undefined,
    );
    const [first, ...others] = found;
    if (first === undefined || others.every((other) => other.bytes.equals(first.bytes))) return first;
    throw new Failure('key.ambiguous', {
      name: `local:${name}`,
      kinds: this.vaults.map(({ title }) => title).join(', '),
    });
  }

  /** Every kept key, with the vault that keeps it. */
  async kept(): Promise<readonly { readonly key: KeptKey; readonly vault: KeyVault }[]> {
    const lists = await Promise.all(
      this.vaults.map(async (vault) => (await vault.kept()).map((key) => ({ key, vault }))),
    );
    return lists.flat();
  }
}

/** Finds a key of a scheme by name among kept ones. Throws `key.ambiguous` for two kinds under one name. */
export async function findKept(
  vault: KeyVault,
  scheme: SchemeId,
  name: string,
): Promise<KeyMaterial | undefined> {
  const found = (await vault.kept()).filter(
    (key) => key.name === name && keyExtensions[scheme].includes(key.extension),
  );
  const [first, ...others] = found;
  if (others.length === 0) return first && vault.read(first);
  throw new Failure('key.ambiguous', {
    name: `local:${name}`,
    kinds: found.map((key) => `${name}.${key.extension}`).join(', '),
  });
}

/** The kept keys of a scheme. One that cannot be read is left out: it is no reason not to try the others. */
export async function listKept(vault: KeyVault, scheme: SchemeId): Promise<readonly KeyMaterial[]> {
  const found = (await vault.kept()).filter(({ extension }) => keyExtensions[scheme].includes(extension));
  const read = await Promise.all(found.map((key) => readKept(vault, key)));
  return read.filter((key) => key !== undefined);
}

async function readKept(vault: KeyVault, key: KeptKey): Promise<KeyMaterial | undefined> {
  try {
    return await vault.read(key);
  } catch (error) {
    if (Failure.is(error, 'file.unreadable') || Failure.is(error, 'file.too-large')) return undefined;
    throw error;
  }
}
