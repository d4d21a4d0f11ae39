import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/node/lines.ts';

async function* inChunks(content: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (const size of [...sizes, content.length]) {
    yield content.subarray(at, at + size);
    at += size;
  }
}

describe('a stream in lines', () => {
  it('is the same however it is cut into pieces', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'é')).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 5 })), async (whole, sizes) => {
        let again = '';
        for await (const { content, ended } of linesOf(inChunks(Buffer.from(whole), sizes), 100)) {
          expect(content?.includes(0x0a)).toBe(false);
          again += `${Buffer.from(content ?? []).toString('latin1')}${ended ? '\n' : ''}`;
        }
        expect(Buffer.from(again, 'latin1').toString()).toBe(whole);
      }),
    );
  });

  it('passes over what is longer than allowed, and goes on behind it', async () => {
    const found: (readonly [string | undefined, number])[] = [];
    const content = Buffer.from(`ab\n${'x'.repeat(50)}\nabcde\n`);
    for await (const { content: line, bytes } of linesOf(inChunks(content, [7, 20]), 5))
      found.push([line && Buffer.from(line).toString(), bytes]);
    expect(found).toEqual([
      ['ab', 2],
      [undefined, 50],
      ['abcde', 5],
    ]);
  });
});
