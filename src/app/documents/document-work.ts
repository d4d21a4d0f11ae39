import type { Plaintext } from '../../core/plaintext.ts';
import type { Result } from '../../core/result.ts';
import type { Edit } from '../../core/span.ts';
import type { KeyReference } from '../../policy/key-reference.ts';
import type {
  DocumentScheme,
  DocumentSchemeId,
  SealedDocument,
  SealedItem,
} from '../../schemes/document-scheme.ts';
import type { Verification } from '../encrypt.ts';
import type { ReferenceSite } from '../key-ring.ts';
import type { PolicyAnswer } from '../policy-finder.ts';
import type { ItemAddress } from './item-address.ts';

/** A file with sealed documents in it, or one that is to have some. */
export interface DocumentFile {
  /** Absolute: policies and kustomizations are looked for from here. */
  readonly path: string;
  readonly text: string;
  readonly answer: PolicyAnswer;
}

/** What the person asked for in this command; policy decides what is not given. */
export interface DocumentWish {
  /** Keys named in this very command, which accepts them: certificates to seal to, private keys to open with. */
  readonly keys: readonly KeyReference[];
  /** What paths among `keys` are relative to. */
  readonly site: ReferenceSite;
  /** Fingerprints and recipients the person accepts in this very command. */
  readonly accepted: readonly string[];
}

/** An item of a sealed document with what it holds. */
export interface OpenedItem {
  readonly item: SealedItem;
  /** Of a Secret's `data`, the decoded bytes. */
  readonly plaintext: Plaintext;
}

/** Edits that were checked: what they do not mean to change reads as before. */
export interface DocumentEdit {
  readonly edits: readonly Edit[];
  /** How many values they seal or open. */
  readonly values: number;
  readonly verification: Verification;
  /** What the person should know and need not act on, one sentence each: a certificate that the controller has renewed. */
  readonly notes: readonly string[];
}

/** Where a value is to be set: the item that is there, else a place for a new one. */
export interface SetTarget {
  readonly document: SealedDocument;
  readonly address: ItemAddress;
  readonly item: SealedItem | undefined;
}

/**
 * What a person does with documents that are sealed as a whole, in the words of the commands; one for each such scheme.
 *
 * Everything throws `Failure` and then nothing is to be written. What seals to a key or recipient the person has not
 * accepted throws `key.untrusted`; what opens without the right key `key.missing` or `open.failed`.
 */
export interface DocumentWork {
  readonly scheme: DocumentScheme;

  /** Opens every item for looking at, one result an item of the document, in its order. Throws what keeps all of them shut. */
  open(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
  ): Promise<readonly Result<OpenedItem>[]>;

  /** The edits that make plaintext of a document: *Unseal*, `purser decrypt`. */
  decrypt(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit>;

  /** Gives an item another value, or adds one, and leaves all others as they are. */
  set(file: DocumentFile, target: SetTarget, value: Plaintext, wish: DocumentWish): Promise<DocumentEdit>;

  /** Takes an item out, and leaves all others as they are. */
  remove(
    file: DocumentFile,
    document: SealedDocument,
    item: SealedItem,
    wish: DocumentWish,
  ): Promise<DocumentEdit>;

  /**
   * Seals what the scheme's own rules say: of Sealed Secrets every Secret with a value, or the one that holds the offset; of SOPS the
   * file. No values: there is nothing to seal.
   */
  seal(
    file: DocumentFile,
    offset: number | undefined,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit>;

  /**
   * Seals a document to today's recipients, if it is sealed to others: *Seal Again…*, *Update Recipients*, `purser rotate`. Undefined:
   * it is sealed to them already.
   */
  renew(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit | undefined>;

  /** Encrypts every value anew under a new data key: *Rotate Data Key*. Absent where each item has a key of its own. */
  rotateDataKey?(
    file: DocumentFile,
    document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit>;
}

/** All of them, told by their scheme; each is loaded, with its cryptography, when it is first used. */
export class DocumentWorks {
  readonly #load: { readonly [S in DocumentSchemeId]: () => Promise<DocumentWork> };
  readonly #loaded = new Map<DocumentSchemeId, Promise<DocumentWork>>();

  constructor(load: { readonly [S in DocumentSchemeId]: () => Promise<DocumentWork> }) {
    this.#load = load;
  }

  of({ scheme }: { readonly scheme: DocumentSchemeId }): Promise<DocumentWork> {
    const work = this.#loaded.get(scheme) ?? this.#load[scheme]();
    this.#loaded.set(scheme, work);
    return work;
  }
}
