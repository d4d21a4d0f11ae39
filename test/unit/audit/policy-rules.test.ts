import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { entriesToSeal } from '../../../src/app/encrypt.ts';
import { audit } from '../../../src/audit/audit.ts';
import type { PolicyFacts } from '../../../src/audit/audited-file.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { doubleQuoted } from '../../../src/manifest/write-scalar.ts';
import { sopsByDefault } from '../../../src/policy/sops-rule.ts';
import type { SchemeId } from '../../../src/schemes/scheme.ts';
import { runs, valueText } from '../../support/arbitraries.ts';
import { registry, schemeCases, signal } from '../schemes/schemes.ts';

const facts = (scheme: SchemeId, more: Partial<PolicyFacts> = {}): PolicyFacts => ({
  rule: { scheme, whole: false, openedBy: 'webhook' },
  recipients: undefined,
  ...more,
});
const of = (text: string, policy?: PolicyFacts) =>
  audit(scan(text), registry, { name: 'a.yaml', policy }).findings;
const secret = (...entries: readonly string[]) =>
  `kind: Secret\nmetadata: {name: main, namespace: db}\nstringData:\n${entries.map((entry) => `  ${entry}\n`).join('')}`;
const rules = (text: string, policy?: PolicyFacts) => of(text, policy).map(({ rule }) => rule);

/** One ciphertext of each scheme, sealed for db/main#password. */
const sealed = new Map<string, string>();
beforeAll(async () => {
  for (const { title, scheme, seals } of schemeCases) {
    const manifest = scan(secret('password: hunter2'));
    const values = locatedEntries(manifest).map((located) => ({
      ...located,
      plaintext: Plaintext.fromText('hunter2'),
    }));
    const [edit] = await (await scheme.load()).seal({ text: manifest.text, values }, seals, signal);
    sealed.set(title, edit?.text ?? '');
  }
});
const token = (title: string) => sealed.get(title) ?? '';

describe('unencrypted-by-policy', () => {
  it('replaces plaintext-secret where a rule applies, as an error in doubtful cases too', () => {
    const text = secret('password: hunter2', 'source-key: my-secret', 'username: admin', 'token: ${TOKEN}');
    expect(of(text, facts('jwe'))).toMatchObject([
      {
        rule: 'unencrypted-by-policy',
        level: 'error',
        message:
          'stringData.password of Secret db/main is not encrypted, where policy says jwe (the key name says password)',
      },
      { rule: 'unencrypted-by-policy', level: 'error', place: { entry: 'stringData.source-key' } },
    ]);
    expect(rules(text)).toEqual(['plaintext-secret', 'plaintext-secret']);
  });

  it('is what encrypt seals, whatever the values are', () => {
    const key = fc.constantFrom('password', 'username', 'data', 'a', 'tls.crt', 'source-key');
    const entry = fc.tuple(
      key,
      fc.constantFrom('data', 'stringData'),
      fc.oneof(
        valueText,
        fc.constantFrom('hunter2', 'gAAAAABx', 'CHANGEME', 'aHVudGVyMg==', '{{ .x }}'),
        fc.constantFrom(...schemeCases.map(({ title }) => title)).map(token),
      ),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const lines = entries.map(([name, map, value], i) =>
          map === 'data' ? '' : `  ${i}${name}: ${doubleQuoted(value)}\n`,
        );
        const data = entries.map(([name, map, value], i) =>
          map === 'data' ? `  ${i}${name}: ${doubleQuoted(value)}\n` : '',
        );
        const manifest = scan(`kind: Secret\ndata:\n${data.join('')}stringData:\n${lines.join('')}`);
        const wanted = entriesToSeal({ which: 'plaintext', among: locatedEntries(manifest) }, registry);
        const found = audit(manifest, registry, { name: '', policy: facts('fernet') }).findings;
        expect(
          found.flatMap(({ rule, place }) =>
            rule === 'unencrypted-by-policy' ? [place.located?.entry] : [],
          ),
        ).toEqual(wanted.map((located) => located.entry));
        expect(found.some(({ rule }) => rule === 'plaintext-secret')).toBe(false);
      }),
      runs(300),
    );
  });

  it('is every literal for sealed-secrets, and never what is to be substituted or nothing', () => {
    const text = secret('password: hunter2', 'username: admin', 'token: ${TOKEN}', 'empty: ""');
    expect(of(text, facts('sealed-secrets')).map(({ place }) => place.entry)).toEqual([
      'stringData.password',
      'stringData.username',
    ]);
  });

  it('is what SOPS would encrypt; what it would leave clear is plaintext all the same', () => {
    const text = secret('password: hunter2', 'token_unencrypted: s3cr3t-Xy9Qw', 'username: admin');
    expect(rules(text, facts('sops', { sops: sopsByDefault }))).toEqual([
      'unencrypted-by-policy',
      'plaintext-secret',
      'unencrypted-by-policy',
    ]);
    expect(rules(text, facts('sops'))).toEqual(['plaintext-secret', 'plaintext-secret']);
  });
});

