import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openJwe, sealJwe } from '../../src/crypto/jwe.ts';
import {
  contentEncryptions,
  isPasswordAlgorithm as isPassword,
  keyManagements,
  weaknessOf,
} from '../../src/crypto/jwe-algorithms.ts';
import { readJweKey } from '../../src/crypto/jwe-key.ts';
import { readJweToken } from '../../src/crypto/jwe-token.ts';
import { describePeer, type PeerName } from '../support/peers.ts';

const base64 = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('base64');
const values = ['', 'hunter2', 'P@ssword01\n', '\u00fc\u{1f511}\0'].map((value) => Buffer.from(value));
const expected = values.map(base64);

type Jwk = Readonly<Record<string, unknown>>;

const privateJwks = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  X25519: generateKeyPairSync('x25519'),
};

/** Every key that an algorithm takes, by what it is called. */
function keysFor(alg: string, enc: string): readonly (readonly [string, Jwk])[] {
  const management = keyManagements.get(alg);
  const jwkOf = (name: keyof typeof privateJwks) =>
    [name, { ...privateJwks[name].privateKey.export({ format: 'jwk' }), alg }] as const;
  if (management?.family === 'rsa') return [jwkOf('RSA')];
  if (management?.family === 'ecdh') return (['P-256', 'P-384', 'P-521', 'X25519'] as const).map(jwkOf);
  const bytes =
    management?.family === 'direct'
      ? contentEncryptions.get(enc)?.keyBytes
      : (management?.keyBytes ?? 'correct horse'.length);
  const k = randomBytes(bytes ?? 0).toString('base64url');
  return [['oct', { kty: 'oct', k, alg }]];
}

/** What a library that reads one JSON request knows. */
interface Library {
  readonly name: string;
  readonly peer: PeerName;
  readonly args: readonly string[];
  readonly lacks: readonly string[];
  /** jwcrypto takes what opens to nothing for not opened. */
  readonly opensEmpty: boolean;
}

const libraries: readonly Library[] = [
  {
    name: 'go-jose',
    peer: 'goJose',
    args: [],
    lacks: ['RSA-OAEP-384', 'RSA-OAEP-512', 'X25519'],
    opensEmpty: true,
  },
  {
    name: 'jwcrypto',
    peer: 'jwcrypto',
    args: [fileURLToPath(new URL('jwe.py', import.meta.url))],
    lacks: ['RSA-OAEP-384', 'RSA-OAEP-512'],
    opensEmpty: false,
  },
];

interface Case {
  readonly enc: string;
  readonly form?: 'compact' | 'json';
  readonly value?: string | undefined;
  readonly token?: string;
}

/**
 * What is sealed to one key in one run: hashing a password takes half a second, so few are hashed, and `dir` takes another key
 * for each `enc`.
 */
function batches(alg: string): readonly (readonly string[])[] {
  const encs = [...contentEncryptions.keys()];
  return alg === 'dir' ? encs.map((enc) => [enc]) : [isPassword(alg) ? encs.slice(2, 4) : encs];
}

describe.each(libraries)('every algorithm of JWE: $name', ({ name, peer, args, lacks, opensEmpty }) => {
  const algorithms = [...keyManagements.keys()].filter((alg) => !lacks.includes(alg));
  const keys = (alg: string, enc = '') => keysFor(alg, enc).filter(([kind]) => !lacks.includes(kind));

  describePeer(name, peer, (run) => {
    const ask = (what: 'seal' | 'open', key: Jwk, cases: readonly Case[]): readonly string[] =>
      JSON.parse(run(args, JSON.stringify({ do: what, key, alg: key['alg'], cases })).toString());

    it.each(algorithms)('Purser opens what it seals with %s and each content encryption', async (alg) => {
      const some = isPassword(alg) ? expected.slice(1, 2) : expected;
      for (const encs of batches(alg)) {
        for (const [kind, jwk] of keys(alg, encs[0])) {
          const mine = readJweKey(Buffer.from(JSON.stringify(jwk)), kind);
          const cases = encs.flatMap((enc) =>
            some.map((value, at) => ({
              enc,
              form: at % 2 === 0 ? ('compact' as const) : ('json' as const),
              value,
            })),
          );
          const tokens = ask('seal', jwk, cases);
          const headers = tokens.map((token) => readJweToken(token).header);
          expect(headers).toEqual(cases.map(({ enc }) => expect.objectContaining({ alg, enc })));
          const opened = await Promise.all(tokens.map((token) => openJwe(token, mine)));
          expect(opened.map(base64), kind).toEqual(cases.map(({ value }) => value));
        }
      }
    });

    const sealed = algorithms.filter((alg) => weaknessOf(alg) === undefined);
    it.each(sealed)('it opens what Purser seals with %s', async (alg) => {
      const some = isPassword(alg) ? values.slice(1, 2) : opensEmpty ? values : values.slice(1);
      for (const [first = ''] of batches(alg)) {
        const enc = alg === 'dir' ? first : 'A128CBC-HS256';
        for (const [kind, jwk] of keys(alg, enc)) {
          const named = { ...jwk, kid: 'k1', ...(alg === 'dir' ? { alg: enc } : {}) };
          const mine = readJweKey(Buffer.from(JSON.stringify(named)), kind);
          const tokens = await Promise.all(some.map((value) => sealJwe(value, mine, { for: 'db/main#x' })));
          for (const token of tokens)
            expect(readJweToken(token).header).toMatchObject({ alg, enc, kid: 'k1', boundTo: 'db/main#x' });
          const cases = tokens.map((token) => ({ enc, token }));
          expect(ask('open', jwk, cases), `${kind} ${enc}`).toEqual(some.map(base64));
        }
      }
    });
  });
});
