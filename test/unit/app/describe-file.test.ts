import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFile } from '../../../src/app/describe-file.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { fernetScheme } from '../../../src/schemes/fernet.ts';
import { jweScheme } from '../../../src/schemes/jwe.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../../src/schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { sopsScheme } from '../../../src/schemes/sops/scheme.ts';
import { manifestText, runs } from '../../support/arbitraries.ts';
import { SopsHolders } from '../../support/sops.ts';
import { sopsCases } from '../../support/sops-cases.ts';
import { rsaPair, secretYaml } from '../../support/workspace.ts';

const now = new Date('2026-01-02T03:04:05Z');
const registry = new SchemeRegistry(
  [jweScheme(), fernetScheme(() => now), secretboxScheme()],
  [sealedSecretsScheme, sopsScheme],
);
const told = (text: string) => describeFile(text, registry, () => '1a2b3c4d');
const versions = (text: string) => describeFile(text, registry, (sealed) => sealed.slice(-8));

async function token(
  scheme: 'jwe' | 'fernet' | 'secretbox',
  content: string,
  name?: string,
): Promise<string> {
  const crypto = await registry.byId(scheme).load();
  const bytes = scheme === 'jwe' ? Plaintext.fromText(rsaPair().publicPem) : (await crypto.generate()).secret;
  return (await crypto.token?.seal(Plaintext.fromText(content), { ref: 'k', name, bytes })) ?? '';
}

