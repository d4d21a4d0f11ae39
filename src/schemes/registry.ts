import { locatedEntries } from '../manifest/address.ts';
import type { Entry, Manifest } from '../manifest/manifest.ts';
import { tokenOf } from '../manifest/secret.ts';
import type { Envelope, Found, Scheme, SchemeId } from './scheme.ts';

/** The schemes there are. Which text is whose is decided by each format's own mark, so order does not matter. */
export class SchemeRegistry {
  readonly all: readonly Scheme[];

  constructor(schemes: readonly Scheme[]) {
    this.all = schemes;
  }

  byId(id: SchemeId): Scheme {
    const scheme = this.all.find((candidate) => candidate.id === id);
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

export function isSchemeId(text: string): text is SchemeId {
  return text === 'jwe' || text === 'fernet' || text === 'secretbox';
}
