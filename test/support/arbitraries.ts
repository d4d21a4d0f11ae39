import fc from 'fast-check';

/** Runs of a property: few on every run, many with SLOW=1. The seed is fixed, so that a failure comes back. */
export function runs(few: number, many = few * 8): fc.Parameters<unknown> {
  const slow = process.env['SLOW'] === '1';
  return { numRuns: slow ? many : few, ...(slow ? {} : { seed: 20_260_101 }) };
}

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Text as values hold it: words, what YAML would take for something else, and anything at all. */
export const valueText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        pick(
          'a',
          'b c',
          ' ',
          '\n',
          '\r\n',
          '\t',
          '#',
          ': ',
          '- ',
          "'",
          '"',
          '\\',
          '{{ x }}',
          '|',
          '&a',
          '*a',
          '\u2028',
          '\u0085',
          '\ufeff',
          '\0',
          '---',
          '...',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: pick(
      'yes',
      'no',
      'on',
      'Off',
      'true',
      'null',
      '~',
      '',
      '0777',
      '0o17',
      '0x1F',
      '1e3',
      '1_000',
      '.inf',
      '.nan',
      '12:30:45',
      '2001-12-14',
      '-1',
      '+1',
      '1.5',
      '=',
      '<<',
      '!',
      '&',
      '*',
      '?',
      '-',
      ':',
      '@',
      '`',
      '%',
      ',',
      '[',
      '{',
      '>',
      '|',
      'y',
      'n',
    ),
  },
);

export const anyBytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 200 });

const plainWord = pick(
  'b',
  'hunter2',
  'a#b',
  'a:b',
  'http://x:y@z',
  "it's",
  '-x',
  '{x',
  'a "b"',
  '~',
  'null',
  '12',
  'ä😀',
);
const comment = pick('', '', '', ' # c', '\t# c', '   ');

/** The value of an entry whose key stands at column `pad`: what follows the colon, its last line break left out. */
function valueAt(pad: string): fc.Arbitrary<string> {
  const deeper = `\n${pad}  `;
  const line = pick(
    'one',
    'two words',
    ' more',
    'x: y',
    '# no comment',
    '{{ .x }}',
    '- z',
    '"q"',
    "it's",
    'é',
  );
  const lines = fc.array(pick('one', ' more', '', 'x: y', 'a # b', '{{ .x }}', '\tt'), {
    minLength: 1,
    maxLength: 4,
  });
  const block = fc
    .tuple(
      pick('|', '>'),
      pick('', '-', '+'),
      pick('', ' # c'),
      fc.nat({ max: 2 }),
      lines,
      pick('', '\n', `\n${pad}`),
    )
    .map(([mark, chomp, note, extra, body, tail]) => {
      const indent = ' '.repeat(pad.length + 1 + extra);
      return ` ${mark}${chomp}${note}\n${body.map((text) => (text === '' ? '' : indent + text)).join('\n')}${tail}`;
    });
  const indicated = fc
    .tuple(pick('|', '>'), pick('2', '2-', '+2'), lines)
    .map(([mark, head, body]) => ` ${mark}${head}\n${body.map((text) => `${pad}  ${text}`).join('\n')}`);
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(plainWord, comment).map(([word, note]) => ` ${word}${note}`) },
    {
      weight: 2,
      arbitrary: fc
        .array(pick('one', 'two', 'three'), { minLength: 2, maxLength: 3 })
        .map((words) => ` ${words.join(deeper)}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(pick('x', 'a b', '\\n', '\\u0041', '\\"', '#', ': ', '', "'", 'ä', '\\\n   '), comment)
        .map(([text, note]) => ` "${text}"${note}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(line, line)
        .map(([a, b]) => ` "${a.replaceAll('"', '')}${deeper}${b.replaceAll('"', '')}\n\n${pad}   end "`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(pick('x', "it''s", '', '# no', '"', '\\'), comment)
        .map(([text, note]) => ` '${text}'${note}`),
    },
    { weight: 1, arbitrary: fc.constant(` 'abc\n\n${pad}   def '`) },
    { weight: 3, arbitrary: block },
    { weight: 1, arbitrary: indicated },
    {
      weight: 1,
      arbitrary: pick(' {{ .Values.x }}', ' pre{{ x }}post # c', ' "{{ x }}"', ' {{ a }}{{ b }}', ''),
    },
    {
      weight: 1,
      arbitrary: pick(
        ' &x hello',
        ' *x',
        ' !!binary Zm9v',
        ' !!str 12',
        ' ! z',
        ' &y "q"',
        ' !!str |\n' + pad + '  t',
      ),
    },
    { weight: 1, arbitrary: pick(' {a: b}', ' [a, "b"]', ' {}', `\n${pad}  nested: v`, `\n${pad}- item`) },
  );
}

