import fc from 'fast-check';

type Lines = readonly string[];

const indented = (by: number, lines: Lines): Lines =>
  lines.map((line) => (line === '' ? line : ' '.repeat(by) + line));

/** Own-line comments, at the column of what they stand among or anywhere, and empty lines. */
const between: fc.Arbitrary<Lines> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat(9).map((digit) => `# c${digit}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(5), fc.nat(9)).map(([by, digit]) => `${' '.repeat(by)}# c${digit}`),
    },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  { maxLength: 2 },
);
const behind = fc
  .option(fc.nat(9), { nil: undefined, freq: 3 })
  .map((digit) => (digit === undefined ? '' : ` # i${digit}`));
const scalar = fc.constantFrom('v', '"q"', '12', 'true', '', '{a: 1, b: [x]}');

const { map } = fc.letrec<{ map: Lines; list: Lines; member: Lines }>((tie) => ({
  map: fc
    .tuple(fc.array(fc.tuple(between, tie('member')), { minLength: 1, maxLength: 3 }), between)
    .map(([members, end]) => [
      ...members.flatMap(([above, lines], index) => [...above, `k${index}${lines[0]}`, ...lines.slice(1)]),
      ...end,
    ]),
  member: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'yaml' },
    fc.tuple(scalar, behind).map(([value, comment]) => [`: ${value}${comment}`]),
    behind.map((comment) => [`: |${comment}`, '   text']),
    fc.tuple(behind, tie('map')).map(([comment, lines]) => [`:${comment}`, ...indented(2, lines)]),
    fc
      .tuple(behind, fc.constantFrom(0, 2), tie('list'))
      .map(([comment, by, lines]) => [`:${comment}`, ...indented(by, lines)]),
  ),
  list: fc
    .tuple(
      fc.array(
        fc.tuple(
          between,
          fc.oneof(
            { maxDepth: 3, depthIdentifier: 'yaml' },
            fc.tuple(scalar, behind).map(([value, comment]) => [`${value}${comment}`]),
            tie('map').map((lines) => lines.slice(lines.findIndex((line) => line.startsWith('k')))),
          ),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      between,
    )
    .map(([items, end]) => [
      ...items.flatMap(([above, [first = '', ...rest]]) => [...above, `- ${first}`, ...indented(2, rest)]),
      ...end,
    ]),
}));

/** YAML with comments in every place that there is, each ending in a digit. */
export const commentedYaml: fc.Arbitrary<string> = map.map((lines) => `${lines.join('\n')}\n`);
