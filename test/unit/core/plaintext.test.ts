import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';

const canary = 'hunter2-canary';
const secret = Plaintext.fromText(canary);

describe('a plaintext', () => {
  it.each([
    ['String()', String(secret)],

    ['JSON.stringify', JSON.stringify({ secret })],
    ['util.inspect', inspect({ secret }, { showHidden: true, depth: 9 })],
    ['util.format', format('%s %o %O %j', secret, secret, secret, secret)],
    [
      'an error that carries it',
      inspect(new Failure('usage', { reason: 'x' }, {}, { cause: secret }), { depth: 9 }),
    ],
    ['its own keys', Reflect.ownKeys(secret).join()],
  ])('does not print by %s', (_, printed) => {
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain('104, 117, 110');
    expect(printed).not.toContain(Buffer.from(canary).toString('base64'));
  });

  it('gives its bytes and its text where they are asked for', () => {
    expect(secret.exposeText()).toBe(canary);
    expect(Buffer.from(secret.expose()).toString()).toBe(canary);
    expect(secret.byteLength).toBe(14);
  });

  it('has no text where it is not UTF-8, and keeps a byte order mark', () => {
    expect(new Plaintext(new Uint8Array([0xff])).exposeText()).toBeUndefined();
    expect(Plaintext.fromText('\ufeffx').exposeText()).toBe('\ufeffx');
  });

  it('equals another of the same bytes alone', () => {
    expect(secret.equals(Plaintext.fromText(canary))).toBe(true);
    expect(secret.equals(Plaintext.fromText(`${canary}\n`))).toBe(false);
    expect(secret.equals(Plaintext.fromText('x'.repeat(14)))).toBe(false);
  });
});
