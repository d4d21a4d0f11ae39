import { describe, expect, it } from 'vitest';
import { readKeyArgument, readKeyReference } from '../../../src/policy/key-reference.ts';

const pin = `SHA256:${'A'.repeat(43)}=`;

describe('a key reference', () => {
  it('is a path, with or without a pin', () => {
    expect(readKeyReference('.purser/keys/prod.pub.pem')).toMatchObject({
      kind: 'path',
      path: '.purser/keys/prod.pub.pem',
      pin: undefined,
    });
    expect(readKeyReference(`keys/a.pem#${pin}`)).toMatchObject({ kind: 'path', path: 'keys/a.pem', pin });
    expect(readKeyReference(`keys/a.pem#${pin.slice(0, -1)}`)).toMatchObject({
      path: 'keys/a.pem',
      pin: pin.slice(0, -1),
    });
  });

  it('is a variable or a name', () => {
    expect(readKeyReference('env:ENCRYPTION_KEY')).toMatchObject({ kind: 'env', name: 'ENCRYPTION_KEY' });
    expect(readKeyReference('local:dev-2026')).toMatchObject({ kind: 'local', name: 'dev-2026' });
  });

  it.each([
    'local:../../x',
    'local:',
    'local:.hidden',
    `local:${'a'.repeat(64)}`,
    'local:a/b',
    'env:',
    'env:A-B',
    'env:1A',
    '',
    'a\0b',
    'a.pem#SHA256:short',
  ])('is not %j', (text) => {
    expect(() => readKeyReference(text)).toThrow('key.bad-reference');
  });

  it('may be NAME=FILE on the command line', () => {
    expect(readKeyArgument('dev=keys/dev.secretbox')).toMatchObject({
      kind: 'path',
      name: 'dev',
      path: 'keys/dev.secretbox',
    });
    expect(readKeyArgument('keys/a=b.pem')).toMatchObject({
      kind: 'path',
      name: undefined,
      path: 'keys/a=b.pem',
    });
    expect(() => readKeyArgument('../x=a')).not.toThrow();
    expect(() => readKeyArgument('.x=a')).toThrow('key.bad-reference');
  });
});
