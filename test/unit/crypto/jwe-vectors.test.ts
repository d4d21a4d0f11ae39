import { createDecipheriv, createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { openJwe, requireOpenableJwe } from '../../../src/crypto/jwe.ts';
import { readJweKey, readJweKeys } from '../../../src/crypto/jwe-key.ts';
import { readJweToken, recogniseJwe } from '../../../src/crypto/jwe-token.ts';
import { passwordJwks } from '../../../src/crypto/unlock-key.ts';
import { describeVectors, readVector } from '../../support/vectors.ts';

interface Example {
  readonly title: string;
  readonly input: {
    readonly plaintext: string;
    readonly key: Record<string, unknown>;
    readonly alg: string;
    readonly pwd?: string;
  };
  readonly output: { readonly compact?: string; readonly json?: object; readonly json_flat?: object };
}

const folder = 'jwe/rfc7520';
const readExample = (name: string) => JSON.parse(readVector(`${folder}/${name}.json`)) as Example;
const keyOf = (jwk: object) => readJweKey(new TextEncoder().encode(JSON.stringify(jwk)), 'vector');

function formsOf({ output }: Example): string[] {
  const json = [output.json, output.json_flat]
    .filter((form) => form !== undefined)
    .map((form) => JSON.stringify(form));
  return output.compact === undefined ? json : [output.compact, ...json];
}

async function outcome(text: string, key: object): Promise<string> {
  try {
    const opened = await openJwe(text, keyOf(key));
    return opened === undefined ? 'not this key' : Buffer.from(opened).toString();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

describeVectors('RFC 7520, the examples of the JOSE cookbook', folder, () => {
  it.each([
    '5_2.key_encryption_using_rsa-oaep_with_aes-gcm',
    '5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm',
    '5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2',
    '5_6.direct_encryption_using_aes-gcm',
    '5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2',
    '5_8.key_wrap_using_aes-keywrap_with_aes-gcm',
    '5_9.compressed_content',
    '5_10.including_additional_authentication_data',
    '5_11.protecting_specific_header_fields',
    '5_12.protecting_content_only',
  ])('opens %s in each of its forms', async (name) => {
    const example = readExample(name);
    const forms = formsOf(example);
    expect(forms.length).toBeGreaterThan(1);
    for (const form of forms) {
      expect(recogniseJwe(form)).toEqual({ is: 'yes' });
      expect(await outcome(form, example.input.key)).toBe(example.input.plaintext);
    }
  });

  it('recognises 5.1 (RSA1_5) and refuses to open it', async () => {
    const example = readExample('5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2');
    for (const form of formsOf(example)) {
      expect(readJweToken(form).header).toMatchObject({
        alg: 'RSA1_5',
        kid: 'frodo.baggins@hobbiton.example',
      });
      expect(await outcome(form, example.input.key)).toBe('ciphertext.refused');
    }
  });

  it('opens 5.3 (PBES2) with its password, typed or in a JWK', async () => {
    const example = readExample('5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2');
    const password = example.input.pwd ?? '';
    const k = Buffer.from(password).toString('base64url');
    for (const form of formsOf(example)) {
      expect(readJweToken(form).header).toMatchObject({ alg: 'PBES2-HS512+A256KW', p2c: 8192 });
      expect(await outcome(form, { kty: 'oct', alg: 'PBES2-HS512+A256KW', k })).toBe(example.input.plaintext);
      expect(await outcome(form, { kty: 'oct', alg: 'PBES2-HS256+A128KW', k })).toBe('not this key');
      expect(await outcome(form, { kty: 'oct', k: 'A'.repeat(43) })).toBe('not this key');
      const opened = await Promise.all(
        readJweKeys(passwordJwks(password), 'typed').map((key) => openJwe(form, key)),
      );
      expect(opened.map((bytes) => bytes && Buffer.from(bytes).toString())).toContain(
        example.input.plaintext,
      );
    }
  });

  it('takes 5.13, which has three recipients, for what it is, and refuses to open it', () => {
    const example = readExample('5_13.encrypting_to_multiple_recipients');
    const token = JSON.stringify(example.output.json);
    expect(recogniseJwe(token)).toEqual({ is: 'yes' });
    expect(readJweToken(token)).toMatchObject({ form: 'general', recipients: 3 });
    expect(() => requireOpenableJwe(token)).toThrow('ciphertext.unsupported');
  });
});

interface Manifest {
  readonly flattenedJson: Record<'protected' | 'iv' | 'ciphertext' | 'tag', string>;
  readonly compact: string;
  readonly cekHex: string;
  readonly plaintextUtf8: string;
}

describeVectors('a published manifest whose content key is public', 'jwe/kubecon_vector.json', () => {
  const manifest = () => (JSON.parse(readVector('jwe/kubecon_vector.json')) as [Manifest])[0];

  it('is recognised as it stands in the file, over many lines', () => {
    const yaml = readVector('jwe/db-secret.yaml');
    const value = yaml.slice(yaml.indexOf('|-') + 2);
    const facts = {
      header: { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', kid: undefined },
      ciphertextBytes: 16,
    };
    expect(readJweToken(value)).toMatchObject({ form: 'flattened', ...facts });
    expect(readJweToken(manifest().compact)).toMatchObject({ form: 'compact', ...facts });
    expect(recogniseJwe(value.replace('"tag"', '"tog"'))).toMatchObject({ is: 'malformed' });
  });

  // RFC 7518 §5.2.2.2 by hand: its RSA key never left Google Cloud KMS, so jose cannot be asked.
  it('has the content that its content key opens', () => {
    const { cekHex, plaintextUtf8, compact } = manifest();
    const { parts } = readJweToken(compact);
    const cek = Buffer.from(cekHex, 'hex');
    const [iv, ciphertext, tag] = [parts.iv, parts.ciphertext, parts.tag].map((part) =>
      Buffer.from(part, 'base64url'),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt((parts.protected ?? '').length * 8));
    const mac = createHmac('sha256', cek.subarray(0, 16))
      .update(parts.protected ?? '')
      .update(Buffer.concat([iv ?? Buffer.alloc(0), ciphertext ?? Buffer.alloc(0), length]))
      .digest();
    expect(mac.subarray(0, 16).equals(tag ?? Buffer.alloc(0))).toBe(true);
    const decipher = createDecipheriv('aes-128-cbc', cek.subarray(16), iv ?? null);
    const opened = Buffer.concat([decipher.update(ciphertext ?? Buffer.alloc(0)), decipher.final()]);
    expect(opened.toString()).toBe(plaintextUtf8);
  });
});
