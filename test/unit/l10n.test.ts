import { describe, expect, it } from 'vitest';
import { messagesIn } from '../package/l10n.mjs';

describe('the sentences that translators are given', () => {
  it('are the literals, as people read them', () => {
    const source = [
      "l10n.t('There is nothing to encrypt here.')",
      'l10n.t(\n  "the controller\'s {0}",\n  name,\n)',
      "l10n.t('it\\'s \\u2026 {0}', one, l10n.t('nested'))",
    ];
    expect(messagesIn(source.join(';\n'))).toEqual([
      'There is nothing to encrypt here.',
      "the controller's {0}",
      "it's … {0}",
      'nested',
    ]);
  });

  it.each([
    'l10n.t(`there are ${count} values`)',
    "l10n.t('there are ' + count)",
    'l10n.t(sentence)',
    "l10n.t(one ? 'a value' : 'values')",
  ])('would be missed in %s, which is refused with its line', (call) => {
    expect(() => messagesIn(`\n${call}`)).toThrow('line 2: l10n.t takes a literal');
  });
});
