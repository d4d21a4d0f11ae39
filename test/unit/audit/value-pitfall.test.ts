import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { judgeEntry } from '../../../src/audit/judge/entry.ts';
import { pitfallOf } from '../../../src/audit/value-pitfall.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { doubleQuoted } from '../../../src/manifest/write-scalar.ts';
import { runs, valueText } from '../../support/arbitraries.ts';
import { registry, schemeCases } from '../schemes/schemes.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const of = (map: 'data' | 'stringData', key: string, value: string) =>
  audit(scan(`kind: Secret\n${map}:\n  ${key}: ${doubleQuoted(value)}\n`), registry).findings;
const pitfall = (map: 'data' | 'stringData', key: string, value: string) =>
  of(map, key, value).map(({ rule, message }) => (rule === 'value-pitfall' ? message : rule));

describe('value-pitfall, a newline at the end', () => {
  it.each([
    ['data', 'username', base64('admin\n')],
    ['data', 'username', base64('admin\r\n')],
    ['stringData', 'username', 'admin\n'],
    ['stringData', 'host', 'db.example.com\n'],
  ] as const)('is told of %s.%s', (map, key, value) => {
    expect(pitfall(map, key, value)).toEqual([expect.stringContaining('ends with a newline')]);
  });

  it.each([
    ['data', base64('hunter2\n')],
    ['stringData', 'hunter2\n'],
    ['stringData', 'postgres://app:hunter2@db/main\n'],
    ['stringData', 'aGVsbG8gd29ybGQgdGhpcyBpcyBh==\n'],
  ] as const)('is told with the plaintext finding of %s', (map, value) => {
    const [finding] = of(map, 'password', value);
    expect(finding?.rule).toBe('plaintext-secret');
    expect(finding?.message).toMatch(/ is not encrypted \(.+\), and ends with a newline/);
  });

  it.each([
    ['nothing of the kind', 'username', 'admin'],
    ['a file by its name', 'user.txt', 'admin\n'],
    ['more than one line', 'username', 'admin\nroot\n'],
    ['a known host', 'known_hosts', 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n'],
    ['a public key', 'identity', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me\n'],
    ['a setting', 'username', 'level=debug\n'],
    ['a JSON document', 'config', '{"level":1}\n'],
    ['a certificate', 'ca', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['what is to be substituted', 'username', '${USER}\n'],
    ['a newline alone', 'username', '\n'],
  ])('is not told of %s', (_, key, value) => {
    expect(pitfall('stringData', key, value)).toEqual([]);
    expect(pitfall('data', key, base64(value))).toEqual([]);
  });

  it('is not told of an htpasswd line, which is a file', () => {
    const [finding] = of('stringData', 'auth', 'admin:$apr1$abcdefgh$0123456789abcdefghijkl\n');
    expect(finding?.rule).toBe('plaintext-secret');
    expect(finding?.message).not.toContain('newline');
  });
});

describe('value-pitfall, base64', () => {
  it('is told where data holds none', () => {
    expect(pitfall('data', 'username', 'admin')).toEqual([expect.stringContaining('is not base64')]);
    expect(pitfall('data', 'host', 'db.example.com')).toEqual([expect.stringContaining('is not base64')]);
    expect(of('data', 'password', 'hunter2!')[0]?.message).toMatch(/ is not encrypted .+, and is not base64/);
  });

  it('is told where it was encoded twice', () => {
    expect(pitfall('data', 'username', base64(base64('administrator')))).toEqual([
      expect.stringContaining('is base64 twice'),
    ]);
    expect(of('data', 'password', base64(base64('hunter2-hunter3')))[0]?.message).toContain(
      'is base64 twice',
    );
  });

  it.each([
    ['a key that says so', 'user_b64', base64(base64('administrator'))],
    ['a word that could be base64', 'username', base64('postgres')],
    ['base64 of bytes', 'username', base64(Buffer.from([1, 2, 255, 254, 0, 7, 9, 200]).toString('base64'))],
    ['a template', 'username', '{{ .Values.user | b64enc }}'],
    ['a value of SOPS', 'username', 'ENC[AES256_GCM,data:abc,iv:a,tag:a,type:str]'],
    ['nothing', 'username', ''],
  ])('is not told of %s', (_, key, value) => {
    expect(pitfall('data', key, value)).toEqual([]);
  });

  it('is not told of a Helm release, which is encoded twice', () => {
    const text = `kind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: ${base64(base64('H4sIAAAAAAAAA-release'))}\n`;
    expect(audit(scan(text), registry).findings.map(({ message }) => message)).not.toContain('twice');
    expect(audit(scan(text), registry).findings.some(({ rule }) => rule === 'value-pitfall')).toBe(false);
  });
});

describe.each(schemeCases)('value-pitfall, $title', ({ scheme, seals }) => {
  let token = '';
  beforeAll(async () => {
    token = (await (await scheme.load()).token?.seal(Plaintext.fromText('hunter2'), seals)) ?? '';
  });

  it('is ciphertext that nothing would recognise where it stands', () => {
    for (const [map, value, what] of [
      ['data', token, 'is a ciphertext as it stands'],
      ['data', base64(base64(token)), 'is base64 twice'],
      ['stringData', base64(token), 'is base64 of a ciphertext'],
    ] as const)
      expect(pitfall(map, 'password', value), what).toEqual([expect.stringContaining(what)]);
    expect(pitfall('data', 'password', base64(token))).toEqual(['no-cluster-opener']);
    expect(pitfall('stringData', 'password', `${token}\n`)).toEqual(['no-cluster-opener']);
  });
});

describe('value-pitfall, a key in both maps', () => {
  it('is told of the one that is not used', () => {
    const text =
      'kind: Secret\nstringData:\n  username: admin\n  host: a.b\ndata:\n  username: YWRtaW4=\n  port: NTQzMg==\n';
    const found = audit(scan(text), registry).findings;
    expect(found).toMatchObject([
      {
        rule: 'value-pitfall',
        level: 'warning',
        message: 'data.username of Secret is never used: stringData.username stands beside it, and wins',
      },
    ]);
  });

  it('is told along with what is not encrypted', () => {
    const text =
      'kind: Secret\nstringData:\n  password: hunter3\ndata:\n  password: aHVudGVyMg==\n  token: aHVudGVyMg==\n';
    const never = ', and is never used: stringData.password stands beside it, and wins';
    for (const policy of [
      undefined,
      { rule: { scheme: 'jwe', whole: false, openedBy: undefined }, recipients: undefined },
    ] as const) {
      const { findings } = audit(scan(text), registry, { name: 'a.yaml', policy });
      expect(findings.map(({ message }) => message.endsWith(never))).toEqual([false, true, false]);
    }
  });

  it('is not told where a template makes one or the other', () => {
    const text =
      'kind: Secret\n{{- if .a }}\ndata:\n  username: YWRtaW4=\n{{- else }}\nstringData:\n  username: admin\n{{- end }}\n';
    expect(audit(scan(text), registry).findings).toEqual([]);
  });

  it('is not told across two Secrets', () => {
    const text =
      'kind: Secret\nstringData:\n  username: admin\n---\nkind: Secret\ndata:\n  username: YWRtaW4=\n';
    expect(audit(scan(text), registry).findings).toEqual([]);
  });
});

describe('looking for pitfalls', () => {
  it('never throws, and quotes no value', () => {
    fc.assert(
      fc.property(fc.constantFrom('data', 'stringData'), valueText, fc.boolean(), (map, value, encoded) => {
        const text = encoded ? base64(value) : value;
        const manifest = scan(`kind: Secret\n${map}:\n  user: ${doubleQuoted(text)}\n`);
        for (const located of locatedEntries(manifest)) {
          const said = pitfallOf(located, judgeEntry(located, registry), registry)?.alone('user') ?? '';
          if (text.trim().length > 20) expect(said).not.toContain(text.trim());
        }
      }),
      runs(300),
    );
  });

  it('is linear in a huge value and in many of them', () => {
    const before = process.cpuUsage();
    expect(pitfall('data', 'user', base64('a'.repeat(2_000_000)))).not.toContain('value-pitfall');
    const both = (map: string) =>
      `${map}:\n${Array.from({ length: 5000 }, (_, i) => `  user${i}: YWRtaW4=\n`).join('')}`;
    const { findings } = audit(scan(`kind: Secret\n${both('data')}${both('stringData')}`), registry);
    expect(findings.filter(({ rule }) => rule === 'value-pitfall').length).toBeGreaterThan(0);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});
