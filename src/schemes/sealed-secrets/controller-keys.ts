import { utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import { tlsKeysIn } from '../../manifest/tls-keys.ts';
import type { KeyMaterial } from '../keys.ts';

/**
 * The private keys of a Sealed Secrets controller in a file: PEM, or the Secrets they are kept in as they are backed up, in YAML or
 * JSON.
 * @throws Failure `key.unusable`
 */
export async function readControllerKeys({ bytes, ref }: KeyMaterial): Promise<readonly UnsealingKey[]> {
  const { readUnsealingKeys } = await import('../../crypto/unsealing-keys.ts');
  const text = utf8(bytes.expose()) ?? '';
  if (/^-----BEGIN /m.test(text)) return readUnsealingKeys(bytes.expose(), ref);
  const backedUp = tlsKeysOf(text, ref);
  if (backedUp.length === 0) {
    throw new Failure('key.unusable', { ref, reason: 'it is neither PEM nor a Secret with a tls.key' });
  }
  return backedUp.flatMap((pem) => readUnsealingKeys(pem.expose(), ref));
}

function tlsKeysOf(text: string, ref: string) {
  try {
    return tlsKeysIn(text);
  } catch (error) {
    if (!Failure.is(error, 'entry.not-base64')) throw error;
    throw new Failure('key.unusable', { ref, reason: 'its tls.key is not base64' });
  }
}
