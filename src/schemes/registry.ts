import { type Located, locatedEntries } from '../manifest/address.ts';
import type { Manifest } from '../manifest/manifest.ts';
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

  /** Everything any scheme recognises in a manifest. `entries` are the manifest's own, where they are at hand. */
  find(manifest: Manifest, entries: readonly Located[] = locatedEntries(manifest)): Found {
    const tokens: Envelope[] = [];
    for (const { object, entry } of entries) {
      const token = tokenOf(entry);
      if (token !== undefined && token !== '') tokens.push({ object, entry, token });
    }
    const found = this.all.map((scheme) => scheme.find(manifest, tokens));
    return {
      groups: found.flatMap(({ groups }) => groups),
      malformed: found.flatMap(({ malformed }) => malformed),
    };
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
