import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { cut } from '../../../src/cluster/cut.ts';

describe('a text that is cut', () => {
  it('is as long as it may be, and ends with a whole character', () => {
    expect(cut('short', 10)).toBe('short');
    expect(cut('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(cut(`${'x'.repeat(8)}🙂🙂`, 10)).toBe(`${'x'.repeat(8)}…`);
  });

  it('does not keep the rest in memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 40 }, () => cut(JSON.parse(`"${'x'.repeat(1 << 20)}"`)));
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 << 20);
    expect(kept).toHaveLength(40);
  });
});