describe('a file in lines', () => {
  it('tells how each value is sealed and to which key', async () => {
    const [jwe, fernet, box] = await Promise.all([
      token('jwe', 'x'.repeat(912)),
      token('fernet', 'x'),
      token('secretbox', 'x'.repeat(7), 'dev-2026'),
    ]);
    expect(told(secretYaml('main', { a: jwe, b: fernet, c: box }))).toEqual([
      expect.stringMatching(/^stringData\.a: jwe RSA-OAEP-256 kid [\w-]{4}… \d+ B sha256:1a2b3c4d$/),
      'stringData.b: fernet 2026-01-02T03:04:05Z 16 B sha256:1a2b3c4d',
      'stringData.c: secretbox XSalsa20-Poly1305 key dev-2026 7 B sha256:1a2b3c4d',
    ]);
    expect(told(`${fernet}\n`)).toEqual(['the file: fernet 2026-01-02T03:04:05Z 16 B sha256:1a2b3c4d']);
    expect(told(`${fernet.slice(0, 40)}\n`)).toEqual(['the file: damaged ciphertext']);
  });

  it.each([
    ['jwe', undefined],
    ['secretbox', 'dev'],
  ] as const)('tells a %s value from one that is as long, wherever it stands', async (scheme, name) => {
    const [one, other] = [await token(scheme, 'hunter2', name), await token(scheme, 'hunter3', name)];
    const encoded = Buffer.from(one).toString('base64');
    expect(versions(secretYaml('main', { a: one }))).not.toEqual(versions(secretYaml('main', { a: other })));
    const [inData] = versions(`kind: Secret\ndata:\n  a: ${encoded}\n`);
    expect(inData?.replace('data.', 'stringData.')).toBe(versions(secretYaml('main', { a: one }))[0]);
    expect(versions(`${one}\n`)[0]?.slice(-8)).toBe(one.slice(-8));
  });

  it('tells of what is not sealed how long it is, in bytes, and of damage what it is', () => {
    const text = secretYaml('main', {
      password: 'hunter2ü',
      none: '',
      later: '${PASSWORD}',
      cut: 'gAAAAAxx',
    });
    expect(told(`${text}data:\n  blob: aGVsbG8=\n  odd: "%"\n`)).toEqual([
      'stringData.password: plaintext 9 B',
      'stringData.none: empty',
      'stringData.later: placeholder',
      expect.stringMatching(/^stringData\.cut: damaged fernet \(.+\)$/),
      'data.blob: plaintext 5 B',
      'data.odd: plaintext',
    ]);
  });

  it('writes addresses in full where there are several objects', () => {
    expect(told(`${secretYaml('a', { x: 'one' })}---\n${secretYaml('b', { x: 'one' })}`)).toEqual([
      'Secret/db/a#stringData.x: plaintext 3 B',
      'Secret/db/b#stringData.x: plaintext 3 B',
    ]);
  });

  it('tells who can open a SOPS file, then its values', async () => {
    const holders = await SopsHolders.create();
    const [one] = sopsCases;
    if (one === undefined) throw new TypeError('no cases');
    const text = secretYaml('main', { password: 'hunter2' });
    const sealed = await holders.seal({
      ...one,
      text,
      format: 'yaml',
      rule: 'encrypted_regex: ^stringData$',
      groups: { count: 1, threshold: 0 },
    });
    expect(told(sealed)).toEqual([
      'Secret/db/main: sops, last modified 2026-01-02T03:04:05Z',
      `Secret/db/main: sealed to age ${holders.recipients[0]}`,
      'stringData.password: sops 7 B sha256:1a2b3c4d',
    ]);
  });

  it('tells the scope of a SealedSecret, and which of its values are damaged', () => {
    const item = Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(256, 7), Buffer.alloc(16 + 5, 9)]).toString(
      'base64',
    );
    const text = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: a, namespace: b}\nspec:\n  encryptedData:\n    x: ${item}\n    y: AgBroken\n`;
    expect(told(text)).toEqual([
      'SealedSecret/b/a: sealed-secrets, strict scope',
      'encryptedData.x: sealed-secrets 5 B sha256:1a2b3c4d',
      expect.stringMatching(/^encryptedData\.y: damaged sealed-secrets \(.+\)$/),
    ]);
  });

  it.each([
    ['plain', (one: string, rest: string) => `${one}${rest}`],
    ['in double quotes', (one: string, rest: string) => `"${one}${rest}"`],
    ['in double quotes, over two lines', (one: string, rest: string) => `"${one}\\\n      ${rest}"`],
    ['in single quotes', (one: string, rest: string) => `'${one}${rest}' # note`],
    ['folded', (one: string, rest: string) => `>- # note\n      ${one}${rest}`],
    ['literal, over two lines', (one: string, rest: string) => `|2\n      ${one}\r\n      ${rest}`],
  ])('tells the digest of the item of a SealedSecret that stands %s', (_, written) => {
    const item = Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(256, 7), Buffer.alloc(21, 9)]);
    const token = item.toString('base64');
    const value = written(token.slice(0, 100), token.slice(100));
    const text = `kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\nspec:\n  encryptedData:\n    x: ${value}\n    y: ${token}\n`;
    const digests: string[] = [];
    const lines = describeFile(text, registry, (sealed) => `${digests.push(sealed)}`);
    expect(digests).toEqual([token, token]);
    expect(lines.slice(1)).toEqual([
      'encryptedData.x: sealed-secrets 5 B sha256:1',
      'encryptedData.y: sealed-secrets 5 B sha256:2',
    ]);
  });

  it('keeps what a hostile key would do to a terminal out of its lines', () => {
    expect(told('kind: Secret\nstringData:\n  "a\\u001b[31m\\u202e\\nb": x\n')).toEqual([
      'stringData.a\ufffd[31m\ufffd\ufffdb: plaintext 1 B',
    ]);
  });

  it('never holds a value, and never fails', async () => {
    const { recipient } = await generateAgeKey(now);
    fc.assert(
      fc.property(manifestText, fc.nat(), (text, at) => {
        const cut = text.slice(0, at % (text.length + 1));
        const lines = told(`${cut}\nkind: Secret\nstringData:\n  canary: ${recipient}\n`);
        expect(lines.join('\n')).not.toContain(recipient);
        expect(lines).toEqual(told(`${cut}\nkind: Secret\nstringData:\n  canary: ${recipient}\n`));
      }),
      runs(50),
    );
  });
});
