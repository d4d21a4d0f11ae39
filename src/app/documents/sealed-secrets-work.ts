import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { ok, type Result } from '../../core/result.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import { statedPlace } from '../../manifest/seal-secret.ts';
import type { SealedSecret } from '../../manifest/sealed-secret.ts';
import { removeItem } from '../../manifest/sealed-secret-edit.ts';
import { sealedWith } from '../../manifest/sealed-with.ts';
import { textChange } from '../../manifest/text-change.ts';
import type { SealedDocument, SealedItem } from '../../schemes/document-scheme.ts';
import { sealedSecretsScheme } from '../../schemes/sealed-secrets/scheme.ts';
import {
  resealSecret,
  sealSecret,
  setSealedValue,
  tryItems,
  unsealSecret,
} from '../../schemes/sealed-secrets/sealing.ts';
import type { KeyRing } from '../key-ring.ts';
import type { Trust } from '../ports.ts';
import { sameFingerprint } from '../sealing-key.ts';
import type {
  DocumentEdit,
  DocumentFile,
  DocumentWish,
  DocumentWork,
  OpenedItem,
  SetTarget,
} from './document-work.ts';
import { type ChangedSecret, checkSealed } from './sealed-secrets-checked.ts';
import { keyIn, placedAt, secretAt, secretsToSeal } from './sealed-secrets-found.ts';
import { type NamedCertificate, type OpeningKeys, SealedSecretsKeys } from './sealed-secrets-keys.ts';
import type { SealingPlaces } from './sealing-places.ts';
import { SecretPlaces } from './secret-places.ts';

export interface SealedSecretsPorts {
  readonly keys: KeyRing;
  readonly trust: Trust;
  readonly places: SealingPlaces;
  readonly now: () => Date;
  /** Whether to write into new SealedSecrets which certificate they are sealed to: `purser.dev/sealed-with`. */
  readonly annotate: () => boolean;
}

const scheme = 'sealed-secrets';

/**
 * Sealed Secrets: each value of a SealedSecret under a key of its own, for the controller whose certificate policy names. The scope
 * of a new one is the rule's where it states one, else what the Secret's annotations say, as for kubeseal; a SealedSecret keeps its own.
 */
export class SealedSecretsWork implements DocumentWork {
  readonly scheme = sealedSecretsScheme;
  readonly #keys: SealedSecretsKeys;
  readonly #places: SealingPlaces;
  readonly #annotate: () => boolean;

  constructor(ports: SealedSecretsPorts) {
    this.#keys = new SealedSecretsKeys(ports);
    this.#places = ports.places;
    this.#annotate = ports.annotate;
  }

  async open(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
  ): Promise<readonly Result<OpenedItem>[]> {
    const secret = secretAt(file.text, document);
    const { keys } = await this.#openingKeys(file, secret, wish);
    const entries = secret.entries.filter(({ style }) => style !== 'none');
    const items = entries.map(({ key, text }) => [key, text] as const);
    const places = await this.#secretPlaces(file).possible(secret.place);
    const results = await tryItems(items, keys, places, new AbortController().signal);
    return document.items.map((item, index) => {
      const result = results[index];
      if (result === undefined) throw new Failure('document.changed', {});
      return result.ok ? ok({ item, plaintext: result.value.plaintext }) : result;
    });
  }

