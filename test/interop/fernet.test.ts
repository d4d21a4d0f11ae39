import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateFernetKey, openFernet, readFernetKey, sealFernet } from '../../src/crypto/fernet.ts';
import { describeFernetToken, recogniseFernet } from '../../src/crypto/fernet-token.ts';
import { payloads } from '../support/payloads.ts';
import { describePeer } from '../support/peers.ts';

const script = fileURLToPath(new URL('fernet.py', import.meta.url));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const keyOf = (text: string) => readFernetKey(new TextEncoder().encode(text), 'k');

describePeer("Fernet and Python's cryptography", 'cryptography', (run) => {
  const ask = (what: 'seal' | 'open' | 'rotate', keys: string[], values: string[]): string[] =>
    JSON.parse(run([script], JSON.stringify({ do: what, keys, values })).toString());

  it('Python opens what Purser seals', () => {
    const key = generateFernetKey();
    const tokens = payloads.map((bytes) => sealFernet(bytes, keyOf(key), { now: new Date() }));
    expect(ask('open', [key], tokens)).toEqual(payloads.map(base64));
  });

  it('Purser opens what Python seals', () => {
    const key = generateFernetKey();
    const tokens = ask('seal', [key], payloads.map(base64));
    for (const [index, token] of tokens.entries()) {
      expect(recogniseFernet(token)).toEqual({ is: 'yes' });
      expect(base64(openFernet(token, keyOf(key)) ?? Buffer.from('none'))).toBe(
        base64(payloads[index] ?? Buffer.alloc(0)),
      );
    }
  });

  it('MultiFernet opens with its second key, and rotates to its first without a new time, as Purser does', () => {
    const [fresh, old] = [generateFernetKey(), generateFernetKey()];
    const then = new Date('2024-02-29T10:00:00Z');
    const token = sealFernet(Buffer.from('hunter2'), keyOf(old), { now: then });
    expect(ask('open', [fresh, old], [token])).toEqual([base64(Buffer.from('hunter2'))]);
    const [rotated = ''] = ask('rotate', [fresh, old], [token]);
    expect(openFernet(rotated, keyOf(old))).toBeUndefined();
    expect(Buffer.from(openFernet(rotated, keyOf(fresh)) ?? []).toString()).toBe('hunter2');
    expect(describeFernetToken(rotated).createdAt).toEqual(then);
  });
});
