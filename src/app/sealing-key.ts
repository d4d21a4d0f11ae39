import { Failure } from '../core/errors.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import type { KeyFacts, KeyMaterial } from '../schemes/keys.ts';
import type { Scheme } from '../schemes/scheme.ts';
import type { KeyRing, ReferenceSite } from './key-ring.ts';
import type { Repository, Trust } from './ports.ts';

/** A key that may be sealed to, and what is needed to check the result. */
export interface SealingKey {
  readonly scheme: Scheme;
  readonly material: KeyMaterial;
  readonly facts: KeyFacts;
  /** A key that opens what this one seals, where it is at hand. */
  readonly opensWith: KeyMaterial | undefined;
}

export interface SealingKeyRequest {
  readonly scheme: Scheme;
  readonly reference: KeyReference;
  readonly site: ReferenceSite;
  /** Named by the person in this very command, which accepts it. */
  readonly named: boolean;
  /** Fingerprints the person accepts in this very command. */
  readonly accepted: readonly string[];
}

/**
 * Resolves the key to seal with, by trust on first use: a public key is sealed to only if it is pinned, named or
 * accepted by the person, or its private half is among the person's own keys; one that stands in the repository
 * speaks for nothing. A key that also opens must not be one that everyone gets with the repository. Throws
 * `key.untrusted`, `key.pin-mismatch`, `key.in-git` and what resolving and unlocking throw.
 */
export async function sealingKey(
  request: SealingKeyRequest,
  keys: KeyRing,
  trust: Trust,
  repository: Repository,
): Promise<SealingKey> {
  const { scheme, reference, site } = request;
  const found = await keys.resolve(reference, scheme.id, site);
  const material = found.lock === undefined ? found : await found.lock.unlock('seal');
  const crypto = await scheme.load();
  const facts = crypto.inspect(material);
  const { fingerprint } = facts;
  checkPin(reference, fingerprint);
  // A file that leaves its password out opens nothing.
  const opens = facts.kind !== 'public' && found.lock?.needs !== 'password';
  if (opens) await requireOutOfGit(request, keys, repository);
  if (fingerprint === undefined) return { scheme, material, facts, opensWith: material };
  const own = await keys.own(scheme.id);
  const ownHalf =
    facts.kind === 'private' && reference.kind !== 'path'
      ? material
      : own.find((key) => isPrivateHalf(() => crypto.inspect(key), fingerprint));
  const publicKey = { description: facts.description, fingerprint, isOwn: ownHalf !== undefined };
  await requireAccepted(request, publicKey, trust);
  return { scheme, material, facts, opensWith: facts.kind === 'private' ? material : ownHalf };
}

/** A public key that is about to be sealed to. */
export interface PublicKeyToAccept {
  readonly description: string;
  readonly fingerprint: string;
  /** Its private half is among the person's own keys. */
  readonly isOwn: boolean;
}

/** Trust on first use of a public key whose pin, if it has one, was checked. Throws `key.untrusted`. */
export async function requireAccepted(
  { reference, site, named, accepted }: Omit<SealingKeyRequest, 'scheme'>,
  { description, fingerprint, isOwn }: PublicKeyToAccept,
  trust: Trust,
): Promise<void> {
  const isAccepted =
    named ||
    isOwn ||
    (reference.kind === 'path' && reference.pin !== undefined) ||
    accepted.some((other) => sameFingerprint(other, fingerprint)) ||
    (await trust.accepts({ root: site.root ?? site.base, ref: reference.text, description, fingerprint }));
  if (!isAccepted) throw new Failure('key.untrusted', { ref: reference.text, fingerprint });
}

/** What the person names is theirs to judge; what policy names is meant for everyone who has the repository. */
async function requireOutOfGit(
  { reference, site, named }: SealingKeyRequest,
  keys: KeyRing,
  repository: Repository,
): Promise<void> {
  if (named || site.root === undefined) return;
  const file = await keys.fileOf(reference, site);
  if (file !== undefined && (await repository.holds(file, site.root)))
    throw new Failure('key.in-git', { ref: reference.text });
}

/** Throws `key.pin-mismatch` where a reference pins another key than the one it leads to. */
export function checkPin(reference: KeyReference, fingerprint: string | undefined): void {
  if (reference.kind !== 'path' || reference.pin === undefined) return;
  if (fingerprint !== undefined && sameFingerprint(reference.pin, fingerprint)) return;
  throw new Failure('key.pin-mismatch', {
    ref: reference.path,
    pinned: reference.pin,
    actual: fingerprint,
  });
}

/** A key that this scheme cannot read is not the one looked for. */
export function isPrivateHalf(inspect: () => KeyFacts, fingerprint: string): boolean {
  try {
    const facts = inspect();
    return facts.kind === 'private' && facts.fingerprint === fingerprint;
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return false;
    throw error;
  }
}

/** Base64 padding is optional in fingerprints: OpenSSH leaves it out, most other tools do not. */
export function sameFingerprint(a: string, b: string): boolean {
  return a.replace(/=+$/, '') === b.replace(/=+$/, '');
}
