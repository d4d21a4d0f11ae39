import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../../src/policy/glob.ts';
import { runs } from '../../support/arbitraries.ts';

describe('a glob', () => {
  it.each([
    ['clusters/prod/**', 'clusters/prod/db.yaml', true],
    ['clusters/prod/**', 'clusters/prod/a/b/c.yaml', true],
    ['clusters/prod/**', 'clusters/dev/db.yaml', false],
    ['**/*.kubeconfig.enc', 'ci.kubeconfig.enc', true],
    ['**/*.kubeconfig.enc', 'access/deep/ci.kubeconfig.enc', true],
    ['*.yaml', 'a/b.yaml', false],
    ['*.yaml', '.hidden.yaml', true],
    ['**', '.github/.secret', true],
    ['a/**', 'a', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['?.yaml', 'a.yaml', true],
    ['?.yaml', '/.yaml', false],
    ['{a,b}/*.{yaml,json}', 'b/x.json', true],
    ['{a,{b,c}}/x', 'c/x', true],
    ['A.yaml', 'a.yaml', false],
    ['a[1].yaml', 'a[1].yaml', true],
    ['a+(b).yaml', 'a+(b).yaml', true],
    ['', 'a', false],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(matchesGlob(glob, path)).toBe(expected);
  });

  it('agrees with picomatch', () => {
    const segment = fc
      .array(fc.constantFrom('a', 'b', '.', 'yaml'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join(''));
    // picomatch has notions of its own about `.` and `..` as segments, which no path from git has.
    const path = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .filter((parts) => parts.every((part) => !/^\.{1,2}$/.test(part)));
    const piece = fc.oneof(
      fc.constantFrom('*', '?', '**', 'a', 'b', '*.yaml', 'a*', '?b', '{a,b}', '{a,b*}.yaml'),
    );
    const glob = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const property = fc.property(glob, path, (pattern, parts) => {
      fc.pre(!/^\.{1,2}$/.test(pattern));
      const text = parts.join('/');
      const oracle = picomatch.isMatch(text, pattern, {
        dot: true,
        nobracket: true,
        noextglob: true,
        strictSlashes: true,
      });
      expect(matchesGlob(pattern, text), `${pattern} on ${text}`).toBe(oracle);
    });
    fc.assert(property, runs(3000));
  });

  it('takes no exponential time, whatever a repository writes', () => {
    expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(200)}b`, 'a/'.repeat(2000))).toBe(false);
    expect(matchesGlob('{a,b}'.repeat(40), 'a'.repeat(40))).toBe(false);
  });
});
