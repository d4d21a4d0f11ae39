import type { Span } from '../core/span.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** The schemes that seal documents as a whole. */
export const documentSchemeIds = ['sealed-secrets', 'sops'] as const;
export type DocumentSchemeId = (typeof documentSchemeIds)[number];

export function isDocumentScheme(text: string): text is DocumentSchemeId {
  return documentSchemeIds.some((id) => id === text);
}

/** A Kubernetes object in a sealed document, as far as it says. */
export interface ItemObject {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** One ciphertext of a sealed document, where it stands. */
export interface SealedItem {
  /** As a person calls it: `encryptedData.password`, `stringData.password`, `users[0].token`. */
  readonly name: string;
  /** What else it may be called: what a SealedSecret's item becomes in the Secret. */
  readonly otherNames: readonly string[];
  /** The last part of it. */
  readonly key: string;
  readonly object: ItemObject;
  readonly keySpan: Span;
  /** The value's token, quotes included. */
  readonly span: Span;
  /** Size of what is sealed, as far as the format shows it. */
  readonly bytes: number | undefined;
}

/** Somebody who can open a sealed document. */
export interface DocumentRecipient {
  /** As people call the kind: `age`, `PGP`, `AWS KMS`, `certificate`. */
  readonly kind: string;
  /** The recipient, fingerprint or resource, in full. */
  readonly name: string;
}

/** A document that is opened and sealed as a whole: a SealedSecret, or a file of SOPS with all of its documents. */
export interface SealedDocument {
  readonly scheme: DocumentSchemeId;
  readonly span: Span;
  /** The offset of the first thing in it that people read, which lenses stand above. */
  readonly heading: number;
  /** What findings about the document as a whole stand at: its kind, or the key of SOPS' own mapping. */
  readonly mark: Span;
  /** The Kubernetes objects in it, in order. */
  readonly objects: readonly ItemObject[];
  readonly items: readonly SealedItem[];
  /** Who can open it, as far as it says so; a SealedSecret need not. */
  readonly recipients: readonly DocumentRecipient[];
  /** What else can be told without a key, in a few words: `strict scope`, `2 of 3 key groups`. */
  readonly notes: readonly string[];
  /** As the document says it. */
  readonly lastModified: string | undefined;
}

/** A document meant as this scheme's that cannot be one. */
export interface MalformedDocument {
  readonly scheme: DocumentSchemeId;
  /** As `SealedItem.name`; undefined where it is about the whole document. */
  readonly item: string | undefined;
  readonly span: Span;
  /** Quotes nothing. */
  readonly reason: string;
}

export interface FoundDocuments {
  readonly documents: readonly SealedDocument[];
  readonly malformed: readonly MalformedDocument[];
}

/** What menus and messages must know of a scheme that seals documents. */
export interface DocumentTraits {
  /** What is sealed as a whole: a file with all that is in it, or one object of a file. */
  readonly unit: 'file' | 'object';
  /** Whether changing one value takes a key that opens the document. */
  readonly opensToChange: boolean;
  /** What its users call sealing, and opening into the file. */
  readonly verbs: { readonly seal: 'Encrypt' | 'Seal'; readonly open: 'Decrypt' | 'Unseal' };
}

/** A scheme that seals documents, as far as no key is needed. What needs keys is `DocumentWork`. */
export interface DocumentScheme {
  readonly id: DocumentSchemeId;
  readonly title: string;
  readonly traits: DocumentTraits;
  /** Total, synchronous, and linear in the text; broken files and templates included. Loads neither cryptography nor `yaml`. */
  find(manifest: Manifest): FoundDocuments;
}
