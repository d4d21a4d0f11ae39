import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Edit } from '../core/span.ts';
import type { Recognition } from '../crypto/recognition.ts';
import { replaceValue } from '../manifest/edit.ts';
import { tokenValue } from '../manifest/secret.ts';
import { bindingOf } from './binding.ts';
import type { KeyFacts, KeyMaterial } from './keys.ts';
import type {
  Description,
  Envelope,
  EnvelopeGroup,
  Found,
  GeneratedKey,
  MalformedEnvelope,
  NewValue,
  Opened,
  Scheme,
  SchemeCrypto,
  SealRequest,
  Traits,
  ValueSchemeId,
} from './scheme.ts';

/** What a format of one token a value has to say for itself; `valueScheme` makes a scheme of it. */
export interface Codec<Key> {
  readonly id: ValueSchemeId;
  readonly title: string;
  readonly sealsWith: Traits['sealsWith'];
  readonly boundTo: Traits['boundTo'];
  recognise(text: string): Recognition;
  describe(token: string): Description;
  load(): Promise<CodecCrypto<Key>>;
}

/** The half of a codec that is imported when first used. */
export interface CodecCrypto<Key> {
  /** The keys of a file, of which the first seals. Throws `key.unusable`. */
  readKeys(material: KeyMaterial): readonly [Key, ...Key[]];
  facts(key: Key): KeyFacts;
  seal(plaintext: Uint8Array, key: Key, binding: string | undefined): Promise<string>;
  /** Throws `ciphertext.refused` or `ciphertext.unsupported` where no key opens it, whichever: asked before anybody types a passphrase. */
  requireOpenable?(token: string): void;
  /** Undefined: not sealed to this key. Throws `open.failed` and `ciphertext.…` where it is, and is broken. */
  open(token: string, key: Key): Promise<Uint8Array | undefined>;
  generate(): Promise<GeneratedKey>;
}

/** A key of a file that this scheme can use. */
interface Usable<Key> {
  readonly material: KeyMaterial;
  readonly key: Key;
  readonly facts: KeyFacts;
}

type OpenedToken = Omit<Opened, 'envelope'>;

/** Values sealed at a time before other work gets a turn. */
const batchSize = 64;

export function valueScheme<Key>(codec: Codec<Key>): Scheme {
  let loaded: Promise<SchemeCrypto> | undefined;
  return {
    id: codec.id,
    title: codec.title,
    traits: { sealsWith: codec.sealsWith, boundTo: codec.boundTo },
    find: (_manifest, tokens) => findTokens(codec, tokens),
    describe: (group) => codec.describe(group.envelopes[0]?.token ?? ''),
    load: () => (loaded ??= codec.load().then((crypto) => new ValueCrypto(codec, crypto))),
    token: { recognise: (text) => codec.recognise(text), describe: (token) => codec.describe(token) },
  };
}

function findTokens(
  { id, recognise }: Pick<Codec<unknown>, 'id' | 'recognise'>,
  tokens: readonly Envelope[],
): Found {
  const groups: EnvelopeGroup[] = [];
  const malformed: MalformedEnvelope[] = [];
  for (const envelope of tokens) {
    const recognition = recognise(envelope.token);
    if (recognition.is === 'yes') groups.push({ scheme: id, envelopes: [envelope] });
    if (recognition.is === 'malformed')
      malformed.push({ ...envelope, scheme: id, reason: recognition.reason });
  }
  return { groups, malformed };
}

class ValueCrypto<Key> implements SchemeCrypto {
  readonly #codec: Codec<Key>;
  readonly #crypto: CodecCrypto<Key>;
  /** Keys are read once: importing one costs more than sealing with it. */
  readonly #keys = new WeakMap<KeyMaterial, readonly [Key, ...Key[]]>();

  constructor(codec: Codec<Key>, crypto: CodecCrypto<Key>) {
    this.#codec = codec;
    this.#crypto = crypto;
  }

  readonly token: NonNullable<SchemeCrypto['token']> = {
    seal: (plaintext, material) => this.#crypto.seal(plaintext.expose(), this.#key(material), undefined),
    open: (token, keys) => this.#openToken(token.trim(), keys),
  };

  inspect(material: KeyMaterial): KeyFacts {
    return this.#crypto.facts(this.#key(material));
  }

