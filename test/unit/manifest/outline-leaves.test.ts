import { expect, it } from 'vitest';
import { outlineOf } from '../../../src/manifest/outline-document.ts';
import { outlineLeaves } from '../../../src/manifest/outline-leaves.ts';

function leavesOf(text: string, isWanted: (key: string) => boolean = () => true) {
  const root = outlineOf(text, { start: 0, end: text.length });
  if (root?.is !== 'map') throw new Error('no mapping');
  return outlineLeaves(root, isWanted).map(({ name, key, span, keySpan, text: value }) => ({
    name,
    key,
    value,
    written: text.slice(span.start, span.end),
    keyed: text.slice(keySpan.start, keySpan.end),
  }));
}

it('names every scalar by the keys above it, in the order of the text', () => {
  expect(leavesOf('a: 1\nb:\n  - x\n  - c: "y"\n    d: {e: z}\nf: [[1, 2]]\n')).toEqual([
    { name: 'a', key: 'a', value: '1', written: '1', keyed: 'a' },
    { name: 'b[0]', key: 'b', value: 'x', written: 'x', keyed: 'b' },
    { name: 'b[1].c', key: 'c', value: 'y', written: '"y"', keyed: 'c' },
    { name: 'b[1].d.e', key: 'e', value: 'z', written: 'z', keyed: 'e' },
    { name: 'f[0][0]', key: 'f', value: '1', written: '1', keyed: 'f' },
    { name: 'f[0][1]', key: 'f', value: '2', written: '2', keyed: 'f' },
  ]);
});

it('leaves out what stands below a key at the top that is not wanted, and nothing below another', () => {
  const names = leavesOf('sops: {mac: x}\na: {sops: y}\n', (key) => key !== 'sops').map(({ name }) => name);
  expect(names).toEqual(['a.sops']);
});
