import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until there is an answer; throws what `late` says after this many seconds without one. */
export async function untilAnswered<T>(
  ask: () => Promise<T | undefined>,
  seconds: number,
  late: () => string,
): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await wait(100);
  }
  throw new Error(late());
}
