import type { Plaintext } from '../core/plaintext.ts';
import type { Result } from '../core/result.ts';
import type { Edit } from '../core/span.ts';
import type { Recognition } from '../crypto/recognition.ts';
import type { Located } from '../manifest/address.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DocumentSchemeId } from './document-scheme.ts';
import type { KeyFacts, KeyMaterial } from './keys.ts';

/** The schemes that seal single values. */
export const valueSchemeIds = ['jwe', 'fernet', 'secretbox'] as const;
export type ValueSchemeId = (typeof valueSchemeIds)[number];

/** Every scheme there is, as policies and people name it. */
export type SchemeId = ValueSchemeId | DocumentSchemeId;

/** What menus, lenses and policy need to know of a scheme without trying. */
export interface Traits {
  /** Whether the sealing key is public, and so may stand in the repository. */
  readonly sealsWith: 'public' | 'symmetric';
  /** What a ciphertext can be tied to, so that moving it is noticed. */
  readonly boundTo: 'nothing' | 'entry';
}

/** One ciphertext, or what may be one, where it stands. */
export interface Envelope extends Located {
  /** The ciphertext itself: decoded once where it stands in `data`. */
  readonly token: string;
}

/** The smallest thing opened or sealed as a whole: one envelope for the value schemes. */
export interface EnvelopeGroup {
  readonly scheme: ValueSchemeId;
  readonly envelopes: readonly Envelope[];
}

/** Text meant as this scheme's ciphertext that cannot be shown to be any. */
export interface MalformedEnvelope extends Located {
  readonly scheme: ValueSchemeId;
  readonly reason: string;
}

/** What a scheme recognises in a manifest. */
export interface Found {
  readonly groups: readonly EnvelopeGroup[];
  readonly malformed: readonly MalformedEnvelope[];
}

/** What can be told of a ciphertext without a key. */
export interface Description {
  readonly algorithm: string;
  /** The `kid` or key name it says it is sealed to. */
  readonly recipient: string | undefined;
  /** Length of the ciphertext alone, without keys, vectors and tags: of what is sealed, and padding where there is some. */
  readonly bytes: number;
  readonly createdAt: Date | undefined;
  /** `ns/name#KEY`, where the ciphertext says what it was made for. */
  readonly boundTo: string | undefined;
  /** What is weak about how it is sealed, though it is opened: `RSA-OAEP (SHA-1)`. */
  readonly weakness?: string | undefined;
  /** Sealed with a password that a person types, not with a key of a file. */
  readonly withPassword?: boolean;
  /** How many it is sealed to, where they are several: then nothing here opens it. */
  readonly recipients?: number;
}

export interface Opened {
  readonly envelope: Envelope;
  readonly plaintext: Plaintext;
  readonly key: KeyMaterial;
}

/** A value to be sealed into an entry. */
export interface NewValue extends Located {
  readonly plaintext: Plaintext;
}

export interface SealRequest {
  readonly text: string;
  readonly values: readonly NewValue[];
}

/**
 * An encryption format as an editor sees it. `find` and `describe` need no key, run on every keystroke and cannot
 * fail; `load` brings the cryptography in when it is first used.
 */
export interface Scheme {
  readonly id: ValueSchemeId;
  readonly title: string;
  readonly traits: Traits;

  /**
   * Total and synchronous. A malformed envelope is data, not a throw. `tokens` are the entries of the manifest that
   * hold what some scheme takes for its own, decoded once in `data`: read once for all schemes.
   */
  find(manifest: Manifest, tokens: readonly Envelope[]): Found;

  /** What can be told of a group this scheme found. */
  describe(group: EnvelopeGroup): Description;

  load(): Promise<SchemeCrypto>;

  /** One ciphertext on its own, without a manifest around it: whole files. */
  readonly token?: { recognise(text: string): Recognition; describe(token: string): Description };
}

/** The half of a scheme that needs keys. */
export interface SchemeCrypto {
  /** What a key is, without using it: of several in one file, the one that seals. Throws `key.unusable` for one this scheme cannot use. */
  inspect(material: KeyMaterial): KeyFacts;

  /** Each key of a file alone, the one that seals first; only this very scheme tells them apart. Throws `key.unusable`. */
  keysIn(material: KeyMaterial): readonly KeyMaterial[];

  /** Opens what it can, one result an envelope. `key.missing`: no key fits; `open.failed`: one fits, the rest does not. */
  open(group: EnvelopeGroup, keys: readonly KeyMaterial[]): Promise<readonly Result<Opened>[]>;

  /** The edits that put these values into the text as ciphertext, leaving every other byte alone. */
  seal(request: SealRequest, key: KeyMaterial, signal: AbortSignal): Promise<readonly Edit[]>;

  readonly token?: {
    seal(plaintext: Plaintext, key: KeyMaterial): Promise<string>;
    open(
      token: string,
      keys: readonly KeyMaterial[],
    ): Promise<{ readonly plaintext: Plaintext; readonly key: KeyMaterial }>;
  };

  /** A new key of this scheme. */
  generate(): Promise<GeneratedKey>;
}

export interface GeneratedKey {
  /** The file's content, ready to be written 0600. */
  readonly secret: Plaintext;
  /** The public half as SPKI PEM, where there is one. */
  readonly publicPem: string | undefined;
  /** `pem`, `fernet`, `secretbox`: the extension in the key folder. */
  readonly extension: string;
}