  async decrypt(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit> {
    const { text } = file;
    const secret = secretAt(text, document);
    const { keys } = await this.#openingKeys(file, secret, wish);
    const places = await this.#secretPlaces(file).possible(secret.place);
    const edit = await placedAt(text, secret, () =>
      unsealSecret(text, secret.span.start, keys, places, signal),
    );
    return { edits: [edit], values: secret.entries.length, verification: 'opened', notes: [] };
  }

  async set(
    file: DocumentFile,
    { document, address, item }: SetTarget,
    plaintext: Plaintext,
    wish: DocumentWish,
  ): Promise<DocumentEdit> {
    const { text } = file;
    const secret = secretAt(text, document);
    const key = item?.key ?? keyIn(address);
    const { certificate, ownHalf, notes } = await this.#certificate(file, wish);
    const place = await placedAt(text, secret, () => this.#secretPlaces(file).toSealFor(secret.place));
    const value = { key, plaintext, place };
    const edits = await placedAt(text, secret, () => setSealedValue(text, secret, value, certificate));
    const changed = [{ start: secret.span.start, values: new Map([[key, value]]) }];
    const verification = await checkSealed(text, edits, changed, ownHalf);
    return { edits, values: 1, verification, notes };
  }

  async remove(
    { text }: DocumentFile,
    document: SealedDocument,
    { key }: SealedItem,
    _wish: DocumentWish,
  ): Promise<DocumentEdit> {
    const secret = secretAt(text, document);
    const edits = await placedAt(text, secret, () => removeItem(text, secret, key));
    return { edits, values: 1, verification: 'read', notes: [] };
  }

  async seal(
    file: DocumentFile,
    offset: number | undefined,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit> {
    const { text, answer } = file;
    const secrets = secretsToSeal(text, offset);
    if (secrets.length === 0) return { edits: [], values: 0, verification: 'read', notes: [] };
    const { certificate, ownHalf, notes } = await this.#certificate(file, wish);
    const scope = answer.rule?.scheme === scheme ? answer.rule.scope : undefined;
    const known = {
      scope,
      sealedWith: this.#annotate() ? certificate.fingerprint : undefined,
      allowEmpty: false,
    };
    const places = this.#secretPlaces(file);
    const edits: Edit[] = [];
    const changed: ChangedSecret[] = [];
    for (const secret of secrets) {
      const { start } = secret.span;
      const sealed = await placedAt(text, secret, async () => {
        const { namespace } = await places.toSealFor(statedPlace(text, start, scope));
        return sealSecret(text, start, certificate, { ...known, namespace }, signal);
      });
      edits.push(...sealed.edits);
      changed.push({ start, values: sealed.values });
    }
    const values = changed.reduce((sum, each) => sum + each.values.size, 0);
    return { edits, values, verification: await checkSealed(text, edits, changed, ownHalf), notes };
  }

  /** Each item is sealed for what it was sealed for, so where it ends up is not asked. */
  async renew(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit | undefined> {
    const { text } = file;
    const secret = secretAt(text, document);
    const named = await this.#keys.certificate(file, wish);
    const said = sealedWith(secret);
    if (secret.entries.length === 0 || said?.every((one) => isOf(named, one)) === true) return undefined;
    const opening = await this.#openingKeys(file, secret, wish);
    const { keys } = opening;
    const places = await this.#secretPlaces(file).possible(secret.place);
    if (said === undefined && (await isSealedTo(named, secret, keys, places, signal))) return undefined;
    const { certificate, ownHalf, notes } = await this.#keys.accepted(named, wish, opening);
    const resealed = await placedAt(text, secret, () =>
      resealSecret(text, secret, keys, certificate, places, signal),
    );
    const { values } = resealed;
    const changed = [{ start: secret.span.start, values }];
    const verification = await checkSealed(text, resealed.edits, changed, ownHalf, signal);
    const edits = await this.#annotated(text, secret, resealed.edits, certificate.fingerprint);
    return { edits, values: values.size, verification, notes };
  }

  /** With what it is sealed to written into it, where it does not say so yet: else nobody could tell next time. */
  async #annotated(
    text: string,
    secret: SealedSecret,
    edits: readonly Edit[],
    fingerprint: string,
  ): Promise<readonly Edit[]> {
    if (!this.#annotate() || secret.sealedWith !== undefined) return edits;
    const { addSealedWith } = await import('../../manifest/add-sealed-with.ts');
    const sealed = applyEdits(text, edits);
    try {
      const after = applyEdits(sealed, [addSealedWith(sealed, secret.span.start, fingerprint)]);
      const { start, oldEnd, newEnd } = textChange(text, after);
      return [{ span: { start, end: oldEnd }, text: after.slice(start, newEnd) }];
    } catch (error) {
      if (Failure.is(error, 'document.not-editable') || Failure.is(error, 'manifest.unparsable'))
        return edits;
      throw error;
    }
  }

  async #certificate(file: DocumentFile, wish: DocumentWish) {
    const named = await this.#keys.certificate(file, wish);
    return this.#keys.accepted(named, wish, await this.#keys.opening(file, wish));
  }

  /** The most likely first. */
  async #openingKeys(file: DocumentFile, secret: SealedSecret, wish: DocumentWish): Promise<OpeningKeys> {
    const { keys, own } = await this.#keys.opening(file, wish);
    const said = sealedWith(secret) ?? [];
    if (keys.length === 0) throw new Failure('key.missing', { scheme, hint: said[0] });
    const isSaid = ({ fingerprint }: UnsealingKey) => said.some((one) => sameFingerprint(one, fingerprint));
    return { keys: [...keys.filter(isSaid), ...keys.filter((key) => !isSaid(key))], own };
  }

  #secretPlaces(file: DocumentFile): SecretPlaces {
    return new SecretPlaces(this.#places, file.path, file.answer.root);
  }
}

function isOf({ certificate }: NamedCertificate, fingerprint: string): boolean {
  return sameFingerprint(fingerprint, certificate.fingerprint);
}

/** Told by its own key, where it is at hand. */
async function isSealedTo(
  named: NamedCertificate,
  { entries }: SealedSecret,
  keys: readonly UnsealingKey[],
  places: readonly SealingPlace[],
  signal: AbortSignal,
): Promise<boolean> {
  const own = keys.filter(({ fingerprint }) => isOf(named, fingerprint));
  if (own.length === 0) return false;
  const items = entries.map(({ key, text }) => [key, text] as const);
  return (await tryItems(items, own, places, signal)).every(({ ok: isOpen }) => isOpen);
}
