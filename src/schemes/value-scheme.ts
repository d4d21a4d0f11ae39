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
  /** Throws `key.unusable`. */
  readKey(material: KeyMaterial): Key;
  facts(key: Key): KeyFacts;
  seal(plaintext: Uint8Array, key: Key, binding: string | undefined): Promise<string>;
  /** Undefined: not sealed to this key. Throws `open.failed` and `ciphertext.…` where it is, and is broken. */
  open(token: string, key: Key): Promise<Uint8Array | undefined>;
  generate(): Promise<GeneratedKey>;
}

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
  readonly #keys = new WeakMap<KeyMaterial, Key & WeakKey>();

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

  async #openToken(token: string, keys: readonly KeyMaterial[]) {
    const hint = this.#codec.describe(token).recipient;
    const usable = this.#usable(keys);
    const named = usable.filter(({ facts }) => hint !== undefined && facts.id === hint);
    const others = usable.filter((candidate) => !named.includes(candidate));
    let broken: Failure | undefined;
    for (const { key, material } of [...named, ...others]) {
      try {
        const bytes = await this.#crypto.open(token, key);
        if (bytes !== undefined) return { plaintext: new Plaintext(bytes), key: material };
      } catch (error) {
        // Two keys may go by one name: that the first does not fit says nothing of the second.
        if (!Failure.is(error, 'open.failed')) throw error;
        broken ??= error;
      }
    }
    if (broken !== undefined) throw broken;
    const unknown = usable.length === 0 || (hint !== undefined && named.length === 0);
    throw unknown
      ? new Failure('key.missing', { scheme: this.#codec.id, hint })
      : new Failure('open.failed', { scheme: this.#codec.id });
  }

  /** The keys this scheme can use. When a single key was given, what is wrong with it is the answer. */
  #usable(keys: readonly KeyMaterial[]) {
    return keys.flatMap((material) => {
      try {
        const key = this.#key(material);
        return [{ material, key, facts: this.#crypto.facts(key) }];
      } catch (error) {
        if (keys.length > 1 && Failure.is(error, 'key.unusable')) return [];
        throw error;
      }
    });
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

  #key(material: KeyMaterial): Key {
    const known = this.#keys.get(material);
    if (known !== undefined) return known;
    const key = this.#crypto.readKey(material);
    this.#keys.set(material, key as Key & WeakKey);
    return key;
  }
}
