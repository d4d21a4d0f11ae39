import type { MalformedEnvelope } from '../schemes/scheme.ts';
import { Finding, placeOf } from './finding.ts';

/** Text that is meant as ciphertext and cannot be shown to be any: nothing will open it, or it hides a plaintext. */
export function malformedCiphertext(envelope: MalformedEnvelope): Finding {
  const matter = `looks like ${envelope.scheme} but is not: ${envelope.reason}`;
  return new Finding(placeOf(envelope), 'malformed-ciphertext', 'error', matter);
}
