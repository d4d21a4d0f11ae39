import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../src/cluster/api/turns.ts';
import { rejection } from '../../../support/impatient-client.ts';

const { signal } = new AbortController();

describe('turns', () => {
  it('are taken in order', async () => {
    const turns = new Turns(1);
    const order: number[] = [];
    const work = (id: number) =>
      turns.take(async () => {
        await Promise.resolve();
        order.push(id);
      }, signal);
    await Promise.all([work(1), work(2), work(3)]);
    expect(order).toEqual([1, 2, 3]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('are not kept by who left the line, nor by who failed', async () => {
    const turns = new Turns(1);
    let finish = () => {};
    const first = turns.take(() => new Promise<void>((resolve) => (finish = resolve)), signal);
    const leaving = new AbortController();
    const second = rejection(turns.take(() => Promise.resolve('never'), leaving.signal));
    const failure = new Error('failed');
    const third = rejection(turns.take(() => Promise.reject(failure), signal));
    const fourth = turns.take(() => Promise.resolve('done'), signal);
    const reason = new Error('enough');
    leaving.abort(reason);
    expect(await second).toBe(reason);
    finish();
    await first;
    expect(await third).toBe(failure);
    expect(await fourth).toBe('done');
  });
});
