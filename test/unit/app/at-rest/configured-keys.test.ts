import { describe, expect, it } from 'vitest';
import { keyNamesOf, keysFor, writerOf } from '../../../../src/app/at-rest/configured-keys.ts';
import type { EncryptionConfiguration } from '../../../../src/manifest/at-rest/configuration.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';

const secret = (byte: number, length = 32) => Buffer.alloc(length, byte).toString('base64');
const text = (key = secret(1)) => `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - aescbc: {keys: [{name: "team:2", secret: ${key}}, {name: old, secret: ${secret(2)}}]}
      - kms: {apiVersion: v2, name: cloud, endpoint: unix:///tmp/kms.sock}
      - identity: {}
  - resources: ['*.apps']
    providers:
      - identity: {}
      - secretbox: {keys: [{name: box, secret: ${secret(3)}}]}
`;
function configured(yaml: string): EncryptionConfiguration {
  const { configuration } = readConfiguration(yaml);
  if (configuration === undefined) throw new Error('the configuration of this test does not read');
  return configuration;
}
const secrets = { group: '', resource: 'secrets' };
const deployments = { group: 'apps', resource: 'deployments' };

describe('the keys of a configuration', () => {
  it('are those that read a resource, in their order', () => {
    const names = (resource: typeof secrets) =>
      keysFor(configured(text()), resource).map(({ provider, name }) => `${provider}/${name}`);
    expect(names(secrets)).toEqual(['aescbc/team:2', 'aescbc/old']);
    expect(names(deployments)).toEqual(['secretbox/box']);
    expect(names({ group: '', resource: 'pods' })).toEqual([]);
  });

  it('have names, those of a KMS too', () => {
    expect(keyNamesOf(configured(text()))).toEqual([
      { provider: 'aescbc', name: 'team:2' },
      { provider: 'aescbc', name: 'old' },
      { provider: 'kms v2', name: 'cloud' },
      { provider: 'secretbox', name: 'box' },
    ]);
  });

  it('tell which one writes', () => {
    expect(writerOf(configured(text()), secrets)).toEqual({ provider: 'aescbc', keyName: 'team:2' });
    const plain = { provider: 'identity', keyName: undefined };
    expect(writerOf(configured(text()), deployments)).toEqual(plain);
    expect(writerOf(configured(text()), { group: '', resource: 'pods' })).toEqual(plain);
  });

  it.each([secret(1, 5), '"no base64"'])('are refused with a name and no bytes: %s', (key) => {
    expect(() => keysFor(configured(text(key)), secrets)).toThrow(
      expect.objectContaining({
        code: 'key.unusable',
        details: expect.objectContaining({ ref: 'aescbc/team:2' }),
      }),
    );
  });
});
