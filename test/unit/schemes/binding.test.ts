import { describe, expect, it } from 'vitest';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { bindingOf, bindingsDiffer } from '../../../src/schemes/binding.ts';

describe('what a ciphertext is bound to', () => {
  it.each([
    ['namespace, name and key', '{name: n, namespace: ns}', 'ns/n#a'],
    ['no namespace', '{name: n}', 'n#a'],
    ['no name', '{namespace: ns}', 'ns/#a'],
    ['neither', '{}', '#a'],
    ['a name that a template makes', '{name: "{{ .x }}", namespace: ns}', 'ns/#a'],
    ['a name that Flux substitutes', '{name: "${x}", namespace: ns}', 'ns/#a'],
    ['an empty namespace', '{name: n, namespace: ""}', 'n#a'],
  ])('%s', (_, metadata, binding) => {
    for (const map of ['data', 'stringData']) {
      const [located] = locatedEntries(scan(`kind: Secret\nmetadata: ${metadata}\n${map}: {a: x}\n`));
      expect(located && bindingOf(located)).toBe(binding);
    }
  });

  it.each([
    ['ns/n#a', 'ns/n#a', false],
    ['ns/n#a', 'n#a', false],
    ['ns/n#a', 'ns/#a', false],
    ['ns/n#a', '#a', false],
    ['n#a', 'ns/#a', false],
    ['ns/n#a', 'ns/n#b', true],
    ['ns/n#a', 'other/n#a', true],
    ['ns/n#a', 'ns/other#a', true],
    ['n#a', 'other#a', true],
    ['ns/#a', 'other/n#a', true],
    ['#a', '#b', true],
    ['ns/n#a#b', 'ns/n#a#b', false],
    ['ns/n#a#b', 'ns/n#a#c', true],
    ['garbage', 'ns/n#a', true],
    ['', 'ns/n#a', true],
  ])('%s where %s stands: moved is %s', (made, stands, moved) => {
    expect(bindingsDiffer(made, stands)).toBe(moved);
    expect(bindingsDiffer(stands, made)).toBe(moved);
  });
});
