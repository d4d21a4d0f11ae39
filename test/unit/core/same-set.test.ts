import { expect, it } from 'vitest';
import { isSameSet } from '../../../src/core/same-set.ts';

it.each<readonly [readonly string[], readonly string[], boolean]>([
  [[], [], true],
  [['a', 'b'], ['b', 'a'], true],
  [['a', 'a'], ['a'], true],
  [['a'], [], false],
  [['a'], ['a', 'b'], false],
])('lists are the same set in any order: %j, %j', (these, those, same) => {
  expect(isSameSet(these, those)).toBe(same);
});
