import type { SopsFormat } from '../../src/manifest/sops-tree.ts';

/** A file in the clear, and the creation rule it is encrypted by. */
export interface SopsCase {
  readonly name: string;
  readonly format: SopsFormat;
  readonly text: string;
  /** Lines of the rule besides its recipients. */
  readonly rule: string;
  /** How many key groups, and how many of them it takes. */
  readonly groups: { readonly count: number; readonly threshold: number };
}

const single = { count: 1, threshold: 0 };

function yaml(name: string, text: string, rule = ''): SopsCase {
  return { name, format: 'yaml', text, rule, groups: single };
}

function json(name: string, text: string, rule = ''): SopsCase {
  return { name, format: 'json', text, rule, groups: single };
}

const styles = {
  plain: 'two words',
  'plain over lines': 'two\n    words\n\n    and more',
  single: "'it''s'",
  double: '"a\\tb \\u00e9 \\x41"',
  literal: '|\n    one\n      two\n\n    three\n',
  'literal stripped': '|-\n    one\n    two\n',
  'literal kept': '|+\n    one\n\n\n',
  'literal with an indicator': '|2\n      one\n    two\n',
  folded: '>\n    one\n    two\n\n    three\n',
  'folded stripped': '>-\n    one\n    two\n',
  'empty single': "''",
  'empty double': '""',
};

const types = {
  'decimal integers': ['0', '1', '-1', '+12', '1_000', '9223372036854775807', '-9223372036854775808'],
  'other integers': ['0x1F', '-0x1f', '0o17', '0777', '0b101', '-0b11', '0X1f', '0_7', '0b-1'],
  floats: ['1.0', '1.', '.5', '1e3', '1E-7', '1e21', '0888', '123456789012345678901', '6.02e+23', '0.1'],
  'special floats': ['.inf', '-.Inf', '+.INF', '.nan'],
  booleans: ['true', 'True', 'FALSE'],
  'words that are no booleans': ['yes', 'No', 'on', 'off', 'y', 'n'],
  times: [
    '2020-01-02',
    '2020-1-2',
    '2020-01-02T03:04:05Z',
    '2020-01-02t3:4:5.600+02:00',
    '2020-01-02 03:04:05.123456789',
    '2020-01-02 3:4:5',
  ],
  'what looks like a time': ['2020-13-01', '2020-02-30', '12:30:45', '2020-01-02T03:04:05', '02020-01-02'],
  'what looks like a number': [
    '1.2.3',
    '0x',
    '1e',
    '+',
    '0xg',
    '1e400',
    '._5',
    '0b2',
    '08_',
    '.5__0',
    '.5_0',
    '1_',
    '--1',
  ],
  nulls: ['', '~', 'null', 'Null', 'NULL', 'nUll'],
  tags: [
    '!!str 12',
    '!!int "12"',
    '!!float 1',
    '!!bool "true"',
    '!!binary aGVsbG8=',
    '!mine 12',
    '! 12',
    '!!timestamp 2020-01-02',
    '!!str',
  ],
};

const list = (values: readonly string[]) =>
  `values:\n${values.map((value) => `  - ${value}\n`).join('')}end: x\n`;
const map = (values: readonly string[]) =>
  `values:\n${values.map((value, at) => `  k${at}: ${value}\n`).join('')}end: x\n`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: main
  labels: {app: db}
type: Opaque
stringData:
  user: admin
  password: hunter2 # of the test
  port: "5432"
data:
  binary: AAECAw==
