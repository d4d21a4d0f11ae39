import { describe, expect, it } from 'vitest';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { bindingOf, bindingsDiffer } from '../../../src/schemes/binding.ts';

function bindingIn(metadata: string): string | undefined {
  const [located] = locatedEntries(scan(`kind: Secret\nmetadata: ${metadata}\nstringData: {password: x}\n`));
  return located && bindingOf(located);
}

describe('a binding', () => {
  it.each([
    ['{name: main, namespace: db}', 'db/main#password'],
    ['{name: main}', 'main#password'],
    ['{namespace: db}', 'db/#password'],
    ['{}', '#password'],
    ['{name: "{{ .Release.Name }}", namespace: "${NS}"}', '#password'],
  ])('of %s is %s', (metadata, expected) => {
    expect(bindingIn(metadata)).toBe(expected);
  });

  it.each([
    ['db/main#password', 'db/main#password', false],
    ['db/main#password', 'main#password', false],
    ['db/main#password', 'db/#password', false],
    ['db/main#password', '#password', false],
    ['main#password', 'db/#password', false],
    ['db/main#password', 'db/main#token', true],
    ['db/main#password', 'db/other#password', true],
    ['db/main#password', 'shop/main#password', true],
    ['main#password', 'other#password', true],
    ['db/#password', 'shop/#password', true],
  ])('%s and %s differ: %s', (a, b, differ) => {
    expect(bindingsDiffer(a, b)).toBe(differ);
    expect(bindingsDiffer(b, a)).toBe(differ);
  });
});