describe('wrong-scheme', () => {
  it.each(schemeCases)('is a ciphertext of $title where policy says another scheme', ({ title, scheme }) => {
    const text = secret(`password: ${token(title)}`);
    expect(rules(text, facts(scheme.id))).toEqual([]);
    for (const other of ['jwe', 'fernet', 'secretbox', 'sops', 'sealed-secrets'] as const) {
      if (other === scheme.id) continue;
      expect(of(text, facts(other))).toMatchObject([
        {
          rule: 'wrong-scheme',
          level: 'warning',
          message: `stringData.password of Secret db/main is sealed with ${scheme.id}, where policy says ${other}`,
        },
      ]);
    }
  });

  it('is a Secret that SOPS encrypted, told once', () => {
    const enc = 'ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]';
    const text = `${secret(`a: ${enc}`, `b: ${enc}`)}---\n${secret(`c: ${enc}`)}`;
    expect(of(text, facts('jwe')).map(({ rule, place }) => [rule, place.entry])).toEqual([
      ['wrong-scheme', 'stringData.a'],
      ['wrong-scheme', 'stringData.c'],
    ]);
    expect(rules(text, facts('sops'))).toEqual([]);
    expect(rules(text)).toEqual([]);
  });

  it('is a SealedSecret, told at its kind', () => {
    const item = Buffer.concat([Buffer.of(2, 0), Buffer.alloc(512 + 16, 7)]).toString('base64');
    const text = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: a}\nspec:\n  encryptedData:\n    p: ${item}\n`;
    expect(of(text, facts('jwe'))).toMatchObject([
      { rule: 'wrong-scheme', place: { object: { name: 'a' } } },
    ]);
    expect(rules(text, facts('sealed-secrets'))).toEqual([]);
    expect(rules(text)).toEqual([]);
    expect(rules(text.replace('kind: SealedSecret', 'kind: NoSealedSecret'), facts('jwe'))).toEqual([]);
  });

  it('is not a value of a tool that is none of the schemes', () => {
    expect(rules(secret('password: vault:v1:abcd'), facts('jwe'))).toEqual([]);
  });
});

describe('wrong-recipient', () => {
  it.each(schemeCases)('is told of $title by the name that it carries', ({ title, scheme, recipient }) => {
    const text = secret(`password: ${token(title)}`);
    const other = facts(scheme.id, { recipients: new Set(['someone-else']) });
    if (recipient === undefined) expect(rules(text, other)).toEqual([]);
    else {
      const [finding, ...more] = of(text, other);
      expect(finding).toMatchObject({ rule: 'wrong-recipient', level: 'warning' });
      const name = / is sealed to (\S+), which is none of the keys that policy names$/.exec(
        finding?.message ?? '',
      )?.[1];
      expect(name).toMatch(recipient);
      expect(more).toEqual([]);
      expect(rules(text, facts(scheme.id, { recipients: new Set([name ?? '']) }))).toEqual([]);
    }
    expect(rules(text, facts(scheme.id))).toEqual([]);
  });

  it('shortens a name that somebody made long', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = part({ alg: 'dir', enc: 'A128GCM', kid: 'k'.repeat(5000) });
    const text = secret(`password: ${header}..${'A'.repeat(16)}.AAAA.${'A'.repeat(22)}`);
    const [finding] = of(text, facts('jwe', { recipients: new Set(['x']) }));
    expect(finding?.rule).toBe('wrong-recipient');
    expect(finding?.message.length).toBeLessThan(300);
  });
});

describe('moved-ciphertext', () => {
  const jwe = () => token('jwe with RSA');

  it.each([
    ['another key', () => secret(`token: ${jwe()}`)],
    ['another name', () => secret(`password: ${jwe()}`).replace('main', 'other')],
    ['another namespace', () => secret(`password: ${jwe()}`).replace(': db}', ': dev}')],
  ])('is a JWE that stands at %s than it was sealed for', (_, text) => {
    const [finding, ...more] = of(text(), facts('jwe'));
    expect(finding).toMatchObject({ rule: 'moved-ciphertext', level: 'warning' });
    expect(finding?.message).toContain('was sealed for db/main#password');
    expect(more).toEqual([]);
  });

  it.each([
    ['where it was sealed', () => secret(`password: ${jwe()}`)],
    ['no stated namespace', () => secret(`password: ${jwe()}`).replace(', namespace: db', '')],
    ['a name to be templated', () => secret(`password: ${jwe()}`).replace('main', '"{{ .x }}"')],
    ['a Fernet token, which cannot be bound', () => secret(`token: ${token('fernet')}`)],
  ])('is not one at %s', (_, text) => {
    expect(rules(text())).toEqual(['no-cluster-opener']);
  });

  it('comes before what else is wrong with a ciphertext', () => {
    const text = secret(`token: ${jwe()}`);
    expect(rules(text, facts('fernet', { recipients: new Set(['x']) }))).toEqual(['moved-ciphertext']);
  });
});

describe('no-cluster-opener', () => {
  it.each(schemeCases)('is told once a Secret with $title, at its kind', ({ title }) => {
    const text = `a: b\n---\n${secret('username: admin', `password: ${token(title)}`, `p: ${token('fernet')}`)}`;
    const [finding, ...more] = of(text).filter(({ rule }) => rule === 'no-cluster-opener');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'warning', place: { entry: undefined, located: undefined } });
    expect(text.slice(finding?.span.start, finding?.span.end)).toBe('Secret');
    expect(finding?.message).toMatch(/^Secret db\/main has encrypted values/);
  });

  it('is silent where something is said to open them, and where there is nothing to open', () => {
    const text = secret(`password: ${token('fernet')}`);
    expect(
      rules(text, { ...facts('fernet'), rule: { scheme: 'fernet', whole: false, openedBy: 'pipeline' } }),
    ).toEqual([]);
    expect(
      rules(text, { ...facts('fernet'), rule: { scheme: 'fernet', whole: false, openedBy: undefined } }),
    ).toEqual(['no-cluster-opener']);
    expect(rules(secret('password: ${X}', 'a: ENC[AES256_GCM,data:abc,iv:a,tag:a,type:str]'))).toEqual([]);
  });

  it('is told at the first of the values where the kind is stated elsewhere', () => {
    const text = `kind: SecretList\nitems:\n- stringData:\n    user: admin\n    a: ${token('fernet')}\n`;
    const [finding] = of(text);
    expect(finding?.rule).toBe('no-cluster-opener');
    expect(text.slice(finding?.span.start, finding?.span.end)).toBe(token('fernet'));
  });

  it('is silenced by a comment at the kind', () => {
    const text = secret(`password: ${token('fernet')}`);
    expect(rules(`# purser:ignore no-cluster-opener opened by hand\n${text}`)).toEqual([]);
  });
});

