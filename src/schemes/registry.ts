import type { Span } from '../core/span.ts';
import { locatedEntries } from '../manifest/address.ts';
import type { Entry, Manifest } from '../manifest/manifest.ts';
import { tokenOf } from '../manifest/secret.ts';
import type { DocumentScheme, DocumentSchemeId, FoundDocuments } from './document-scheme.ts';
import {
  type Envelope,
  type Found,
  type Scheme,
  type SchemeId,
  type ValueSchemeId,
  valueSchemeIds,
} from './scheme.ts';

/** The schemes there are. Which text is whose is decided by each format's own mark, so order does not matter. */
export class SchemeRegistry {
  /** Those that seal single values. */
  readonly all: readonly Scheme[];
  /** Those that seal documents as a whole. */
  readonly documents: readonly DocumentScheme[];

  constructor(schemes: readonly Scheme[], documents: readonly DocumentScheme[] = []) {
    this.all = schemes;
    this.documents = documents;
  }

  /** Every sealed document in a manifest, in the order of the text, and what cannot be one. */
  findDocuments(manifest: Manifest): FoundDocuments {
    const found = this.documents.map((scheme) => scheme.find(manifest));
    const inOrder = <T extends { readonly span: Span }>(all: readonly T[]) =>
      all.toSorted((a, b) => a.span.start - b.span.start);
    return {
      documents: inOrder(found.flatMap(({ documents }) => documents)),
      malformed: inOrder(found.flatMap(({ malformed }) => malformed)),
    };
  }

  /** What people call a scheme. */
  titleOf(id: SchemeId): string {
    return [...this.all, ...this.documents].find((scheme) => scheme.id === id)?.title ?? id;
  }

  byId(id: ValueSchemeId): Scheme {
    const scheme = this.all.find((candidate) => candidate.id === id);
    if (scheme === undefined) throw new TypeError(`no scheme ${id}`);
    return scheme;
  }

  documentById(id: DocumentSchemeId): DocumentScheme {
    const scheme = this.documents.find((candidate) => candidate.id === id);
    if (scheme === undefined) throw new TypeError(`no scheme ${id}`);
    return scheme;
  }

  /** Everything any scheme recognises in a manifest. `envelopes` are what `tokenIn` says of its entries, where that is at hand. */
  find(manifest: Manifest, envelopes: readonly Envelope[] = this.#envelopesIn(manifest)): Found {
    const found = this.all.map((scheme) => scheme.find(manifest, envelopes));
    return {
      groups: found.flatMap(({ groups }) => groups),
      malformed: found.flatMap(({ malformed }) => malformed),
    };
  }

  /** What stands in an entry, decoded once in `data`, if some scheme takes it for its own, whole or damaged. */
  tokenIn(entry: Entry): string | undefined {
    const token = tokenOf(entry);
    if (token === undefined || token === '') return undefined;
    const isSome = this.all.some((scheme) => (scheme.token?.recognise(token).is ?? 'no') !== 'no');
    return isSome ? token : undefined;
  }

  #envelopesIn(manifest: Manifest): readonly Envelope[] {
    return locatedEntries(manifest).flatMap(({ object, entry }) => {
      const token = this.tokenIn(entry);
      return token === undefined ? [] : [{ object, entry, token }];
    });
  }

  /** Whether a scheme takes this text for its own ciphertext, damaged. */
  isDamaged(text: string): boolean {
    return this.all.some((scheme) => scheme.token?.recognise(text).is === 'malformed');
  }

  /** The scheme whose whole token this text is. */
  ofToken(text: string): Scheme | undefined {
    return this.all.find((scheme) => scheme.token?.recognise(text).is === 'yes');
  }
}

export function isValueScheme(text: string): text is ValueSchemeId {
  return valueSchemeIds.some((id) => id === text);
}
