import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { isKeyName, readKeyArgument, readKeyReference } from '../../../src/policy/key-reference.ts';
import { isRuleId } from '../../../src/policy/rule-ids.ts';

const pin = `SHA256:${'A'.repeat(43)}=`;

describe('a key reference', () => {
  it.each([
    ['local:dev-2026', { kind: 'local', name: 'dev-2026' }],
    [`local:${'x'.repeat(63)}`, { kind: 'local', name: 'x'.repeat(63) }],
    ['env:ENCRYPTION_KEY', { kind: 'env', name: 'ENCRYPTION_KEY' }],
    ['.purser/keys/prod.pub.pem', { kind: 'path', path: '.purser/keys/prod.pub.pem', pin: undefined }],
    [`keys/a.pem#${pin}`, { kind: 'path', path: 'keys/a.pem', pin }],
    [`keys/a.pem#${pin.slice(0, -1)}`, { kind: 'path', path: 'keys/a.pem', pin: pin.slice(0, -1) }],
    ['keys/c#.pem', { kind: 'path', path: 'keys/c#.pem', pin: undefined }],
    ['../outside.pem', { kind: 'path', path: '../outside.pem' }],
  ])('%s', (text, expected) => {
    expect(readKeyReference(text)).toMatchObject({ ...expected, text });
  });

  it.each([
    'local:',
    'local:../../x',
    'local:a/b',
    'local:.hidden',
    'local:-x',
    `local:${'x'.repeat(64)}`,
    'local:a b',
    'local:ä',
    'local:a\n',
    'env:',
    'env:1A',
    'env:A-B',
    'env:A=B',
    '',
    'a\0b',
    'a.pem#SHA256:',
    'a.pem#SHA256:tooshort',
    `a.pem#sha256:${'A'.repeat(43)}`,
    `#${pin}`,
  ])('is not %j', (text) => {
    expect(() => readKeyReference(text)).toThrow(Failure);
  });

  it('may give a file a name on the command line', () => {
    expect(readKeyArgument('dev=keys/dev.key')).toMatchObject({
      kind: 'path',
      path: 'keys/dev.key',
      name: 'dev',
    });
    expect(readKeyArgument('keys/a=b.key')).toMatchObject({
      kind: 'path',
      path: 'keys/a=b.key',
      name: undefined,
    });
    expect(readKeyArgument('C:\\keys\\a=b.key')).toMatchObject({ kind: 'path', name: undefined });
    expect(readKeyArgument(`keys/a.pem#${pin}`)).toMatchObject({ name: undefined, pin });
    expect(readKeyArgument('dev=local:other')).toMatchObject({ kind: 'local', name: 'other' });
    expect(() => readKeyArgument('.bad=keys/dev.key')).toThrow(Failure);
  });

  it('is for a name of letters, digits, dots, dashes and underscores', () => {
    for (const name of ['a', '0', 'A.b_c-d']) expect(isKeyName(name)).toBe(true);
    for (const name of ['', '.', '..', '-a', '_a', 'a/b', 'a:b', 'a\u202eb'])
      expect(isKeyName(name)).toBe(false);
  });
});

describe('the id of a finding', () => {
  it('is one of the contract, or of its families', () => {
    for (const id of ['plaintext-secret', 'value-pitfall', 'at-rest/weak', 'kkp/x-1', 'flux/y'])
      expect(isRuleId(id)).toBe(true);
    for (const id of ['', 'plaintext', 'other/x', 'flux/', 'flux/A', 'constructor', '__proto__'])
      expect(isRuleId(id)).toBe(false);
  });
});
