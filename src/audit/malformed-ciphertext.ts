import * as l10n from '@vscode/l10n';
import type { MalformedEnvelope } from '../schemes/scheme.ts';
import { Finding, type Matter, placeOf } from './finding.ts';

/** Text that is meant as ciphertext and cannot be shown to be any: nothing will open it, or it hides a plaintext. */
export function malformedCiphertext(envelope: MalformedEnvelope): Finding {
  const { scheme, reason } = envelope;
  const matter: Matter = (place) => l10n.t('{0} looks like {1} but is not: {2}', place, scheme, reason);
  return new Finding(placeOf(envelope), 'malformed-ciphertext', 'error', matter);
}
