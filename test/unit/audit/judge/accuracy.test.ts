import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/audit/judge/judge.ts';
import type { Case } from './cases/case.ts';
import { configs } from './cases/configs.ts';
import { named, selfEvident } from './cases/credentials.ts';
import { ambiguous, empty } from './cases/nothing-and-doubt.ts';
import { placeholders } from './cases/placeholders.ts';
import { nonSensitive } from './cases/public.ts';
import { isOurs, sealed } from './cases/sealed.ts';
import { secondLook } from './cases/second-look.ts';

const families = {
  named,
  selfEvident,
  configs,
  placeholders,
  sealed,
  nonSensitive,
  empty,
  ambiguous,
  secondLook,
};
const cases: readonly Case[] = Object.values(families).flat();
const judged = cases.map((item) => ({ item, verdict: judge(item, isOurs) }));

describe('the judge on labelled values', () => {
  it('finds plaintext: recall at least 0.97, precision at least 0.95, doubtful labels left out', () => {
    const strict = judged.filter(({ item }) => item.expected !== 'ambiguous');
    const flagged = strict.filter(({ verdict }) => verdict.judgement === 'plaintext');
    const right = flagged.filter(({ item }) => item.expected === 'plaintext').length;
    const recall = right / strict.filter(({ item }) => item.expected === 'plaintext').length;
    const precision = right / flagged.length;
    const wrong = judged.filter(({ item, verdict }) => verdict.judgement !== item.expected);
    console.info(
      `${cases.length} values: plaintext recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}; ${wrong.length} judged otherwise than labelled`,
    );
    for (const { item, verdict } of wrong)
      console.info(`  ${item.map}.${item.key} (${item.why}): ${item.expected}, judged ${verdict.judgement}`);
    expect(recall).toBeGreaterThanOrEqual(0.97);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(wrong.length / judged.length).toBeLessThanOrEqual(0.03);
  });

  it.each(['encrypted', 'empty', 'placeholder'] as const)('never flags what is %s', (kind) => {
    const flagged = judged.filter(
      ({ item, verdict }) => item.expected === kind && ['plaintext', 'ambiguous'].includes(verdict.judgement),
    );
    expect(flagged.map(({ item }) => `${item.key}: ${item.why}`)).toEqual([]);
  });

  it('never shows any part of a value in its reason', () => {
    const telling = judged.filter(({ item, verdict }) => {
      const values = [item.text.trim(), Buffer.from(item.text, 'base64').toString().trim()];
      return values.some(
        (value) =>
          value.length >= 12 && !/^[\w .-]+$/.test(value) && verdict.reason.includes(value.slice(0, 12)),
      );
    });
    expect(telling).toEqual([]);
  });
});
