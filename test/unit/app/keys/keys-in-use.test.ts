import { randomBytes } from 'node:crypto';
import { CompactEncrypt, importJWK, importSPKI, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { countSealedTo } from '../../../../src/app/keys-in-use.ts';
import { ecPair, secretYaml } from '../../../support/workspace.ts';
import { keyMaterial, registry } from '../../schemes/schemes.ts';

const shared = (kid: string): JWK => ({ kty: 'oct', kid, k: randomBytes(32).toString('base64url') });
const [first, second, foreign] = [shared('first'), shared('second'), shared('foreign')];
const own = ecPair();

/** As another program seals, which calls the key what it likes. */
async function sealed(key: JWK | string, kid: string): Promise<string> {
  const alg = typeof key === 'string' ? 'ECDH-ES+A256KW' : 'dir';
  return new CompactEncrypt(Buffer.from('hunter2'))
    .setProtectedHeader({ alg, enc: 'A256GCM', kid })
    .encrypt(typeof key === 'string' ? await importSPKI(key, alg) : await importJWK(key, alg));
}

const count = (key: string, text: string, signal = new AbortController().signal) =>
  countSealedTo(keyMaterial(key), registry.byId('jwe'), registry, new TextEncoder().encode(text), signal);

describe('how much is sealed to a key', () => {
  const set = JSON.stringify({ keys: [first, second] });

  it('counts what names any key of a set, opened or damaged', async () => {
    const token = await sealed(second, 'second');
    const damaged = `${token.slice(0, -6)}AAAAAA`;
    expect(await count(set, secretYaml('n', { a: token, b: damaged, c: await sealed(foreign, 'x') }))).toBe(
      2,
    );
    expect(await count(set, `${token}\n`)).toBe(1);
  });

  it('ends within a file when it is given up', async () => {
    const text = secretYaml('n', { a: await sealed(second, 'second') });
    await expect(count(set, text, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('counts what the key opens, whatever it calls it', async () => {
    const token = await sealed(own.publicPem, 'prod');
    const other = await sealed(ecPair().publicPem, 'prod');
    expect(await count(own.privatePem, secretYaml('n', { a: token, b: other }))).toBe(1);
    expect(await count(own.privatePem, token)).toBe(1);
    expect(await count(own.privatePem, other)).toBe(0);
    expect(await count(own.publicPem, token)).toBe(0);
    expect(await count(set, await sealed(second, 'prod'))).toBe(1);
  });
});
