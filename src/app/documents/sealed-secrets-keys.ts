import * as l10n from '@vscode/l10n';
import { utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import type { SealingCertificate } from '../../crypto/x509.ts';
import type { KeyReference } from '../../policy/key-reference.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import { readControllerKeys } from '../../schemes/sealed-secrets/controller-keys.ts';
import { noKeyNamed } from '../how-to-seal.ts';
import type { KeyRing, ReferenceSite } from '../key-ring.ts';
import { requireValid } from '../policy-finder.ts';
import type { Trust } from '../ports.ts';
import { checkPin, requireAccepted } from '../sealing-key.ts';
import { shown } from '../sentence.ts';
import type { DocumentFile, DocumentWish } from './document-work.ts';

const scheme = 'sealed-secrets';
const day = 24 * 60 * 60 * 1000;

/** A certificate that the person or policy names, not yet accepted. */
export interface NamedCertificate {
  readonly reference: KeyReference;
  readonly site: ReferenceSite;
  /** By the person, in this very command. */
  readonly named: boolean;
  readonly certificate: SealingCertificate;
}

/** A certificate that may be sealed to, and what there is to say about it. */
export interface AcceptedCertificate {
  readonly certificate: SealingCertificate;
  readonly notes: readonly string[];
  /** Opens what is sealed to it, where it is at hand. */
  readonly ownHalf: UnsealingKey | undefined;
}

/** Private keys to open with. */
export interface OpeningKeys {
  readonly keys: readonly UnsealingKey[];
  /** The fingerprints of those that are the person's: one that stands in the repository speaks for no certificate. */
  readonly own: ReadonlySet<string>;
}

interface KeysOptions {
  readonly keys: KeyRing;
  readonly trust: Trust;
  readonly now: () => Date;
}

/** A reference to a certificate, and what stands there. */
interface Candidate {
  readonly reference: KeyReference;
  readonly site: ReferenceSite;
  readonly named: boolean;
  readonly material: KeyMaterial;
}

/** Which certificate Sealed Secrets are sealed to, and which keys they are opened with. */
export class SealedSecretsKeys {
  readonly #keys: KeyRing;
  readonly #trust: Trust;
  readonly #now: () => Date;

  constructor({ keys, trust, now }: KeysOptions) {
    this.#keys = keys;
    this.#trust = trust;
    this.#now = now;
  }

  /**
   * Today's certificate: the first that the person names, else the rule's first key.
   * @throws Failure `policy.invalid`, `usage` where nothing names one, `key.unusable`, `key.pin-mismatch`, and what resolving a key
   * throws
   */
  async certificate(file: DocumentFile, wish: DocumentWish): Promise<NamedCertificate> {
    requireValid(file.answer);
    const { material, ...from } =
      (await this.#namedCertificate(wish)) ?? (await this.#certificateOfRule(file));
    const { readSealingCertificate } = await import('../../crypto/x509.ts');
    const certificate = readSealingCertificate(material.bytes.expose(), material.ref);
    checkPin(from.reference, certificate.fingerprint);
    return { ...from, certificate };
  }

  /**
   * A certificate that is about to be sealed to, by trust on first use as for any other public key.
   * @param opening the keys at hand: the person's own private half of a certificate speaks for it
   * @throws Failure `certificate.expired`, `key.untrusted`
   */
  async accepted(
    named: NamedCertificate,
    wish: DocumentWish,
    opening: OpeningKeys,
  ): Promise<AcceptedCertificate> {
    const { certificate, reference } = named;
    const { fingerprint, bits, validFrom } = certificate;
    const { requireUnexpired, isOutdated } = await import('../../crypto/x509.ts');
    const now = this.#now();
    requireUnexpired(certificate, reference.text, now);
    const ownHalf = opening.keys.find((key) => key.fingerprint === fingerprint);
    const isOwn = opening.own.has(fingerprint);
    const publicKey = { description: l10n.t('certificate, RSA {0}', bits), fingerprint, isOwn };
    await requireAccepted({ ...named, accepted: wish.accepted }, publicKey, this.#trust);
    const days = Math.floor((now.getTime() - validFrom.getTime()) / day);
    const age = l10n.t(
      'The certificate {0} is {1} days old: the controller may have a newer one by now.',
      shown(reference.text),
      days,
    );
    return { certificate, ownHalf, notes: isOutdated(certificate, now) ? [age] : [] };
  }

  /**
   * The private keys to open with: those that the person names, the rule's, and the person's own. What is none is passed over,
   * unless it is the only thing that was named.
   * @throws Failure what resolving a named key throws, `key.unusable`
   */
  async opening({ answer }: DocumentFile, wish: DocumentWish): Promise<OpeningKeys> {
    const named = (await this.#named(wish)).map(({ material }) => material);
    const references = answer.rule?.scheme === scheme ? answer.rule.keys : [];
    const site = { base: answer.base, root: answer.root };
    const [only, ...more] = named;
    if (only !== undefined && more.length === 0 && !isCertificate(only)) await readControllerKeys(only);
    const own = await usableKeys([...named, ...(await this.#keys.own(scheme))]);
    const keys = new Map(own.map((key) => [key.fingerprint, key]));
    for (const key of await usableKeys(await this.#keys.openingKeys(references, scheme, site)))
      keys.set(key.fingerprint, key);
    return { keys: [...keys.values()], own: new Set(own.map(({ fingerprint }) => fingerprint)) };
  }

  #named({ keys, site }: DocumentWish): Promise<readonly Candidate[]> {
    return Promise.all(
      keys.map(async (reference) => {
        const material = await this.#keys.resolve(reference, scheme, site);
        return { reference, site, named: true, material };
      }),
    );
  }

  /** Private keys may be named beside it, to open what is there. */
  async #namedCertificate(wish: DocumentWish): Promise<Candidate | undefined> {
    const named = await this.#named(wish);
    const certificate = named.find(({ material }) => isCertificate(material));
    if (certificate !== undefined) return certificate;
    for (const candidate of named) if ((await keysIn(candidate.material)).length === 0) return candidate;
    return undefined;
  }

  async #certificateOfRule({ answer }: DocumentFile): Promise<Candidate> {
    const [reference] = answer.rule?.scheme === scheme ? answer.rule.keys : [];
    if (reference === undefined) throw noKeyNamed(scheme);
    const site = { base: answer.base, root: answer.root };
    const material = await this.#keys.resolve(reference, scheme, site);
    return { reference, site, named: false, material };
  }
}

function isCertificate({ bytes }: KeyMaterial): boolean {
  return utf8(bytes.expose())?.includes('-----BEGIN CERTIFICATE-----') === true;
}

async function usableKeys(materials: readonly KeyMaterial[]): Promise<readonly UnsealingKey[]> {
  return (await Promise.all(materials.map(keysIn))).flat();
}

/** None in what is no such key: a key of another scheme, a certificate. */
async function keysIn(material: KeyMaterial): Promise<readonly UnsealingKey[]> {
  try {
    return await readControllerKeys(material);
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return [];
    throw error;
  }
}
