import { randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeFileToSeal } from '../../../src/app/whole-file.ts';
import { audit } from '../../../src/audit/audit.ts';
import type { PolicyFacts } from '../../../src/audit/audited-file.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { scan } from '../../../src/manifest/scan.ts';
import type { SchemeId } from '../../../src/schemes/scheme.ts';
import { registry, schemeCases } from '../schemes/schemes.ts';

const of = (text: string, scheme: SchemeId = 'fernet', recipients?: ReadonlySet<string>) => {
  const policy: PolicyFacts = { rule: { scheme, whole: true, openedBy: undefined }, recipients };
  return audit(scan(text), registry, { name: 'a.kubeconfig.enc', policy }).findings;
};
const rules = (...of_: Parameters<typeof of>) => of(...of_).map(({ rule }) => rule);

describe('a file that is to be one ciphertext', () => {
  it('is told once if it is none, at its first line, whatever stands in it', () => {
    const text = '\n  \napiVersion: v1\nkind: Secret\nstringData:\n  password: hunter2\n';
    const found = of(text);
    expect(found).toMatchObject([
      {
        rule: 'unencrypted-by-policy',
        level: 'error',
        message: 'the file is not encrypted, where policy says that it is one fernet ciphertext',
        place: { object: undefined, entry: undefined, located: undefined },
      },
    ]);
    expect(text.slice(found[0]?.span.start, found[0]?.span.end)).toBe('apiVersion: v1');
    expect(rules('harmless')).toEqual(['unencrypted-by-policy']);
    expect(rules('\u0000\u0001\u00ff')).toEqual(['unencrypted-by-policy']);
  });

  it.each(['', ' \n\n'])('may be empty: %j', (text) => {
    expect(of(text)).toEqual([]);
    expect(wholeFileToSeal(text, registry)).toBe('nothing');
  });

  it('may be left as it is, with a reason on its first line', () => {
    expect(of('# purser:ignore unencrypted-by-policy a sample\nkind: Config\n')).toEqual([]);
  });

  it('is looked into by the rules of document schemes, which have no whole files', () => {
    expect(rules('kind: Secret\nstringData: {password: hunter2}\n', 'sealed-secrets')).toEqual([
      'unencrypted-by-policy',
    ]);
    expect(of('kind: ConfigMap\ndata: {a: b}\n', 'sops')).toEqual([]);
  });

  it('is told where its ciphertext was made for a value of a Secret, before anything else', async () => {
    const token = await new CompactEncrypt(Buffer.from('hunter2'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', purser: { for: 'prod/db#password' } })
      .encrypt(randomBytes(32));
    const moved = {
      rule: 'moved-ciphertext',
      level: 'warning',
      message: 'the file was sealed for prod/db#password',
    };
    expect(of(`${token}\n`, 'jwe')).toMatchObject([moved]);
    expect(of(token, 'fernet')).toMatchObject([moved]);
  });

  describe.each(schemeCases)('sealed with $title', ({ scheme, seals, recipient }) => {
    let token = '';
    beforeAll(async () => {
      token = (await (await scheme.load()).token?.seal(Plaintext.fromText('hunter2'), seals)) ?? '';
    });

    it('is as it should be', () => {
      for (const text of [token, `${token}\n`, ` \n${token}`]) {
        expect(of(text, scheme.id)).toEqual([]);
        expect(wholeFileToSeal(text, registry)).toBe('token');
      }
    });

    it('is told where policy says another scheme or another key', () => {
      const other = scheme.id === 'jwe' ? 'fernet' : 'jwe';
      expect(of(token, other)).toMatchObject([
        {
          rule: 'wrong-scheme',
          level: 'warning',
          message: `the file is sealed with ${scheme.id}, where policy says ${other}`,
        },
      ]);
      expect(rules(token, scheme.id, new Set(['x']))).toEqual(recipient ? ['wrong-recipient'] : []);
    });

    it('is told where it is damaged, which encrypting does not hide', () => {
      expect(rules(token.slice(0, -7), scheme.id)).toEqual(['malformed-ciphertext']);
      expect(() => wholeFileToSeal(token.slice(0, -7), registry)).toThrow('ciphertext.malformed');
    });
  });
});
