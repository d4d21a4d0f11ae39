import { locatedEntries } from '../manifest/address.ts';
import type { Entry, Manifest } from '../manifest/manifest.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Finding } from './finding.ts';
import { isIgnoredByComment } from './ignore-comment.ts';
import { malformedCiphertext } from './malformed-ciphertext.ts';
import { plaintextSecret } from './plaintext-secret.ts';

/**
 * Every finding of a manifest, in the order of the text, at most one a value: the most specific. Total, fast and
 * needs no keys.
 */
export function audit(manifest: Manifest, registry: SchemeRegistry): readonly Finding[] {
  const { malformed } = registry.find(manifest);
  const byEntry = new Map<Entry, Finding>(
    malformed.map((envelope) => [envelope.entry, malformedCiphertext(envelope)]),
  );
  const findings = locatedEntries(manifest).flatMap(
    (located) => byEntry.get(located.entry) ?? plaintextSecret(located, registry) ?? [],
  );
  return findings.filter(({ span, rule }) => !isIgnoredByComment(manifest.text, span.start, rule));
}