const key = pick(
  'a',
  'b',
  'password',
  'tls.key',
  '"q"',
  "'s'",
  '"\\u0041"',
  '__proto__',
  'constructor',
  '12',
  'true',
  '? k',
  'ä',
  '{{ .k }}',
  '&k a',
  'data',
  'kind',
);

function entry(pad: string): fc.Arbitrary<string> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(key, pick('', '', ' '), valueAt(pad))
        .map(([name, gap, value]) =>
          name.startsWith('?') ? `${pad}${name}\n${pad}:${value}` : `${pad}${name}${gap}:${value}`,
        ),
    },
    { weight: 1, arbitrary: pick(`${pad}# comment`, '# at the margin', '', '   ') },
  );
}

const flowScalar = pick(
  'a',
  '"b"',
  "'c'",
  'd e',
  '',
  '~',
  '{{ x }}',
  '"{"',
  '*x',
  '&x f',
  '"a\n b"',
  '[1, {z: y}]',
  '{n: m}',
);
const flowMap: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      fc
        .tuple(pick('k', '"z"', "'y'", 'w', 'long key'), flowScalar)
        .map(([name, value]) => `${name}: ${value}`),
      { maxLength: 4 },
    ),
    pick(', ', ',\n   ', ',  # c\n   '),
    pick('', ',', ' ', '\n  '),
  )
  .map(([pairs, separator, end]) => `{${pairs.join(separator)}${pairs.length === 0 ? '' : end}}`);

/** `data:` or `stringData:` with its entries, at the column of `pad`. */
function entryMap(pad: string): fc.Arbitrary<string> {
  const name = pick('data', 'stringData', 'stringData', '"data"', "'stringData'", 'spec');
  const head = pick('', '', '', ' # c', ' &anc', ' !!map', '\n');
  const block = fc
    .tuple(name, head, pick(`${pad}  `, `${pad}    `, `${pad} `))
    .chain(([map, note, indent]) =>
      fc
        .array(entry(indent), { minLength: 1, maxLength: 5 })
        .map((lines) => `${pad}${map}:${note}\n${lines.join('\n')}`),
    );
  const flow = fc.tuple(name, flowMap, comment).map(([map, body, note]) => `${pad}${map}: ${body}${note}`);
  return fc.oneof(
    { weight: 5, arbitrary: block },
    { weight: 1, arbitrary: flow },
    {
      weight: 1,
      arbitrary: pick(
        `${pad}data:`,
        `${pad}stringData: ~`,
        `${pad}data: {}`,
        `${pad}data: *x`,
        `${pad}data: []`,
      ),
    },
  );
}

const kind = pick(
  'kind: Secret',
  'kind: Secret',
  'kind: "Secret"',
  "'kind': Secret # x",
  'kind:\n  Secret',
  '? kind\n: Secret',
  'kind: &k Secret',
  'kind: !!str Secret',
  'kind: "S\\x65cret"',
  'kind : Secret',
);
const field = pick(
  'apiVersion: v1',
  'metadata:\n  name: db\n  namespace: "prod"',
  'metadata: {name: x, "namespace": y}',
  'type: Opaque',
  '# a comment',
  '',
  'metadata: &m\n    name: foo',
  'immutable: true',
  'spec:\n  - a\n  - - b\n    - c: d\n      e: |\n        f',
);

