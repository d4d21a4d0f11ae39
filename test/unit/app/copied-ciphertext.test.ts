import { beforeAll, describe, expect, it } from 'vitest';
import { copiedCiphertext } from '../../../src/app/copied-ciphertext.ts';
import { type SealedToken, sealedTokens } from '../../../src/app/sealed-token.ts';
import { audit } from '../../../src/audit/audit.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { LineIndex } from '../../../src/core/span.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { tokenValue } from '../../../src/manifest/secret.ts';
import type { Severity } from '../../../src/policy/policy.ts';
import { registry, schemeCases } from '../schemes/schemes.ts';

const tokens = (path: string, text: string, severity: ReadonlyMap<string, Severity> = new Map()) =>
  sealedTokens(audit(scan(text), registry), { path: () => path, severity }, new LineIndex(text), registry);
const reports = (...files: readonly (readonly [path: string, text: string, Severity?])[]) =>
  new Map(
    files.map(([path, text, level]) => [
      path,
      { tokens: tokens(path, text, new Map(level === undefined ? [] : [['copied-ciphertext', level]])) },
    ]),
  );
const secret = (name: string, ...entries: readonly string[]) =>
  `kind: Secret\nmetadata: {name: ${name}}\nstringData:\n${entries.map((entry) => `  ${entry}\n`).join('')}`;

const sealed = new Map<string, readonly [string, string]>();
beforeAll(async () => {
  for (const { title, scheme, seals } of schemeCases) {
    const { token } = await scheme.load();
    const once = async () => (await token?.seal(Plaintext.fromText('hunter2'), seals)) ?? '';
    sealed.set(title, [await once(), await once()]);
  }
});

describe.each(schemeCases)('copied-ciphertext, $title', ({ title, scheme }) => {
  const bound = scheme.traits.boundTo === 'entry';

  it('is told of the same token in two places, each naming the other, unless a token says its place', () => {
    const [one = ''] = sealed.get(title) ?? [];
    const found = copiedCiphertext(
      reports(
        ['a.yaml', secret('a', `password: ${one}`, `copy: ${one}`)],
        ['b.yaml', `kind: Secret\ndata:\n  x: ${tokenValue('data', one)}\n`],
      ),
    );
    if (bound) return expect(found.size).toBe(0);
    expect([...found].map(([path, findings]) => [path, findings.map(({ entry }) => entry)])).toEqual([
      ['a.yaml', ['stringData.password', 'stringData.copy']],
      ['b.yaml', ['data.x']],
    ]);
    expect(found.get('b.yaml')).toMatchObject([
      {
        rule: 'copied-ciphertext',
        level: 'warning',
        path: 'b.yaml',
        range: { start: { line: 3, column: 6 } },
        object: { kind: 'Secret' },
        message: expect.stringMatching(
          /^data\.x of Secret holds the same ciphertext as stringData\.password of Secret a \(a\.yaml:4\)/,
        ),
      },
    ]);
    expect(found.get('a.yaml')?.[0]?.message).toContain('stringData.copy of Secret a (a.yaml:5)');
    for (const { message } of [...found.values()].flat()) expect(message).not.toContain(one.slice(-20));
  });

  it('is not told of the same value sealed twice', () => {
    const [one = '', other = ''] = sealed.get(title) ?? [];
    expect(copiedCiphertext(reports(['a', secret('a', `x: ${one}`, `y: ${other}`)])).size).toBe(0);
  });

  it('is not told where there is one place, or where it is silenced; then the other is', () => {
    const [one = ''] = sealed.get(title) ?? [];
    const text = secret('a', `x: ${one}`);
    const ignored = text.replace('  x', '  # purser:ignore copied-ciphertext on purpose\n  x');
    expect(copiedCiphertext(reports(['a', text])).size).toBe(0);
    if (bound) return;
    expect([...copiedCiphertext(reports(['a', ignored], ['b', text])).keys()]).toEqual(['b']);
    expect([...copiedCiphertext(reports(['a', text, 'off'], ['b', text, 'error'])).entries()]).toMatchObject([
      ['b', [{ level: 'error' }]],
    ]);
  });

  it('is told of files that are one token each', () => {
    const [one = ''] = sealed.get(title) ?? [];
    const found = copiedCiphertext(reports(['a.enc', one], ['b.enc', `${one}\n`]));
    expect(found.size).toBe(bound ? 0 : 2);
    if (!bound) expect(found.get('b.enc')?.[0]?.message).toMatch(/^the file holds .+ the file \(a\.enc:1\)/);
  });
});

describe('copied ciphertext', () => {
  it('is told of the same entry in two overlays', () => {
    const [one = ''] = sealed.get('fernet') ?? [];
    const text = secret('db', `password: ${one}`);
    expect([...copiedCiphertext(reports(['dev/s.yaml', text], ['prod/s.yaml', text])).keys()]).toEqual([
      'dev/s.yaml',
      'prod/s.yaml',
    ]);
  });

  it('costs no time with a hundred thousand places', () => {
    const [token] = tokens('a', secret('a', `x: ${sealed.get('fernet')?.[0] ?? ''}`));
    if (token === undefined) throw new Error('no token');
    const same: SealedToken[] = Array.from({ length: 50_000 }, () => token);
    const different = Array.from({ length: 50_000 }, (_, i) => ({ ...token, mark: `${i}` }));
    const before = process.cpuUsage();
    const found = copiedCiphertext(new Map([['a', { tokens: [...same, ...different] }]]));
    expect(found.get('a')?.length).toBe(50_000);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });

  it('keeps no more of an object than says which it is', () => {
    const [token] = tokens('a', secret('a', `x: ${sealed.get('fernet')?.[0] ?? ''}`));
    expect(Object.keys(token?.object ?? {}).sort()).toEqual(['apiVersion', 'kind', 'name', 'namespace']);
  });
});
