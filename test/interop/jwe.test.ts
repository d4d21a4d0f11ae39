import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openJwe, sealJwe } from '../../src/crypto/jwe.ts';
import { publicKeyPem, readJweKey } from '../../src/crypto/jwe-key.ts';
import { readJweToken } from '../../src/crypto/jwe-token.ts';
import { payloads } from '../support/payloads.ts';
import { describePeer, privateFolder } from '../support/peers.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const text = (opened: Uint8Array | undefined) => opened && Buffer.from(opened).toString('base64');
const expected = payloads.map((payload) => text(payload));

/** go-jose knows no X25519 for JWE, so RSA and the three curves it is. */
const pairs = [
  ['RSA 2048', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['EC P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['EC P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['EC P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
] as const;

describePeer('JWE and jose-util (go-jose)', 'joseUtil', (run) => {
  const folder = privateFolder();
  afterAll(() => folder.remove());

  it.each(pairs)(
    'jose-util opens what Purser seals to %s, with a binding in the header',
    async (name, pair) => {
      const mine = readJweKey(bytes(pem(pair.privateKey)), name);
      const file = folder.write(`open ${name}.pem`, pem(pair.privateKey));
      const opened = [];
      for (const payload of payloads) {
        const token = await sealJwe(payload, mine, { for: 'db/main#password' });
        opened.push(text(run(['decrypt', '--key', file], token)));
      }
      expect(opened).toEqual(expected);
    },
  );

  it.each(pairs)('Purser opens what jose-util seals to %s, compact and as JSON', async (name, pair) => {
    const mine = readJweKey(bytes(pem(pair.privateKey)), name);
    const file = folder.write(`seal ${name}.pem`, publicKeyPem(mine));
    for (const [form, flags] of [
      ['compact', []],
      ['flattened', ['--full']],
    ] as const) {
      const opened = [];
      for (const payload of payloads) {
        const args = ['encrypt', '--key', file, '--alg', mine.alg, '--enc', mine.enc, ...flags];
        const token = run(args, payload).toString();
        expect(readJweToken(token).form).toBe(form);
        opened.push(text(await openJwe(token, mine)));
      }
      expect(opened).toEqual(expected);
    }
  });

  it.each(['RSA-OAEP', 'RSA-OAEP-256'])(
    'Purser opens %s with every content encryption that jose-util has',
    async (alg) => {
      const [, pair] = pairs[0];
      const mine = readJweKey(bytes(pem(pair.privateKey)), 'k');
      const file = folder.write(`${alg}.pem`, publicKeyPem(mine));
      for (const enc of mine.opens.enc) {
        const token = run(['encrypt', '--key', file, '--alg', alg, '--enc', enc], 'hunter2').toString();
        expect(text(await openJwe(token, mine))).toBe(text(bytes('hunter2')));
      }
    },
  );

  // jose-util reads no symmetric keys: those forms are proved by the examples of RFC 7520.
  it.each(['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW'])('jose-util opens %s', async (alg) => {
    const [, pair] = pairs[1];
    const jwk = JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), alg, kid: 'prod' });
    const file = folder.write(`${alg}.jwk`, jwk);
    const token = await sealJwe(bytes('hunter2'), readJweKey(bytes(jwk), 'k'));
    expect(run(['decrypt', '--key', file], token).toString()).toBe('hunter2');
  });

  it('both read a token over many lines with odd white space', async () => {
    const [, pair] = pairs[0];
    const mine = readJweKey(bytes(pem(pair.privateKey)), 'k');
    const file = folder.write('space.pem', pem(pair.privateKey));
    const token = (await sealJwe(bytes('hunter2'), mine)).replace(
      /(.{64})/g,
      '$1\r\n\t\u0085\u00a0\u2003\u3000',
    );
    expect(run(['decrypt', '--key', file], token).toString()).toBe('hunter2');
    expect(text(await openJwe(token, mine))).toBe(text(bytes('hunter2')));
  });

  it('jose-util seals to a public JWK with its kid, and Purser knows the key by it', async () => {
    const [, pair] = pairs[0];
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'prod-2026', use: 'enc' };
    const file = folder.write('public.jwk', JSON.stringify(jwk));
    const token = run(
      ['encrypt', '--key', file, '--alg', 'RSA-OAEP-256', '--enc', 'A128CBC-HS256'],
      'x',
    ).toString();
    const mine = readJweKey(
      bytes(JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'prod-2026' })),
      'k',
    );
    expect(readJweToken(token).header.kid).toBe(mine.kid);
    expect(text(await openJwe(token, mine))).toBe(text(bytes('x')));
  });
});