function secretLines(): fc.Arbitrary<string[]> {
  return fc
    .tuple(
      kind,
      fc.array(fc.oneof({ weight: 1, arbitrary: field }, { weight: 2, arbitrary: entryMap('') }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.boolean(),
    )
    .map(([first, rest, last]) => (last ? [...rest, first] : [first, ...rest]));
}

const blockSecret = secretLines().map((lines) => lines.join('\n'));
const listItem = secretLines().map((lines) => {
  const [first = '', ...rest] = lines.join('\n').split('\n');
  return `- ${first}\n${rest.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}`;
});
const list = fc
  .tuple(pick('List', 'SecretList'), fc.array(listItem, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([name, items, last]) =>
    last ? `items:\n${items.join('\n')}\nkind: ${name}` : `kind: ${name}\nitems:\n${items.join('\n')}`,
  );
const flowSecret = fc
  .tuple(pick('kind: Secret', '"kind": "Secret"'), pick('data', '"stringData"'), flowMap, pick(', ', ',\n  '))
  .map(
    ([first, map, body, separator]) =>
      `{${[first, `${map}: ${body}`, 'metadata: {name: n}'].join(separator)}}`,
  );
const json = fc
  .tuple(
    fc.dictionary(fc.string({ maxLength: 8 }), valueText, { maxKeys: 4 }),
    fc.constantFrom(undefined, 2, '\t'),
  )
  .map(([data, indent]) =>
    JSON.stringify(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'j' }, stringData: data },
      null,
      indent,
    ),
  );

const document = fc.oneof(
  { weight: 6, arbitrary: blockSecret },
  { weight: 2, arbitrary: list },
  { weight: 1, arbitrary: flowSecret },
  { weight: 1, arbitrary: json },
  {
    weight: 1,
    arbitrary: pick(
      'kind: ConfigMap\ndata:\n  a: b',
      '',
      '# only a comment',
      'Secret',
      '- kind: Secret\n  data: {a: b}',
    ),
  },
);

/** Files of Kubernetes manifests with Secrets in every shape YAML allows, templates and a few mistakes included. */
export const manifestText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(document, { minLength: 1, maxLength: 3 }),
    pick('---\n', '--- # c\n', '...\n---\n'),
    pick('', '', '---\n', '{{- if x }}\n', '\ufeff'),
    pick('\n', '\n', '', '\n\n  \n', '\n{{- end }}\n'),
    pick('\n', '\n', '\n', '\r\n'),
  )
  .map(([documents, separator, head, tail, eol]) => {
    const text = `${head}${documents.join(`\n${separator}`)}${tail}`;
    return eol === '\n' ? text : text.replaceAll('\n', eol);
  });

/** A manifest with a few characters changed, as someone types. */
export const typedManifest: fc.Arbitrary<string> = fc
  .tuple(
    manifestText,
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        pick(
          ' ',
          '\n',
          ':',
          '-',
          '#',
          '"',
          "'",
          '{',
          '}',
          '[',
          ']',
          '&',
          '*',
          '!',
          '|',
          '>',
          '?',
          ',',
          '\t',
          'x',
          '\n  ',
          '%',
          '@',
          '{{',
          '}}',
          '\r',
          '---',
          '\ufeff',
          '\ud800',
        ),
        fc.boolean(),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [where, what, replace]) => splice(now, where, what, replace), text),
  );

function splice(text: string, where: number, what: string, replace: boolean): string {
  const at = Math.floor(where * text.length);
  return text.slice(0, at) + what + text.slice(at + (replace ? 1 : 0));
}
