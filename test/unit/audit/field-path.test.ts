import { describe, expect, it } from 'vitest';
import { matchesPath, startsWithPath } from '../../../src/audit/field-path.ts';

describe('a path pattern', () => {
  it('describes one path, whole', () => {
    expect(matchesPath(['spec', 'data'], ['spec', 'data'])).toBe(true);
    expect(matchesPath(['spec', 'data', 'a'], ['spec', 'data'])).toBe(false);
    expect(matchesPath(['spec'], ['spec', 'data'])).toBe(false);
    expect(matchesPath(['spec', 'Data'], ['spec', 'data'])).toBe(false);
  });

  it('takes any one key or list position for a star', () => {
    expect(matchesPath(['users', 0, 'user', 'token'], ['users', '*', 'user', 'token'])).toBe(true);
    expect(matchesPath(['users', 'main', 'user', 'token'], ['users', '*', 'user', 'token'])).toBe(true);
    expect(matchesPath(['users', 'user', 'token'], ['users', '*', 'user', 'token'])).toBe(false);
  });

  it('tells a list position from a key that is spelt like it', () => {
    expect(matchesPath(['users', 0], ['users', '0'])).toBe(false);
  });

  it('may stand for all that is below it', () => {
    expect(startsWithPath(['data', 'a', 'b'], ['data', '*'])).toBe(true);
    expect(startsWithPath(['data'], ['data', '*'])).toBe(false);
    expect(startsWithPath(['stringData', 'a', 'b'], ['data', '*'])).toBe(false);
  });
});
