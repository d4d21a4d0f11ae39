import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { bindingOf } from '../schemes/binding.ts';
import type { KeyFacts, KeyMaterial } from '../schemes/keys.ts';
import type { EnvelopeGroup, NewValue, Scheme, SchemeCrypto, ValueSchemeId } from '../schemes/scheme.ts';
import { movedFrom } from './decrypt.ts';
import type { DocumentFile, DocumentWish } from './documents/document-work.ts';
import { type SealedValue, verifySealed } from './encrypt.ts';
import { howToSeal } from './how-to-seal.ts';
import type { ManifestText } from './manifest-text.ts';
import type { RotationPlan, RotationPorts } from './rotation-plan.ts';
import { isPrivateHalf, type SealingKey, sealingKey } from './sealing-key.ts';
import { openWhole, sealWhole } from './whole-file.ts';

/** One ciphertext of a scheme that seals values: in a manifest, or the whole file. */
export interface SealedPiece {
  readonly token: string;
  readonly group: EnvelopeGroup | undefined;
}

interface OpenedPiece {
  readonly piece: SealedPiece;
  readonly plaintext: Plaintext;
}

/** The values of one file, sealed to the key that its rule names first. */
export class ValueRotation {
  readonly #ports: RotationPorts;
  readonly #file: DocumentFile;
  readonly #wish: DocumentWish;
  readonly #keys = new Map<ValueSchemeId, Promise<readonly KeyMaterial[]>>();

  constructor(ports: RotationPorts, file: DocumentFile, wish: DocumentWish) {
    this.#ports = ports;
    this.#file = file;
    this.#wish = wish;
  }

  async plan(
    manifest: ManifestText,
    pieces: readonly SealedPiece[],
    signal: AbortSignal,
  ): Promise<RotationPlan> {
    const key = await this.#today(pieces);
    const opened: OpenedPiece[] = [];
    const left: Failure[] = [];
    for (const piece of pieces) {
      signal.throwIfAborted();
      try {
        const plaintext = await this.#openUnlessCurrent(piece, key, manifest);
        if (plaintext !== undefined) opened.push({ piece, plaintext });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        left.push(placed(error, piece, manifest));
      }
    }
    const current = pieces.length - opened.length - left.length;
    const sealed = await seal(manifest, opened, key, signal);
    return { ...sealed, renewed: opened.length, current, left, notes: [] };
  }