  keysIn(material: KeyMaterial): readonly KeyMaterial[] {
    return this.#keysOf(material).map((key) => {
      const alone = { ...material };
      this.#keys.set(alone, [key]);
      return alone;
    });
  }

  generate(): Promise<GeneratedKey> {
    return this.#crypto.generate();
  }

  async open(group: EnvelopeGroup, keys: readonly KeyMaterial[]): Promise<readonly Result<Opened>[]> {
    return Promise.all(group.envelopes.map((envelope) => this.#openEnvelope(envelope, keys)));
  }

  async #openEnvelope(envelope: Envelope, keys: readonly KeyMaterial[]): Promise<Result<Opened>> {
    try {
      return ok({ envelope, ...(await this.#openToken(envelope.token, keys)) });
    } catch (error) {
      if (error instanceof Failure) return failed(error);
      throw error;
    }
  }

  /** Nobody is asked for a passphrase or a password where a key at hand opens the token, or names it and does not fit. */
  async #openToken(token: string, keys: readonly KeyMaterial[]): Promise<OpenedToken> {
    this.#crypto.requireOpenable?.(token);
    const hint = this.#codec.describe(token).recipient;
    const { usable, unusable } = this.#usable(keys.filter(({ lock }) => lock === undefined));
    const isNamed = ({ facts }: Usable<Key>) => hint !== undefined && facts.id === hint;
    const inOrder = usable.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
    const opened = (await this.#tryKeys(token, inOrder)) ?? (await this.#unlockFor(token, keys));
    if (opened !== undefined) return opened;
    if (unusable !== undefined) throw unusable;
    const unknown = usable.length === 0 || (hint !== undefined && !usable.some(isNamed));
    throw unknown
      ? new Failure('key.missing', { scheme: this.#codec.id, hint })
      : new Failure('open.failed', { scheme: this.#codec.id });
  }

  async #tryKeys(token: string, usable: readonly Usable<Key>[]): Promise<OpenedToken | undefined> {
    let broken: Failure | undefined;
    for (const { key, material } of usable) {
      try {
        const bytes = await this.#crypto.open(token, key);
        if (bytes !== undefined) return { plaintext: new Plaintext(bytes), key: material };
      } catch (error) {
        // Two keys may go by one name: that the first does not fit says nothing of the second.
        if (!Failure.is(error, 'open.failed') && !Failure.is(error, 'ciphertext.refused')) throw error;
        broken ??= error;
      }
    }
    if (broken !== undefined) throw broken;
    return undefined;
  }

  /** Tries the keys that lack something only the person knows, one after another. */
  async #unlockFor(token: string, keys: readonly KeyMaterial[]): Promise<OpenedToken | undefined> {
    const { recipient, withPassword = false } = this.#codec.describe(token);
    const needs = withPassword ? 'password' : 'passphrase';
    let failure: Failure | undefined;
    for (const { lock } of keys) {
      if (lock?.needs !== needs || (lock.id !== undefined && lock.id !== recipient)) continue;
      try {
        const { usable, unusable } = this.#usable([await lock.unlock('open')]);
        if (unusable !== undefined) throw unusable;
        const opened = await this.#tryKeys(token, usable);
        if (opened !== undefined) return opened;
        if (withPassword) failure ??= new Failure('password.failed', { given: true });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // Of a password that was typed, the likely thing is that it is another one.
        const isOther = withPassword && error.code === 'open.failed';
        failure ??= isOther ? new Failure('password.failed', { given: true }) : error;
      }
    }
    if (failure !== undefined) throw failure;
    return undefined;
  }

  /** The keys this scheme can use. When a single key was given, what is wrong with it is the answer where no other opens. */
  #usable(keys: readonly KeyMaterial[]): {
    readonly usable: readonly Usable<Key>[];
    readonly unusable: Failure | undefined;
  } {
    let unusable: Failure | undefined;
    const usable = keys.flatMap((material) => {
      try {
        return this.#keysOf(material).map((key) => ({ material, key, facts: this.#crypto.facts(key) }));
      } catch (error) {
        if (!Failure.is(error, 'key.unusable')) throw error;
        unusable = error;
        return [];
      }
    });
    return { usable, unusable: keys.length === 1 ? unusable : undefined };
  }

  async seal(
    { text, values }: SealRequest,
    material: KeyMaterial,
    signal: AbortSignal,
  ): Promise<readonly Edit[]> {
    const key = this.#key(material);
    const edits: Edit[] = [];
    for (let at = 0; at < values.length; at += batchSize) {
      signal.throwIfAborted();
      const batch = values.slice(at, at + batchSize);
      const tokens = await Promise.all(batch.map((value) => this.#sealValue(value, key)));
      for (const [index, value] of batch.entries()) {
        edits.push(...replaceValue(text, value.entry, tokenValue(value.entry.map, tokens[index] ?? '')));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return edits;
  }

  #sealValue(value: NewValue, key: Key): Promise<string> {
    const binding = this.#codec.boundTo === 'entry' ? bindingOf(value) : undefined;
    return this.#crypto.seal(value.plaintext.expose(), key, binding);
  }

  /** The key of a file that seals. */
  #key(material: KeyMaterial): Key {
    return this.#keysOf(material)[0];
  }

  #keysOf(material: KeyMaterial): readonly [Key, ...Key[]] {
    const known = this.#keys.get(material);
    if (known !== undefined) return known;
    const keys = this.#crypto.readKeys(material);
    this.#keys.set(material, keys);
    return keys;
  }
}
