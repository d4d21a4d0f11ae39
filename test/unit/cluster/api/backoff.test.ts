import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../../src/cluster/api/backoff.ts';

describe('waits between failures', () => {
  it('double up to the most, with jitter, and begin anew after a success', () => {
    const backoff = new Backoff({ least: 1_000, most: 60_000 });
    for (const base of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      const wait = backoff.next();
      expect(wait).toBeGreaterThanOrEqual(base);
      expect(wait).toBeLessThanOrEqual(base * 1.25);
    }
    for (let i = 0; i < 5_000; i++) expect(backoff.next()).toBeLessThanOrEqual(75_000);
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(1_250);
  });

  it('differ from client to client', () => {
    const waits = Array.from({ length: 20 }, () => new Backoff({ least: 1_000, most: 60_000 }).next());
    expect(new Set(waits).size).toBeGreaterThan(10);
  });
});
