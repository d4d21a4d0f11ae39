import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { type Judgement, judge } from '../../../../src/audit/judge/judge.ts';
import { isOurs } from './cases/sealed.ts';

const JUDGEMENTS: readonly Judgement[] = [
  'plaintext',
  'ambiguous',
  'placeholder',
  'encrypted',
  'empty',
  'public',
];
const VECTORS = process.env['PURSER_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors');

interface SecretManifest {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

function judgementsOf(file: string): Record<string, Judgement> {
  const secret = parseDocument(readFileSync(join(VECTORS, file), 'utf8')).toJS() as SecretManifest;
  return Object.fromEntries(
    Object.entries(secret.stringData ?? {}).map(([key, text]) => [
      key,
      judge({ map: 'stringData', key, text, plain: false, secretType: secret.type }, isOurs).judgement,
    ]),
  );
}

const FLUX: Readonly<Record<string, Record<string, Judgement>>> = {
  'git-git-bearer-token.yaml': { bearerToken: 'plaintext' },
  'git-secret-ca-crt.yaml': { 'ca.crt': 'public', password: 'ambiguous', username: 'public' },
  'git-secret-git-basic.yaml': { password: 'ambiguous', username: 'public' },
  'helm-secret-helm.yaml': { password: 'ambiguous', username: 'public' },
  'notation-secret-ca-crt.yaml': { 'ca.crt': 'public', 'trustpolicy.json': 'public' },
  'oci-create-secret.yaml': { '.dockerconfigjson': 'plaintext' },
  'proxy-secret-proxy.yaml': { address: 'public', password: 'ambiguous', username: 'public' },
  'receiver-secret-receiver-gcr-audience.yaml': { audience: 'public', email: 'public', token: 'ambiguous' },
  'receiver-secret-receiver-gcr.yaml': { audience: 'public', email: 'public', token: 'ambiguous' },
  'receiver-secret-receiver.yaml': { token: 'ambiguous' },
};

describe.skipIf(!existsSync(VECTORS))('the judge on published manifests', () => {
  it('knows every file that `flux create secret --export` wrote', () => {
    expect(readdirSync(join(VECTORS, 'flux-create-secret')).sort()).toEqual(Object.keys(FLUX).sort());
  });

  it.each(Object.entries(FLUX))('judges flux-create-secret/%s', (file, expected) => {
    expect(judgementsOf(`flux-create-secret/${file}`)).toEqual(expected);
  });

  it('takes the JWE of jwe/db-secret.yaml for ciphertext', () => {
    expect(judgementsOf('jwe/db-secret.yaml')).toEqual({ password: 'encrypted' });
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  fc.base64String({ maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        'password',
        ':',
        '=',
        '://',
        '@',
        '{{',
        '}}',
        '${',
        '}',
        '<',
        '>',
        '"',
        '\n',
        '-----BEGIN ',
        '-----',
        'PRIVATE KEY',
        'eyJ',
        '.',
        'ENC[',
        '$2a$',
        ' ',
        'x',
      ),
    )
    .map((parts) => parts.join('')),
);
const anyEntry = fc.record({
  map: fc.constantFrom('data' as const, 'stringData' as const),
  key: fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.constantFrom('password', 'tls.key', 'username', '.dockerconfigjson', '__proto__', 'constructor'),
  ),
  text: anyText,
  plain: fc.boolean(),
  secretType: fc.option(
    fc.constantFrom('Opaque', 'kubernetes.io/tls', 'kubernetes.io/service-account-token'),
    { nil: undefined },
  ),
});

describe('the judge on anything', () => {
  it('answers every string', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(JUDGEMENTS).toContain(judge(entry, () => false).judgement);
      }),
      { numRuns: 2_000 },
    );
  });

  it('calls ciphertext what the schemes recognise, in stringData and in data, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ minLength: 1, maxLength: 200 }), (key, text) => {
        fc.pre(!key.startsWith('$'));
        const recognise = (candidate: string) => candidate === text;
        const encoded = Buffer.from(text).toString('base64');
        const base = { key, plain: false, secretType: undefined };
        expect(judge({ ...base, map: 'stringData', text }, recognise).judgement).toBe('encrypted');
        fc.pre(/^[\x20-\x7e]+$/.test(text));
        expect(judge({ ...base, map: 'data', text: encoded }, recognise).judgement).toBe('encrypted');
      }),
    );
  });

  it('judges a password the same in data and stringData', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9!?]{1,24}$/), (text) => {
        const base = { key: 'password', plain: false, secretType: undefined };
        const encoded = Buffer.from(text).toString('base64');
        expect(judge({ ...base, map: 'data', text: encoded }, isOurs)).toEqual(
          judge({ ...base, map: 'stringData', text }, isOurs),
        );
      }),
    );
  });

  it.each([
    'a',
    '{{',
    '=',
    'a:',
    '://',
    'eyJ',
    '${',
    '-----BEGIN ',
    'password:',
    'a=b\n',
    'a@',
    '<',
    '[[',
    '$2a$',
    'machine ',
    '\n ',
    'a:*:',
    'user a ',
    '\nuser a +b',
    'mysql ',
    'mysql -',
    'curl ',
    'curl -u a:',
    "define('a",
    "define('password', '",
    '<a b="',
    '<a b ',
    '<?a',
    '<!',
    'EJ[1:',
    'a,',
    'A a ',
    'a {b: ',
    'dp.st.',
    'M_.',
    'a://?key=',
  ])('does not hang on 100 KB of %j, nor on 4 MB', (unit) => {
    for (const length of [100_000, 4_000_000]) {
      const text = unit.repeat(Math.ceil(length / unit.length));
      for (const map of ['data', 'stringData'] as const) {
        for (const key of ['foo', 'password']) {
          expect(JUDGEMENTS).toContain(
            judge({ map, key, text, plain: true, secretType: undefined }, () => false).judgement,
          );
        }
      }
    }
  });
});
