import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/audit/judge/judge.ts';
import { hardForms } from './cases/hard-forms.ts';
import { isOurs } from './cases/sealed.ts';

describe('the judge on forms easily taken for each other', () => {
  it.each(hardForms.map((item) => [item.key, item.why, item.expected, item] as const))(
    '%s (%s) is %s',
    (_key, _why, expected, item) => {
      expect(judge(item, isOurs).judgement).toBe(expected);
    },
  );
});
