import { describe, expect, it } from 'vitest';
import { generateDataKey } from '../../../../src/crypto/sops/data-key.ts';
import { openSopsValue, SopsIvs, sealSopsValue } from '../../../../src/crypto/sops/value.ts';

describe('IVs drawn for many values', () => {
  it('are 32 bytes, and never the same', () => {
    const ivs = new SopsIvs();
    const drawn = Array.from({ length: 500 }, () => ivs.next());
    expect(drawn.every(({ length }) => length === 32)).toBe(true);
    expect(new Set(drawn.map((iv) => Buffer.from(iv).toString('hex'))).size).toBe(500);
  });

  it('open what was sealed with them', () => {
    const dataKey = generateDataKey();
    const ivs = new SopsIvs();
    const value = { type: 'str', bytes: new TextEncoder().encode('x') } as const;
    for (let count = 0; count < 70; count++) {
      const sealed = sealSopsValue(value, dataKey, 'a:', { iv: ivs.next() });
      expect(openSopsValue(sealed, dataKey, 'a:')).toEqual(value);
    }
  });
});
