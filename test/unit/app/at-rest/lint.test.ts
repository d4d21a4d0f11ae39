import { describe, expect, it } from 'vitest';
import { lintConfiguration } from '../../../../src/app/at-rest/lint.ts';

const today = { reload: false, kmsV1: false };
const key = Buffer.alloc(32, 7).toString('base64');
const configuration = (provider: string, resources = 'secrets') =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n  - ${provider}\n`;
const keyed = (kind: string, secret = key) =>
  configuration(`${kind}: {keys: [{name: key1, secret: "${secret}"}]}`);
const lint = (text: string, options = today) =>
  lintConfiguration(text, options).map(({ rule, level, span }) => [
    level,
    rule,
    text.slice(span.start, span.end),
  ]);

describe('a file that is given to kube-apiserver', () => {
  it('has nothing said about it where there is nothing to say', () => {
    expect(lint(keyed('secretbox'))).toEqual([]);
  });

  it('is refused for what scan takes as yet to be filled in', () => {
    expect(lintConfiguration(keyed('secretbox', '${KEY}'), today)[0]?.message).toBe(
      'resources[0].providers[0].secretbox.keys[0].secret: Invalid value: "REDACTED": secrets must be base64 encoded',
    );
    expect(lint(`${keyed('secretbox')}sops: {}\n`)).toEqual([
      ['error', 'at-rest/invalid-configuration', 'sops'],
    ]);
  });

  it('is read strictly: what is no YAML is refused', () => {
    expect(lint(keyed('secretbox').replace('resources: [secrets]', 'resources: [secrets'))).toMatchObject([
      ['error', 'at-rest/invalid-configuration', expect.anything()],
    ]);
  });

  it('is refused for being something else, and for being empty', () => {
    expect(lint('kind: Secret\napiVersion: v1\n')[0]?.[1]).toBe('at-rest/invalid-configuration');
    expect(lintConfiguration('', today)[0]?.message).toBe('encryption provider configuration file is empty');
  });

  it('is told sample keys and advice', () => {
    expect(
      lint(keyed('aesgcm', 'c2VjcmV0IGlzIHNlY3VyZQ==')).map(([level, rule]) => `${level} ${rule}`),
    ).toEqual(['warning at-rest/aesgcm', 'error at-rest/sample-key']);
  });

  it('is judged for the server that it is for', () => {
    const kms = configuration('kms: {name: a, endpoint: "unix:///a"}');
    expect(lint(kms)[0]?.[0]).toBe('error');
    expect(lint(kms, { ...today, kmsV1: true })[0]?.[0]).toBe('warning');
  });

  it('is told of documents that kube-apiserver does not read', () => {
    const text = `# first\n---\n${keyed('secretbox')}---\n# nothing\n...\n---\n\n${keyed('aescbc')}`;
    expect(lint(text)).toEqual([
      ['warning', 'at-rest/masked-rule', 'apiVersion: apiserver.config.k8s.io/v1'],
    ]);
  });
});
