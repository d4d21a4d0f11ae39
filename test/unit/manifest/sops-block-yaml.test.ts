import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlockYaml } from '../../../src/manifest/sops-block-yaml.ts';
import { parseSopsYaml } from '../../../src/manifest/sops-yaml-tree.ts';
import { manifestText, runs } from '../../support/arbitraries.ts';
import { commentedYaml } from '../../support/commented-yaml.ts';
import { sopsCases } from '../../support/sops-cases.ts';

/** Whatever it takes upon itself to read is no problem to the parser, and the same to it. */
function expectToAgree(text: string): void {
  const documents = readBlockYaml(text);
  if (documents !== undefined)
    expect({ text, format: 'yaml', documents, problems: [] }).toEqual(parseSopsYaml(text));
}

// biome-ignore format: a table
const fragments = [
  'k: v', 'k:', 'k: two words ', 'k: v # c', 'k: v#c', 'k:v', 'k : v', 'k: a: b', 'k: b:', 'k: -', 'k: -1',
  'k: - x', 'k: ? x', 'k: @x', 'k: %x', 'k: ,x', 'k: a, b', 'k: ENC[A,b:c=]', 'k: <<', 'k: a]', 'k: ~',
  'k: =', 'k: "q"', 'k: "a\\nb"', 'k: "\\x41"', 'k: "a" b', 'k: "a"# c', 'k: "a', 'k: ""', "k: 'q''r'",
  "k: 'a", "k: ''", 'k: |', 'k: |-', 'k: |+', 'k: |2', 'k: | # c', 'k: >', '- |', '- |-', 'k: | ', 'text',
  '"text"', '{a: b}', '|', '- v', '- k: v', '- k:', '-', '- ', '- # c', '- - x', '- "q"', "- 'q': v", '-  k: v', '- []', '-x',
  '- -1', 'k: {}', 'k: []', 'k: {a: b}', 'k: [a]', 'k: {} # c', 'k: {}x', 'k: { }', '{}', '[]', 'k: !t x',
  'k: &a x', 'k: *a', '? k', ': v', '<<: x', '%YAML 1.2', '%x', 'true: x', '12: x', '.5: x', '.x: y',
  'null: x', '~: x', 'yes: x', '"12": x', '"": x', "'k': v", '"k" : v', '"k":v', 'a.b/c-d: v', 'k:  v',
  '`x', '# c', '#', '#c', '---', '--- ', '--- x', '---x', '--- # c', '----', '...', '... # c', '', '  ',
  '<<<<<<< a', 'k:\tv', 'k: v\t', '\tk: v', '\t', '\ufeff', 'k: \u0085', 'k: \u00a0', 'k: \u00e9 \u00a0',
  'k: 日本 🙂', 'k\r',
];
const keys = fc.constantFrom('k', 'k', 'k', 'a', 'b', 'c', 'd', 'e');
const line = fc
  .tuple(fc.constantFrom(0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 6), fc.constantFrom(...fragments), keys)
  .map(([by, fragment, key]) => ' '.repeat(by) + fragment.replace(/\bk\b/, key));
const lines = fc
  .tuple(fc.array(line, { maxLength: 9 }), fc.constantFrom('\n', '\n', '\n', '', '\r\n'))
  .map(([all, end]) => all.join(end === '\r\n' ? end : '\n') + end);
/** Lines that all by themselves would be read: what is wrong with these is how they stand together. */
const usual = fc
  .tuple(
    fc.array(
      fc
        .tuple(
          fc.constantFrom(0, 2, 2, 4),
          fc.constantFrom(
            'k: v',
            'k:',
            'k: |',
            'text',
            '- v',
            '- k: v',
            '# c',
            '',
            '---',
            'k: {}',
            'k: v # c',
          ),
          keys,
        )
        .map(
          ([by, fragment, key]) => (fragment === '' ? '' : ' '.repeat(by)) + fragment.replace(/\bk\b/, key),
        ),
      { maxLength: 10 },
    ),
    fc.constantFrom('\n', ''),
  )
  .map(([all, end]) => `k: v\n${all.join('\n')}${end}`);

describe('what is read without the parser', () => {
  it.each(sopsCases.filter(({ format }) => format === 'yaml'))(
    'is what the parser reads: $name',
    ({ text }) => {
      expectToAgree(text);
    },
  );

  it.each([
    ['lines of all kinds', lines, 4000],
    ['usual lines', usual, 4000],
    ['comments everywhere', commentedYaml, 400],
    ['manifests', manifestText, 300],
  ] as const)('is what the parser reads: %s', (_name, texts, count) => {
    fc.assert(fc.property(texts, expectToAgree), runs(count));
  });

  it('is a good part of that', () => {
    const read = fc
      .sample(usual, { numRuns: 500, seed: 1 })
      .filter((text) => readBlockYaml(text) !== undefined);
    expect(read.length).toBeGreaterThan(50);
  });

  it('is what SOPS files are made of', () => {
    const text = [
      '# of the team',
      'apiVersion: v1',
      'metadata:',
      '    name: "main" # here',
      '    labels: {}',
      'stringData:',
      '    .dockerconfigjson: ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]',
      '    #ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]',
      '    empty: ""',
      '    nothing:',
      'list:',
      '- a',
      '- b: 1',
      '  c: 2',
      'sops:',
      '    age:',
      '        - enc: |',
      '            -----BEGIN AGE ENCRYPTED FILE-----',
      '',
      '            -----END AGE ENCRYPTED FILE-----',
      '          recipient: age1',
      '    encrypted_regex: ^(data|stringData)$',
      '---',
      'b: 2',
    ].join('\n');
    expect(readBlockYaml(text)).toEqual(parseSopsYaml(text).documents);
    expect(parseSopsYaml(text).problems).toEqual([]);
  });

  it.each([
    'a: {b: c}\n',
    'a: &x b\n',
    'a: >\n  b\n',
    'a: two\n  lines\n',
    'a: 1\na: 2\n',
    'a: 1\r\n',
    '- a\n',
    '1: a\n',
    '',
    `${Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\n`,
  ])('is not %j, which is for the parser', (text) => {
    expect(readBlockYaml(text)).toBeUndefined();
  });
});
