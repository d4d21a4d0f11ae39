import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { isReadableGlob, matchesGlob } from '../../../src/policy/glob.ts';
import { runs } from '../../support/arbitraries.ts';

describe('a glob', () => {
  it.each([
    ['a.yaml', 'a.yaml', true],
    ['a.yaml', 'b/a.yaml', false],
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', '.a.yaml', true],
    ['*.yaml', 'b/a.yaml', false],
    ['*', '.hidden', true],
    ['**', 'a/b/.c/d', true],
    ['clusters/prod/**', 'clusters/prod/a/b.yaml', true],
    ['clusters/prod/**', 'clusters/dev/b.yaml', false],
    ['clusters/prod/**', 'clusters/production/b.yaml', false],
    ['**/secrets/*.yaml', 'secrets/a.yaml', true],
    ['**/secrets/*.yaml', 'x/y/secrets/a.yaml', true],
    ['**/secrets/*.yaml', 'x/secrets/y/a.yaml', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['?.yaml', 'a.yaml', true],
    ['?.yaml', '😀.yaml', true],
    ['?.yaml', 'ab.yaml', false],
    ['a?b', 'a/b', false],
    ['{a,b}/c', 'b/c', true],
    ['{a,b}/c', 'c/c', false],
    ['*.{yaml,yml}', 'a.yml', true],
    ['{a,b{c,d}}', 'bd', true],
    ['{a/b,c}/d', 'a/b/d', true],
    ['A.yaml', 'a.yaml', false],
    ['[ab].yaml', '[ab].yaml', true],
    ['[ab].yaml', 'a.yaml', false],
    ['a.b', 'axb', false],
    ['a+(b).yaml', 'a+(b).yaml', true],
    ['?.yaml', '/.yaml', false],
    ['a/**', 'a', false],
    ['{a,{b,c}}/x', 'c/x', true],
    ['', '', true],
    ['a', '', false],
  ])('%s for %s: %s', (glob, path, matches) => {
    expect(matchesGlob(glob, path)).toBe(matches);
  });

  it('matches what picomatch matches, of what both know', () => {
    const segment = fc
      .array(fc.constantFrom('a', 'b', '.', '-', '1'), { minLength: 1, maxLength: 3 })
      .map((chars) => chars.join(''));
    const paths = fc
      .array(
        segment.filter((text) => text !== '.' && text !== '..'),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('/'));
    const piece = fc.oneof(
      { weight: 3, arbitrary: segment },
      {
        weight: 1,
        arbitrary: fc.constantFrom('*', 'a*', '*b', '?', '?a', 'a*b', '*.*', '{a,b}', '{a,bb}b', '*{1,-}'),
      },
      { weight: 1, arbitrary: fc.constant('**') },
    );
    const globs = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    let matched = 0;
    fc.assert(
      fc.property(globs, paths, (glob, path) => {
        // picomatch reads dots at the start of a segment as relative paths.
        fc.pre(!/(?:^|\/)\.{1,3}(?:\/|$|\*|\?)/.test(glob));
        const ours = matchesGlob(glob, path);
        if (ours) matched++;
        // To picomatch, what ends in `/**` matches the folder itself too.
        const oracle = glob.endsWith('**') ? `${glob}/*` : glob;
        expect(ours, `${glob} for ${path}`).toBe(
          picomatch(oracle, { dot: true, nobracket: true, noext: true, nonegate: true })(path),
        );
      }),
      runs(4000),
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('with more alternatives than anyone writes is told apart, and matches nothing', () => {
    expect(isReadableGlob('{a,b}/{c,d}/*.{yaml,yml}')).toBe(true);
    expect(isReadableGlob('{a,b}'.repeat(8))).toBe(false);
    expect(matchesGlob('{a,b}'.repeat(8), 'aaaaaaaa')).toBe(false);
  });

  it.each([
    ['stars', '*a'.repeat(5000), `${'a'.repeat(20_000)}b`],
    ['stars over segments', '**/a/'.repeat(2000), `${'a/'.repeat(5000)}b`],
    ['stars in segments', `${'**/*a*a*a*a/'.repeat(100)}x`, `${'aaaaaaaaaaaaaaaaaaaa/'.repeat(300)}y`],
    ['braces', '{a,b}'.repeat(50), 'a'.repeat(50)],
    ['braces in braces', `${'{a,'.repeat(3000)}b${'}'.repeat(3000)}`, 'b'],
    ['open braces', '{'.repeat(50_000), 'a'],
    ['a long brace', `{${'a,'.repeat(100_000)}b}`, 'b'],
  ])('made of %s costs no time', (_, glob, path) => {
    const before = process.cpuUsage();
    matchesGlob(glob, path);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});
