import { describe, expect, it } from 'vitest';
import {
  configurationFindings,
  mayBeConfiguration,
} from '../../../../src/audit/at-rest/configuration-findings.ts';
import { describeVectors, readVector } from '../../../support/vectors.ts';

const head = 'kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n';
const key = Buffer.alloc(32, 7).toString('base64');
const keyed = (kind: string, secret = key) => `{${kind}: {keys: [{name: key1, secret: ${secret}}]}}`;
const rule = (resources: string, ...providers: string[]) =>
  `- {resources: [${resources}], providers: [${providers.join(', ')}]}\n`;

function found(text: string, options: { kmsV1?: boolean } = {}): string[] {
  const findings = configurationFindings(text, { reload: false, kmsV1: true, ...options });
  return findings.map(({ rule: id, level, span }) => `${level} ${id} ${text.slice(span.start, span.end)}`);
}

describe('advice about an EncryptionConfiguration', () => {
  it('has nothing against secretbox with identity behind it', () => {
    expect(found(head + rule('secrets', keyed('secretbox'), '{identity: {}}'))).toEqual([]);
  });

  it('tells of identity before what would encrypt', () => {
    const text = head + rule('secrets, configmaps', '{identity: {}}', keyed('secretbox'));
    expect(found(text)).toEqual(['warning at-rest/identity-first identity']);
    const [finding] = configurationFindings(text, { reload: false, kmsV1: true });
    expect(finding?.message).toBe(
      'resources[0].providers[0] of EncryptionConfiguration is identity and comes first: secrets, configmaps is written in plaintext; put it last',
    );
  });

  it('takes identity alone before a wildcard for what it is meant to be, but not for Secrets', () => {
    const all = rule('"*.*"', keyed('secretbox'));
    expect(found(head + rule('events', '{identity: {}}') + all)).toEqual([]);
    expect(found(head + rule('secrets', '{identity: {}}') + all)).toHaveLength(1);
    expect(found(head + rule('events', '{identity: {}}'))).toHaveLength(1);
  });

  it.each(['aescbc', 'aesgcm'])('tells of %s where it writes, and not where it only reads', (kind) => {
    expect(found(head + rule('secrets', keyed(kind)))).toEqual([`warning at-rest/${kind} ${kind}`]);
    expect(found(head + rule('secrets', keyed('secretbox'), keyed(kind)))).toEqual([]);
  });

  it('tells of kms v1, which an API server of today refuses', () => {
    const kms = (more: string) => `{kms: {name: a, endpoint: "unix:///a"${more}}}`;
    const text = head + rule('secrets', kms(', apiVersion: v2'), kms('').replace('name: a', 'name: b'));
    expect(found(text)).toEqual(['warning at-rest/kms-v1 kms']);
    expect(found(text, { kmsV1: false })).toEqual(['error at-rest/kms-v1 kms']);
  });

  it('tells of rules that earlier ones cover', () => {
    const all = rule('"*.*"', keyed('secretbox'));
    expect(found(head + all + rule('secrets', keyed('secretbox')))).toEqual([
      'error at-rest/masked-rule secrets',
    ]);
    const twice = rule('secrets', keyed('secretbox'));
    expect(found(head + twice + rule('configmaps, secrets.', keyed('secretbox')))).toEqual([
      'warning at-rest/masked-rule secrets.',
    ]);
  });

  it('tells of keys that everybody has, once', () => {
    const sample = Buffer.from('abcdefghijklmnopqrstuvwxyz123456').toString('base64');
    expect(found(head + rule('secrets', keyed('secretbox', sample)))).toEqual([
      `error at-rest/sample-key ${sample}`,
    ]);
    expect(found(head + rule('secrets', keyed('secretbox', 'c2VjcmV0IGlzIHNlY3VyZQ==')))).toEqual([
      'error at-rest/invalid-configuration c2VjcmV0IGlzIHNlY3VyZQ==',
    ]);
  });

  it('gives advice beside what is invalid, and never a key', () => {
    const text = `${head}${rule('Secrets', keyed('aescbc', 'c2hvcnQ='))}more: 1\n`;
    const findings = configurationFindings(text, { reload: false, kmsV1: true });
    expect(findings.map(({ rule: id }) => id)).toEqual(['at-rest/invalid-configuration', 'at-rest/aescbc']);
    expect(findings[0]?.message).toBe('unknown field "more"');
    for (const { message } of findings) expect(message).not.toMatch(/c2hvcnQ|short/);
  });

  it('points at the first line of what is empty', () => {
    expect(configurationFindings('', { reload: false, kmsV1: true })[0]).toMatchObject({
      rule: 'at-rest/invalid-configuration',
      message: 'encryption provider configuration file is empty',
    });
  });

  it('knows what may be one', () => {
    expect(mayBeConfiguration(head)).toBe(true);
    expect(mayBeConfiguration('kind: Secret\n')).toBe(false);
  });
});

describeVectors("the sample keys of kube-apiserver's own configurations", 'k8s/encryptionconfig', () => {
  it('are known, each of them', () => {
    const ids = found(readVector('k8s/encryptionconfig/valid-configs/secret-box-first.yaml'));
    expect(ids.filter((id) => id.includes('at-rest/sample-key'))).toHaveLength(5);
  });
});
