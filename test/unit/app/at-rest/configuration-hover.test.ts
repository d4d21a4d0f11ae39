import { describe, expect, it } from 'vitest';
import { configurationHover } from '../../../../src/app/at-rest/configuration-hover.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const text = `kind: ConfigMap
data: {secrets: a}
---
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [events]
  providers: [{identity: {}}]
- resources: [secrets, widgets.example.com]
  providers:
  - secretbox:
      keys:
      - {name: new, secret: ${key}}
      - {name: old, secret: ${key}}
      - {name: old, secret: ${key}}
  - kms: {name: vault, endpoint: unix:///a}
  - identity: {}
`;
const at = (part: string, from = 0) => configurationHover(text, text.indexOf(part, from) + 1);

describe('a hover in an EncryptionConfiguration', () => {
  it('stands at what it is about, whichever document that is in', () => {
    const found = at('secretbox');
    expect(text.slice(found?.start, found?.end)).toBe('secretbox');
    expect(at('secrets')).toBeUndefined();
  });

  it('tells who writes a resource, and who reads it', () => {
    expect(at('secrets,')?.lines).toEqual([
      'secrets is written by secretbox/new.',
      'Read by, in this order: secretbox/new, secretbox/old, secretbox/old, kms/vault, identity, in plaintext.',
    ]);
    expect(at('events')?.lines[0]).toBe('events is written by identity, in plaintext.');
  });

  it('tells what a key is for, and of two of one name', () => {
    expect(at('new,')?.lines).toEqual([
      'secretbox/new comes first: it writes.',
      'Its values begin with k8s:enc:secretbox:v1:new: in etcd.',
    ]);
    expect(at('old,')?.lines).toEqual([
      'secretbox/old only reads what it wrote before.',
      'Its values begin with k8s:enc:secretbox:v1:old: in etcd.',
      'Another key here has the same name: they cannot be told apart.',
    ]);
  });

  it('tells KMS v1, which is meant where nothing is said, from v2', () => {
    expect(at('kms')?.lines.join()).toContain('refused since 1.29');
  });

  it('says nothing of a key itself, and nothing of a text that is none', () => {
    expect(at(key)).toBeUndefined();
    for (const other of ['', '{', '---\n---\n', 'a: b'])
      for (let offset = 0; offset <= other.length; offset++)
        expect(configurationHover(other, offset)).toBeUndefined();
  });
});
