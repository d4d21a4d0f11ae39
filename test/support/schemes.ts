import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Plaintext } from '../../src/core/plaintext.ts';
import { fernetScheme } from '../../src/schemes/fernet.ts';
import { jweScheme } from '../../src/schemes/jwe.ts';
import type { KeyMaterial } from '../../src/schemes/keys.ts';
import { SchemeRegistry } from '../../src/schemes/registry.ts';
import type { SchemeId } from '../../src/schemes/scheme.ts';
import { secretboxScheme } from '../../src/schemes/secretbox.ts';

/** The registry as the composition roots build it. */
export function allSchemes(now = () => new Date()): SchemeRegistry {
  return new SchemeRegistry([jweScheme(), fernetScheme(now), secretboxScheme()]);
}

export function material(name: string, content: string | Uint8Array): KeyMaterial {
  const bytes = typeof content === 'string' ? Plaintext.fromText(content) : new Plaintext(content);
  return { ref: `local:${name}`, name, bytes };
}

/** A new key that opens and seals; RSA keys are small, because tests make many. */
export function newKey(scheme: SchemeId, name = 'test'): KeyMaterial {
  if (scheme !== 'jwe') return material(name, `${randomBytes(32).toString('base64url')}=`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return material(name, privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
