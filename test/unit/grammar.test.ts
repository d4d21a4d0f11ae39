import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { generateFernetKey, readFernetKey, sealFernet } from '../../src/crypto/fernet.ts';
import { sealItem } from '../../src/crypto/sealed-secrets.ts';
import { generateSecretboxKey, readSecretboxKey, sealSecretbox } from '../../src/crypto/secretbox.ts';
import { recogniseSopsToken } from '../../src/crypto/sops-token.ts';

interface Grammar {
  readonly patterns: readonly { readonly include: string }[];
  readonly repository: Readonly<Record<string, { readonly name: string; readonly match: string }>>;
}

const grammar = JSON.parse(
  readFileSync(new URL('../../syntaxes/envelopes.tmLanguage.json', import.meta.url), 'utf8'),
) as Grammar;

/** The scope of what is found in a line and the text found, by the first pattern that matches. */
function tokenise(line: string): readonly [string, string] | undefined {
  for (const { include } of grammar.patterns) {
    const rule = grammar.repository[include.slice(1)];
    const [found] = (rule && new RegExp(rule.match).exec(line)) ?? [];
    if (rule !== undefined && found !== undefined) return [rule.name.split('.').at(-1) ?? '', found];
  }
  return undefined;
}

const plaintext = new TextEncoder().encode('velvet-anchor-1987-drumstick-fox');
const jwe = await new CompactEncrypt(plaintext)
  .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
  .encrypt(randomBytes(32));
const fernet = sealFernet(plaintext, readFernetKey(Buffer.from(generateFernetKey()), 'key'), {
  now: new Date(),
});
const secretbox = sealSecretbox(
  plaintext,
  readSecretboxKey(Buffer.from(generateSecretboxKey()), 'key', 'dev'),
  {},
);

describe('the grammar of envelopes', () => {
  it.each([
    ['jwe', jwe],
    ['fernet', fernet],
    ['secretbox', secretbox],
  ])('marks the whole of a %s ciphertext, quoted or not, and its base64 under data', (scope, token) => {
    expect(tokenise(`  password: ${token} # rotated`)).toEqual([scope, token]);
    expect(tokenise(`"password": "${token}",`)).toEqual([scope, token]);
    const encoded = Buffer.from(token).toString('base64');
    expect(tokenise(`  password: ${encoded}`)).toEqual(['base64', encoded]);
  });

  it('marks the whole of a value of SOPS, quoted or not', () => {
    const [data, iv, tag] = [9, 32, 16].map((length) => randomBytes(length).toString('base64'));
    const token = `ENC[AES256_GCM,data:${data},iv:${iv},tag:${tag},type:str]`;
    expect(recogniseSopsToken(token).is).toBe('yes');
    expect(tokenise(`    password: ${token} # rotated`)).toEqual(['sops', token]);
    expect(tokenise(`"password": "${token}",`)).toEqual(['sops', token]);
  });

  it.each([2048, 3072, 4096])('marks the whole of an item sealed to RSA with %i bits', (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const item = sealItem(plaintext, { publicKey }, { namespace: 'db', name: 'main', scope: 'strict' });
    expect(tokenise(`    password: ${item}`)).toEqual(['sealed-secrets', item]);
  });

  it.each([
    'a JWT: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N',
    'gAAAAA',
    'k8s:enc:secretbox:v1:dev:AAAA',
    'k8s:enc:aescbc:v1:dev:AAAA',
    'password: correct-horse-battery-staple-42',
  ])('leaves other text alone: %s', (line) => {
    expect(tokenise(line)).toBeUndefined();
  });
});
