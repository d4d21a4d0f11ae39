import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasBlock, isShellScript, withBlock, withoutBlock } from '../../../../src/node/hook/hook-script.ts';

const line = fc.oneof(
  fc.constantFrom(
    '#!/bin/sh',
    '#!/usr/bin/env sh\r',
    '. "$(dirname -- "$0")/_/husky.sh"',
    'npm test',
    '',
    '\r',
  ),
  fc.string({ unit: 'binary-ascii' }),
);
const hook = fc
  .tuple(fc.array(line), fc.constantFrom('', '\n'))
  .map(([lines, last]) => lines.join('\n') + last);

describe('the block in a hook', () => {
  it('leaves no trace when it is taken out, whatever the hook is', () => {
    fc.assert(
      fc.property(hook, (text) => {
        const guarded = withBlock(text);
        expect(hasBlock(guarded)).toBe(true);
        expect(withBlock(guarded)).toBe(guarded);
        expect(withoutBlock(guarded)).toBe(text);
      }),
    );
  });

  it('is the whole hook where there was none', () => {
    const made = withBlock(undefined);
    expect(made).toMatch(/^#!\/bin\/sh\n/);
    expect(withBlock(made)).toBe(made);
    expect(withoutBlock(made)).toBeUndefined();
  });

  it('comes before what the hook does, and after what must be first', () => {
    const after = (text: string) => withBlock(text).slice(0, withBlock(text).indexOf('# >>> purser'));
    expect(after('#!/bin/sh\nnpm test\n')).toBe('#!/bin/sh\n');
    expect(after('npm test\n')).toBe('');
    const husky = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n';
    expect(after(`${husky}\nnpm test\n`)).toBe(husky);
  });

  it.each([
    ['#!/bin/sh\n', true],
    ['#!/usr/bin/env bash\n', true],
    ['#!/bin/zsh -e\n', true],
    ['npm test\n', true],
    ['#!/usr/bin/env python3\n', false],
    ['#!/usr/bin/env node\n', false],
    ['#!/usr/bin/fish\n', false],
  ])('stands in shell scripts only: %j', (text, fits) => {
    expect(isShellScript(text)).toBe(fits);
  });
});
