/**
 * A revision as people tell them apart: `main@3f2a1c9` for `main@sha1:3f2a1c9…` (what fluxcd/source-controller reports since
 * 2.0) and for `main/3f2a1c9…` (before); versions of charts stay as they are.
 */
export function shortRevision(revision: string): string {
  return revision
    .replace(/(^|@)(?:sha1|sha256|sha384|sha512|blake3):([0-9a-f]{7})[0-9a-f]*$/, '$1$2')
    .replace(/\/([0-9a-f]{7})[0-9a-f]{33}$/, '@$1');
}