  /** The key that everything is to be sealed to. */
  async #today([first]: readonly SealedPiece[]): Promise<SealingKey> {
    const { keys, trust, repository, registry } = this.#ports;
    const wish = { scheme: undefined, keys: [], site: this.#wish.site };
    const how = await howToSeal(this.#file.answer, wish, keys);
    if (how.unit === 'value') {
      const request = { ...how, scheme: registry.byId(how.scheme), accepted: this.#wish.accepted };
      return this.#withOpener(await sealingKey(request, keys, trust, repository));
    }
    const sealed = registry.ofToken(first?.token ?? '')?.title ?? '';
    throw new Failure('rotate.other-scheme', { sealed, wanted: registry.titleOf(how.scheme) });
  }

  /** Who names the private half in the command has it at hand. Whether the public one may be sealed to is another question. */
  async #withOpener(key: SealingKey): Promise<SealingKey> {
    const { fingerprint } = key.facts;
    if (key.opensWith !== undefined || fingerprint === undefined) return key;
    const [crypto, named] = [await key.scheme.load(), await this.#namedKeys(key.scheme.id)];
    const opensWith = named.find((one) => isPrivateHalf(() => crypto.inspect(one), fingerprint));
    return { ...key, opensWith };
  }

  /** Undefined: it is sealed to today's key. */
  async #openUnlessCurrent(
    { token, group }: SealedPiece,
    key: SealingKey,
    manifest: ManifestText,
  ): Promise<Plaintext | undefined> {
    const { registry } = this.#ports;
    const scheme = registry.ofToken(token);
    if (scheme === undefined) throw new Failure('entry.not-encrypted', {});
    if ((await isSealedTo(token, scheme, key)) && !(await this.#opensNamesake(token, key))) return undefined;
    if (group === undefined) {
      const { path } = this.#file;
      return openWhole(token, (id) => this.#openingKeys(id), registry, { path });
    }
    const boundTo = movedFrom(group, registry);
    for (const envelope of group.envelopes) {
      manifest.requireEditable(envelope);
      if (boundTo !== undefined) throw new Failure('entry.moved', { boundTo, standsAt: bindingOf(envelope) });
    }
    return openToken(token, scheme, await this.#openingKeys(scheme.id));
  }

  /** Whether another key at hand opens it that goes by the name of today's: a JWK may keep its `kid` when its key is changed. */
  async #opensNamesake(token: string, { scheme, facts }: SealingKey): Promise<boolean> {
    if (facts.id === undefined || facts.fingerprint === undefined) return false;
    const crypto = await scheme.load();
    const keys = await this.#openingKeys(scheme.id);
    const namesakes = keys.flatMap((key) => namesakesIn(key, crypto, facts));
    return namesakes.length > 0 && opens(token, scheme, namesakes);
  }

  /** Those named in the command, those of the rule, the person's own. */
  #openingKeys(scheme: ValueSchemeId): Promise<readonly KeyMaterial[]> {
    const known = this.#keys.get(scheme) ?? this.#findKeys(scheme);
    this.#keys.set(scheme, known);
    return known;
  }

  async #findKeys(scheme: ValueSchemeId): Promise<readonly KeyMaterial[]> {
    const { rule, base, root } = this.#file.answer;
    const references = rule?.scheme === scheme ? rule.keys : [];
    const others = await this.#ports.keys.openingKeys(references, scheme, { base, root });
    return [...(await this.#namedKeys(scheme)), ...others];
  }

  async #namedKeys(scheme: ValueSchemeId): Promise<readonly KeyMaterial[]> {
    const { keys } = this.#ports;
    const named: KeyMaterial[] = [];
    for (const reference of this.#wish.keys) {
      try {
        named.push(await keys.resolve(reference, scheme, this.#wish.site));
      } catch (error) {
        // A key of one's own may be for another scheme: many files are sealed again at once.
        if (reference.kind !== 'local' || !Failure.is(error, 'key.not-found')) throw error;
      }
    }
    return named;
  }
}

/** Whoever sealed to a public key named it; keys that go by one name are told apart where that costs next to nothing. */
async function isSealedTo(token: string, scheme: Scheme, key: SealingKey): Promise<boolean> {
  if (scheme.id !== key.scheme.id) return false;
  const { recipient, weakness } = scheme.token?.describe(token) ?? {};
  if (weakness !== undefined) return false;
  const isNamed = recipient !== undefined && recipient === key.facts.id;
  if (recipient !== undefined && key.facts.id !== undefined && !isNamed) return false;
  if (key.opensWith === undefined || (isNamed && key.facts.kind !== 'symmetric')) return isNamed;
  // Of several keys in a file only the first seals: what another of them opens is sealed to an old one.
  const [today] = (await scheme.load()).keysIn(key.opensWith);
  return today !== undefined && opens(token, scheme, [today]);
}

async function opens(token: string, scheme: Scheme, keys: readonly KeyMaterial[]): Promise<boolean> {
  try {
    await openToken(token, scheme, keys);
    return true;
  } catch (error) {
    if (Failure.is(error, 'open.failed') || Failure.is(error, 'key.missing')) return false;
    throw error;
  }
}

/** The private keys of a file with this name that are other keys. */
function namesakesIn(
  material: KeyMaterial,
  crypto: SchemeCrypto,
  { id, fingerprint }: KeyFacts,
): readonly KeyMaterial[] {
  try {
    return crypto.keysIn(material).filter((key) => {
      const other = crypto.inspect(key);
      return other.kind === 'private' && other.id === id && other.fingerprint !== fingerprint;
    });
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return [];
    throw error;
  }
}

async function openToken(token: string, scheme: Scheme, keys: readonly KeyMaterial[]): Promise<Plaintext> {
  const { token: crypto } = await scheme.load();
  if (crypto === undefined) throw new Failure('entry.not-encrypted', {});
  return (await crypto.open(token, keys)).plaintext;
}

type Sealed = Pick<RotationPlan, 'edits' | 'verification'>;

/** Every new ciphertext is opened again where that can be done: the old ones will be gone. */
async function seal(
  manifest: ManifestText,
  opened: readonly OpenedPiece[],
  key: SealingKey,
  signal: AbortSignal,
): Promise<Sealed> {
  const [first] = opened;
  if (first === undefined) return { edits: [], verification: 'opened' };
  if (first.piece.group === undefined) return sealFile(manifest.text, first, key);
  const values = opened.flatMap(({ piece, plaintext }) =>
    (piece.group?.envelopes ?? []).map(({ object, entry }): NewValue => ({ object, entry, plaintext })),
  );
  const crypto = await key.scheme.load();
  const edits = await crypto.seal({ text: manifest.text, values }, key.material, signal);
  const edited = manifest.withEdits(edits, new Set(values.map(({ entry }) => entry)));
  const now = values.map(({ entry, plaintext }): SealedValue => {
    const located = edited.after.get(entry);
    if (located === undefined) throw new Failure('edit.unverified', {});
    return { plaintext, located };
  });
  return { edits, verification: await verifySealed(now, key, { all: true }) };
}

async function sealFile(text: string, { piece, plaintext }: OpenedPiece, key: SealingKey): Promise<Sealed> {
  const { token, verification } = await sealWhole(plaintext, key);
  const start = text.indexOf(piece.token);
  return { edits: [{ span: { start, end: start + piece.token.length }, text: token }], verification };
}

function placed(failure: Failure, { group }: SealedPiece, manifest: ManifestText): Failure {
  const [envelope] = group?.envelopes ?? [];
  return envelope === undefined ? failure : manifest.placed(failure, envelope);
}
