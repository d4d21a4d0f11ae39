import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKeyMaterial, mayHoldKey } from '../../../src/audit/key-material.ts';
import { harmlessKeyFiles, privateKeyFiles } from '../../support/keys.ts';

const rsa = privateKeyFiles['RSA in PKCS#8'] ?? '';
const age = privateKeyFiles['an age identity']?.split('\n')[1] ?? '';
const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);
const found = (text: string) => findKeyMaterial(text).map(({ what }) => what);

describe('key material', () => {
  it.each(Object.entries(privateKeyFiles))(
    'is found in %s, as it is, indented, escaped and in base64',
    (_, text) => {
      const forms = [text, indented(text, '    '), JSON.stringify(text), indented(text, '# ')];
      if (text.startsWith('-----')) forms.push(Buffer.from(text).toString('base64'));
      for (const form of forms) {
        expect(mayHoldKey(form)).toBe(true);
        expect(found(`a: b\n${form}\nc: d\n`)).toHaveLength(1);
      }
    },
  );

  it.each(Object.entries(harmlessKeyFiles))('is not found in %s', (_, text) => {
    expect(found(text)).toEqual([]);
    expect(found(Buffer.from(text).toString('base64'))).toEqual([]);
  });

  it('is told where it stands, from the first dash to the last', () => {
    const [key] = findKeyMaterial(`x: |\n  ${indented(rsa, '  ').trim()}\ny: z`);
    expect(key).toEqual({
      span: { start: 7, end: 7 + indented(rsa, '  ').trim().length },
      what: 'a private key',
    });
  });

  it('is told by what it is', () => {
    expect(found(privateKeyFiles['RSA in PKCS#1'] ?? '')).toEqual(['an RSA private key']);
    expect(found(privateKeyFiles['EC in SEC 1'] ?? '')).toEqual(['an EC private key']);
    expect(found(Buffer.from(rsa).toString('base64'))).toEqual(['a private key in base64']);
    expect(found('{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}')).toEqual(['a symmetric JWK']);
  });

  it('is found behind a certificate, one of many', () => {
    const certificate = `-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(20)}\n-----END CERTIFICATE-----\n`;
    expect(found(certificate + rsa)).toEqual(['a private key']);
    expect(found(Buffer.from(certificate + rsa).toString('base64'))).toEqual(['a private key in base64']);
    expect(found(rsa + rsa + age)).toHaveLength(3);
  });

  it.each([
    ['dots', '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----'],
    ['a beginning and dots', `${rsa.slice(0, 200)}...\n-----END PRIVATE KEY-----`],
    ['nothing', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----'],
    ['a beginning', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----'],
    [
      'one letter over and over',
      `-----BEGIN PRIVATE KEY-----\nMIIE${'A'.repeat(200)}\n-----END PRIVATE KEY-----`,
    ],
    [
      'words',
      `-----BEGIN PRIVATE KEY-----\n${Buffer.from('this is where the key would be, if it were one').toString('base64')}\n-----END PRIVATE KEY-----`,
    ],
    ['a template', '-----BEGIN PRIVATE KEY-----\n{{ .Values.key | indent 4 }}\n-----END PRIVATE KEY-----'],
    ['a variable', '-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----'],
    ['prose', 'Paste what stands between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----.'],
    [
      'a certificate in place of it',
      `-----BEGIN PRIVATE KEY-----\n${'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa'.repeat(3)}\n-----END PRIVATE KEY-----`,
    ],
    ['an age identity with a letter changed', age.replace('Q5RQ', 'Q4RQ')],
    ['an age sample', 'AGE-SECRET-KEY-1XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX'],
    ['an age recipient', 'age1n6ptppp8aug9c2knv09tffmme53m95qt5p4q2tafv04jl23u0e8svc5ks9'],
    [
      'an age file',
      '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBh\n-----END AGE ENCRYPTED FILE-----',
    ],
    ['a JWK with a placeholder', '{"kty": "RSA", "d": "<private exponent>"}'],
    ['a JWK and a d elsewhere', `{"keys": [{"kty": "EC", "x": "a"}], "d": "${'a'.repeat(43)}"}`],
  ])('is not found in %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('is looked for in any text, without an error', () => {
    const parts = [
      '-----BEGIN ',
      'PRIVATE KEY-----',
      '-----END ',
      'LS0tLS1CRUdJTi',
      'AGE-SECRET-KEY-1',
      '"kty":"EC"',
      '{',
      '}',
      '\\n',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string())), (pieces) => {
        const text = pieces.join('');
        for (const { span } of findKeyMaterial(text)) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it.each([
    '-----BEGIN PRIVATE KEY-----',
    'LS0tLS1CRUdJTi',
    'AGE-SECRET-KEY-1QQQSYQCYQ5',
    '{"kty":"EC"',
    '"kty": {',
    '-----BEGIN ',
  ])('is looked for in linear time among many of %j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const before = process.cpuUsage();
    findKeyMaterial(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});
