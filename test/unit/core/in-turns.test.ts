import { describe, expect, it } from 'vitest';
import { inTurns } from '../../../src/core/in-turns.ts';

const { signal } = new AbortController();

describe('work on many values', () => {
  const busy = (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  };

  it('lets other work have its turn', async () => {
    let turns = 0;
    let more = true;
    const count = () => {
      turns++;
      if (more) setImmediate(count);
    };
    setImmediate(count);
    const done = await inTurns([...Array(30).keys()], signal, (item) => {
      busy(2);
      return item;
    });
    more = false;
    expect(done).toEqual([...Array(30).keys()]);
    // At 8 ms a turn, 60 ms are some seven.
    expect(turns).toBeGreaterThan(4);
  });

  it('ends when it is told to in one of them', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    let began = 0;
    const work = inTurns(Array(1_000).fill(10), stop.signal, (milliseconds: number) => {
      began++;
      busy(milliseconds);
    });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(began).toBeLessThan(10);
  });
});
