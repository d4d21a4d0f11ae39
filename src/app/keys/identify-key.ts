import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { readAgeKeyFile } from '../../crypto/age/key-file.ts';
import { lockOf } from '../../crypto/key-lock.ts';
import { readUnsealingKeys } from '../../crypto/unsealing-keys.ts';
import { newestCertificate } from '../../crypto/x509.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import { isValueScheme, type SchemeRegistry } from '../../schemes/registry.ts';
import type { SchemeId, ValueSchemeId } from '../../schemes/scheme.ts';
import { sentenceReason } from './key-reason.ts';
import type { KeyName, KeyPlace, KnownKey } from './known-key.ts';

/** A key's bytes, where they stand, and which schemes may use them: a `.pem` may be for two. */
export interface FoundKey {
  readonly title: string;
  readonly material: KeyMaterial;
  readonly schemes: readonly SchemeId[];
  readonly place: KeyPlace;
}

/** A key that opens values without anybody being asked for anything. */
export interface Opener {
  readonly key: KnownKey['id'];
  readonly scheme: ValueSchemeId;
  readonly material: KeyMaterial;
}

export interface Identified {
  readonly known: KnownKey;
  readonly openers: readonly Opener[];
}

/** What one scheme makes of a key. */
interface Identity {
  readonly scheme: SchemeId;
  readonly description: string;
  readonly fingerprint: string | undefined;
  readonly opens: boolean;
  /** Only with what the person knows by heart. */
  readonly locked?: boolean;
  readonly names: readonly string[];
}

/**
 * What a key is. One that no scheme can use is a key all the same, and says why it is none. Nobody is asked for a passphrase.
 */
export async function identifyKey(found: FoundKey, registry: SchemeRegistry): Promise<Identified> {
  const { material, schemes } = found;
  const identities: Identity[] = [];
  let reason = l10n.t('it is no key that Purser knows');
  for (const scheme of schemes) {
    try {
      identities.push(await identityOf(scheme, material, registry));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      reason = sentenceReason(error);
    }
  }
  const known = knownAs(found, identities, reason);
  const openers = identities.flatMap(({ scheme, opens, locked }): readonly Opener[] =>
    opens && !locked && isValueScheme(scheme) ? [{ key: known.id, scheme, material }] : [],
  );
  return { known, openers };
}

function knownAs(
  { title, material, schemes, place }: FoundKey,
  identities: readonly Identity[],
  reason: string,
): KnownKey {
  const [first] = identities;
  const fingerprint = first?.fingerprint;
  return {
    id: JSON.stringify(fingerprint === undefined ? [schemes[0], material.ref] : [fingerprint]),
    title,
    schemes: identities.length === 0 ? schemes : identities.map(({ scheme }) => scheme),
    description: first?.description ?? l10n.t('cannot be used: {0}', reason),
    fingerprint,
    opens: identities.some(({ opens }) => opens),
    names: identities.flatMap(({ scheme, names }) => names.map((name): KeyName => ({ scheme, name }))),
    places: [place],
  };
}

function identityOf(scheme: SchemeId, material: KeyMaterial, registry: SchemeRegistry): Promise<Identity> {
  if (scheme === 'sops') return ageIdentity(material);
  if (scheme === 'sealed-secrets') return controllerIdentity(material);
  return valueIdentity(scheme, material, registry);
}

async function valueIdentity(
  scheme: ValueSchemeId,
  material: KeyMaterial,
  registry: SchemeRegistry,
): Promise<Identity> {
  const lock = scheme === 'jwe' ? lockOf(material.bytes.expose()) : undefined;
  if (lock !== undefined) {
    const description =
      lock.needs === 'password' ? l10n.t('a password') : l10n.t('private key under a passphrase');
    const names = lock.id === undefined ? [] : [lock.id];
    return { scheme, description, fingerprint: undefined, opens: true, locked: true, names };
  }
  const crypto = await registry.byId(scheme).load();
  const { description, fingerprint } = crypto.inspect(material);
  const facts = crypto.keysIn(material).map((key) => crypto.inspect(key));
  const openers = facts.filter(({ kind }) => kind !== 'public');
  const opens = openers.length > 0;
  const names = (opens ? openers : facts).flatMap(({ id }) => id ?? []);
  // A public set is more than the key that is first in it: whoever has that one opens not all that is sealed to the set.
  const isOne = opens || facts.length === 1;
  return { scheme, description, fingerprint: isOne ? fingerprint : undefined, opens, names };
}

/** A certificate, or the private keys of a controller: its newest is what is sealed to. */
async function controllerIdentity({ bytes, ref }: KeyMaterial): Promise<Identity> {
  const certificate = newestCertificate(bytes.exposeText() ?? '');
  if (typeof certificate !== 'string') {
    const { bits, fingerprint, validTo } = certificate;
    const description = Number.isNaN(validTo.getTime())
      ? l10n.t('RSA {0} certificate', bits)
      : l10n.t('RSA {0} certificate, valid until {1}', bits, validTo.toISOString().slice(0, 10));
    return { scheme: 'sealed-secrets', description, fingerprint, opens: false, names: [fingerprint] };
  }
  const keys = readUnsealingKeys(bytes.expose(), ref);
  const names = keys.map(({ fingerprint }) => fingerprint);
  const [first] = keys;
  const description = keys.length === 1 ? `RSA ${first?.bits}` : l10n.t('{0} keys of RSA', keys.length);
  return { scheme: 'sealed-secrets', description, fingerprint: names[0], opens: true, names };
}

async function ageIdentity({ bytes, ref }: KeyMaterial): Promise<Identity> {
  const { keys } = await readAgeKeyFile(bytes.expose(), ref, async () => undefined);
  const names = keys.flatMap(({ recipient }) => recipient?.id ?? []);
  const kinds = [...new Set(keys.map(({ recipient }) => recipient?.kind ?? l10n.t('under a passphrase')))];
  const description = `age, ${kinds.join(', ')}`;
  // A file of several keys is none of them.
  const fingerprint = names.length === 1 && keys.length === 1 ? names[0] : undefined;
  return { scheme: 'sops', description, fingerprint, opens: true, names };
}
