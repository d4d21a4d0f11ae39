import type { MalformedEnvelope } from '../schemes/scheme.ts';
import { entryInWords, type Finding, findingAt } from './finding.ts';

/** Text that is meant as ciphertext and cannot be shown to be any: nothing will open it, or it hides a plaintext. */
export function malformedCiphertext(envelope: MalformedEnvelope): Finding {
  const message = `${entryInWords(envelope)} looks like ${envelope.scheme} but is not: ${envelope.reason}`;
  return findingAt(envelope, 'malformed-ciphertext', 'error', message);
}
