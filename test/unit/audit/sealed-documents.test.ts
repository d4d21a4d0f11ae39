import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import type { PolicyFacts } from '../../../src/audit/audited-file.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../../src/schemes/sealed-secrets/scheme.ts';
import { sopsScheme } from '../../../src/schemes/sops/scheme.ts';

const registry = new SchemeRegistry([], [sopsScheme, sealedSecretsScheme]);
const token =
  'ENC[AES256_GCM,data:YWJj,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]';
const sops = `apiVersion: v1
kind: Secret
metadata: {name: main, namespace: db}
stringData:
  password: ${token}
sops:
  age:
    - recipient: age1one
      enc: x
    - recipient: age1two
      enc: x
  pgp:
    - fp: ABCD EF
      enc: x
  lastmodified: "2026-01-02T03:04:05Z"
  mac: ${token}
`;
const sealedSecret = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: main
  namespace: db
  annotations:
    purser.dev/sealed-with: SHA256:old
spec:
  encryptedData: {}
`;

const facts = (scheme: 'sops' | 'sealed-secrets', more: Partial<PolicyFacts>): PolicyFacts => ({
  rule: { scheme, whole: false, openedBy: undefined },
  recipients: undefined,
  ...more,
});
const findings = (text: string, policy?: PolicyFacts) =>
  audit(scan(text), registry, { name: 'db.yaml', policy }).findings.map(({ rule, message, span }) => [
    rule,
    text.slice(span.start, span.end),
    message,
  ]);
const age = (...names: readonly string[]) => names.map((name) => ({ kind: 'age', name }));

describe('a file of SOPS', () => {
  it('is told where its recipients are others than the rule names, at the sops mapping', () => {
    const sopsRecipients = [...age('age1two', 'age1three'), { kind: 'PGP', name: 'abcdef' }];
    expect(findings(sops, facts('sops', { sopsRecipients }))).toEqual([
      [
        'wrong-recipient',
        'sops',
        'Secret db/main is sealed to age1one, whom .sops.yaml does not name, and is not sealed to age1three, whom .sops.yaml names',
      ],
    ]);
  });

  it('is spoken of as the file where it holds more than one object', () => {
    const two = `${sops}---\n${sops.replace('name: main', 'name: other')}`;
    expect(
      findings(two, facts('sops', { sopsRecipients: age('age1one') })).map(([, , said]) => said),
    ).toEqual(['this file is sealed to PGP ABCD EF and age1two, whom .sops.yaml does not name']);
  });

  it('is spoken of as the file where it is no Kubernetes object', () => {
    const values = sops.replace(/^apiVersion[^]*stringData:/, 'values:');
    expect(findings(values, facts('sops', { sopsRecipients: [] })).map(([, , said]) => said)).toEqual([
      expect.stringMatching(/^this file is sealed to /),
    ]);
  });

  it('is not where they are the same in another order, or where they are not known', () => {
    const same = [{ kind: 'PGP', name: 'abcdef' }, ...age('age1two', 'age1one')];
    expect(findings(sops, facts('sops', { sopsRecipients: same }))).toEqual([]);
    expect(findings(sops, facts('sops', {}))).toEqual([]);
    expect(findings(sops)).toEqual([]);
  });

  it('is told for its scheme and not for its recipients where policy says another scheme', () => {
    const rules = findings(sops, facts('sealed-secrets', { recipients: new Set(['SHA256:x']) })).map(
      ([rule]) => rule,
    );
    expect(rules).toEqual(['wrong-scheme']);
  });

  it('is damaged where a value is cut short, in any kind of file', () => {
    const values = sops.replace(/^apiVersion[^]*stringData:/, 'values:').replace('data:YWJj', 'data:Y');
    expect(findings(values).map(([rule, , message]) => [rule, message])).toEqual([
      ['malformed-ciphertext', 'values.password looks like sops but is not: a part of it is not base64'],
    ]);
  });
});

describe('a SealedSecret', () => {
  it('is told where it was sealed to a certificate that policy does not name', () => {
    const wrong = findings(sealedSecret, facts('sealed-secrets', { recipients: new Set(['SHA256:new']) }));
    expect(wrong).toEqual([
      [
        'wrong-recipient',
        'SealedSecret',
        'SealedSecret db/main is sealed to the certificate SHA256:old, which is none of the keys that policy names',
      ],
    ]);
    expect(findings(sealedSecret, facts('sealed-secrets', { recipients: new Set(['SHA256:old']) }))).toEqual(
      [],
    );
  });

  it('is not where it does not say to which it was sealed', () => {
    const silent = sealedSecret.replace(/ {2}annotations:\n.*\n/, '');
    expect(findings(silent, facts('sealed-secrets', { recipients: new Set(['SHA256:new']) }))).toEqual([]);
  });
});

it('keeps what it knows of a text that did not change', () => {
  const before = audit(scan(sops), registry);
  const again = audit(rescan(scan(sops), sops), registry, { name: 'x.yaml', policy: undefined }, before);
  expect(again.sealed).toBe(before.sealed);
});