describe('an audit by policy', () => {
  it('is the same after a change as from scratch, and after the policy has changed', () => {
    const text = `${secret('password: hunter2', `a: ${token('fernet')}`, `b: ${token('jwe with EC')}`, 'user: x')}---\nkind: SealedSecret\nmetadata: {name: a}\n`;
    const told = (
      manifest: ReturnType<typeof scan>,
      policy?: PolicyFacts,
      before?: ReturnType<typeof audit>,
    ) => audit(manifest, registry, { name: 'a.yaml', policy }, before);
    const words = ({ findings }: ReturnType<typeof audit>) =>
      findings.map(({ rule, span, message }) => `${rule} ${span.start} ${message}`);
    const policies = [undefined, facts('jwe'), facts('fernet', { recipients: new Set() }), facts('sops')];
    for (const [from, to] of [
      ['hunter2', 'other'],
      ['password: hunter2', 'password: hunter2\n  new: s3cret-Xy8'],
      ['name: main', 'name: other'],
      ['a: gAAAAA', 'a: gAAAAB'],
      ['  user: x\n', ''],
      ['kind: SealedSecret', 'kind: Other'],
    ] as const) {
      const [first, changed] = [scan(text), text.replace(from, to)];
      expect(changed).not.toBe(text);
      for (const before of policies) {
        for (const after of policies) {
          const again = told(rescan(first, changed), after, told(first, before));
          expect(words(again)).toEqual(words(told(scan(changed), after)));
        }
      }
    }
  });

  it('tells findings in the order of the text, one a value', () => {
    const text = `stringData:\n  password: hunter2\n  a: ${token('fernet')}\nkind: Secret\n`;
    const found = of(text, { ...facts('jwe'), rule: { scheme: 'jwe', whole: false, openedBy: undefined } });
    expect(found.map(({ rule }) => rule)).toEqual([
      'unencrypted-by-policy',
      'wrong-scheme',
      'no-cluster-opener',
    ]);
  });
});