`;

const rules: Readonly<Record<string, readonly [string, string]>> = {
  unencrypted_suffix: [
    'unencrypted_suffix: _plain',
    'a: 1\nb_plain: 2\nc_plain:\n  d: [3, 4]\ne:\n  f_plain: x\n  g: y\n',
  ],
  encrypted_suffix: [
    'encrypted_suffix: _secret',
    'a: 1\nb_secret: 2\nc_secret:\n  d: [3, 4]\ne:\n  f_secret: x\n  g: y\n',
  ],
  unencrypted_regex: ['unencrypted_regex: ^(apiVersion|kind|metadata|type)$', secret],
  encrypted_regex: ['encrypted_regex: ^(data|stringData)$', secret],
  'encrypted_regex of RE2': ['encrypted_regex: (?i)^PASS(?P<w>word)\\z', secret],
  'encrypted_regex, MAC of these alone': [
    'encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true',
    secret,
  ],
  'unencrypted_suffix, MAC of the others alone': [
    'unencrypted_suffix: _plain\n    mac_only_encrypted: true',
    'a: 1\nb_plain: 2.50\n',
  ],
  encrypted_comment_regex: [
    'encrypted_comment_regex: secret',
    'a: 1\n# secret\nb: 2\nc: 3 # secret too\n# plain\nd:\n  # more\n  # secret: all below\n  # and this line\n  e: {f: 4, g: [5]}\n  h: 6\ni: 7\n',
  ],
  unencrypted_comment_regex: [
    'unencrypted_comment_regex: "^ *plain"',
    'a: 1\n# plain\nb: 2\nc: 3 # plain\n# secret\nd:\n  # more\n  # plain: below\n  e: {f: 4, g: [5]}\n  h: 6\n',
  ],
};

const comments = {
  'above and behind': '# top\n\n# of a\na: 1 # behind\n# of b\nb: 2\n\n# end\n',
  nested:
    'a: # on a key\n  # of x\n  x: 1 # behind x\n  # of y\n  y:\n    z: 1\n    # foot of z\n  # foot of y\n# of b\nb: 2\n',
  'in lists':
    'l: # on a key\n  # of i\n  - i # behind\n  # of j\n  - j\n  # end of list\nm:\n- k: 1 # first\n  # of o\n  o: 2\n# of the next\n- k: 3\nb: 2\n',
  'in flow style': 'a: {x: 1, # one\n  # two\n  y: 2} # three\nb: [1, # four\n  2]\n',
  'on block scalars': 'a: | # header\n  text\n  # no comment\n# after\nb: 1\n',
  'empty and odd': '#\n#x\n#  y  \na: 1 #\nb: "# none"\n',
};

const documents = {
  two: 'a: 1\n---\nb: 2\n',
  'with markers and comments': '---\n# one\na: 1\n...\n---\n# two\nb: {c: 2}\n---\nlast: [true]\n',
  'one of them empty': 'a: 1\n---\n---\nb: 2\n',
  'of one kind': `${secret}---\n${secret.replace('main', 'other')}`,
};

const layouts = {
  'with CRLF': 'a: 1\r\nb:\r\n  c: two # x\r\n  d: |\r\n    text\r\n    more\r\n',
  'without a final line break': 'a: 1\nb: two',
  'with an indentation of two': 'a:\n  b:\n    c: 1\n    d: [1, 2]\n',
  'with keys that look like numbers': 'a:\n  "10": x\n  "2": y\n  "01": z\n"3": w\n',
  'with keys that need quotes': '"a:b": 1\n"a b": {"c:d": 2}\n? e\n: f\n',
  'in flow style': '{a: 1, "b": [x, {c: y}], d: {}}\n',
  'with empty collections': 'a: {}\nb: []\nc: ~\nd: x\n',
  'with deep lists': 'a:\n- - x\n  - y\n- - z\n-\n  - k: v\n    w:\n    - 1\n    - 2\n',
  'with characters of all kinds': 'a: grüße 🙂 日本\nb: "\\ud7ff\\0\\n"\nc: "line\\\n  folded"\n',
  'with an anchor that nothing uses': 'a: &x secret\nb: &y {c: d}\n',
  'with a long value': `a: ${'x'.repeat(5000)}\nb: ${'y z '.repeat(900)}w\n`,
  'with a multi-line key file': 'key: |\n  -----BEGIN KEY-----\n  AAAA\n  -----END KEY-----\n',
};

const jsonTexts = {
  'of every type':
    '{\n\t"s": "x",\n\t"i": 1,\n\t"f": 1.5,\n\t"e": 1e3,\n\t"b": true,\n\t"n": null,\n\t"a": [1, "two", {"k": false}],\n\t"o": {}\n}\n',
  'on one line': '{"a": 1, "b": {"c": ["x", "y"]}}',
  'with escapes': '{\n  "a\\"b": "\\u00e9\\ud83d\\ude00\\n\\/",\n  "": "empty key",\n  "e": ""\n}\n',
  'with large numbers':
    '{"a": 9223372036854775807, "b": 9223372036854775808, "c": -0, "d": 0.1e-6, "e": 1E400000}\n'.replace(
      ', "e": 1E400000',
      '',
    ),
  'with a Secret':
    '{\n    "apiVersion": "v1",\n    "kind": "Secret",\n    "stringData": {\n        "password": "hunter2"\n    }\n}\n',
};

/** Files of every kind that SOPS takes, with the rules they are encrypted by. */
export const sopsCases: readonly SopsCase[] = [
  ...Object.entries(styles).map(([name, value]) => yaml(`a ${name} scalar`, `a:\n  b: ${value}\n  c: x\n`)),
  // Go's emitter writes an indicator in a list so that nothing reads it.
  ...Object.entries(styles)
    .filter(([name]) => !name.endsWith('indicator'))
    .map(([name, value]) => yaml(`a ${name} scalar in a list`, `a:\n  - ${value}\n  - x\n`)),
  ...Object.entries(types).map(([name, values]) => yaml(`${name} in a list`, list(values))),
  ...Object.entries(types).map(([name, values]) =>
    yaml(`${name} in the clear`, map(values), 'encrypted_regex: ^end$'),
  ),
  ...Object.entries(rules).map(([name, [rule, text]]) => yaml(`the rule ${name}`, text, rule)),
  ...Object.entries(comments).map(([name, text]) => yaml(`comments ${name}`, text)),
  ...Object.entries(documents).map(([name, text]) => yaml(`documents, ${name}`, text)),
  ...Object.entries(layouts).map(([name, text]) => yaml(`a file ${name}`, text)),
  ...Object.entries(jsonTexts).map(([name, text]) => json(`JSON ${name}`, text)),
  json('JSON by a rule', jsonTexts['with a Secret'], 'encrypted_regex: ^(data|stringData)$'),
  { ...yaml('key groups, two of two', secret), groups: { count: 2, threshold: 2 } },
  { ...yaml('key groups, two of three', secret), groups: { count: 3, threshold: 2 } },
  { ...yaml('key groups, three of four', 'a: 1\n---\nb: 2\n'), groups: { count: 4, threshold: 3 } },
];
