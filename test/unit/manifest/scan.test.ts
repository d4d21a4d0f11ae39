import { describe, expect, it } from 'vitest';
import { locatedEntries } from '../../../src/manifest/address.ts';
import type { Entry } from '../../../src/manifest/manifest.ts';
import { parse } from '../../../src/manifest/parse.ts';
import { scan } from '../../../src/manifest/scan.ts';

/** `map.key = value` of every Secret's entry, with a refusal where there is one. */
function found(text: string): string[] {
  return locatedEntries(scan(text)).map(({ entry }) => told(entry));
}

function told({ map, key, text, refusal }: Entry): string {
  return `${map}.${key} = ${text}${refusal === undefined ? '' : ` (${refusal.why})`}`;
}

const firstEntry = (text: string) => locatedEntries(scan(text))[0]?.entry;

describe('what counts as a Secret', () => {
  it.each([
    ['a v1 Secret', 'apiVersion: v1\nkind: Secret\ndata:\n  a: Yg==\n', 1],
    ['a Secret without an apiVersion', 'kind: Secret\ndata:\n  a: Yg==\n', 1],
    ['a Secret of another group', 'apiVersion: example.com/v1\nkind: Secret\ndata:\n  a: Yg==\n', 0],
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: Secret\n', 0],
    [
      'a Secret in a List',
      'kind: List\nitems:\n- kind: Secret\n  data: {a: Yg==}\n- kind: ConfigMap\n  data: {a: b}\n',
      1,
    ],
    ['the items of a SecretList', 'kind: SecretList\nitems:\n- data: {a: Yg==}\n- data: {a: Yg==}\n', 2],
    ['a SecretList whose kind comes last', 'items:\n- data: {a: Yg==}\nkind: SecretList\n', 1],
    ['a bare list of Secrets', '- kind: Secret\n  data: {a: Yg==}\n- kind: Secret\n  data: {a: Yg==}\n', 2],
    ['JSON', '{"kind": "Secret", "data": {"a": "Yg=="}}', 1],
    ['data that is not at the top', 'kind: Secret\nspec:\n  data:\n    a: Yg==\n', 0],
    ['a kind that is an alias', 'x: &k Secret\nkind: *k\ndata:\n  a: Yg==\n', 1],
    ['a kind that is written with escapes', 'kind: "\\x53ecret"\ndata:\n  a: Yg==\n', 1],
    [
      'every document',
      'kind: Secret\ndata: {a: x}\n---\nkind: Secret\ndata: {a: x}\n...\n---\nkind: Secret\ndata: {a: x}\n',
      3,
    ],
  ])('%s', (_, text, count) => {
    expect(locatedEntries(scan(text))).toHaveLength(count);
  });

  it('has a name, a namespace and a type, as far as they are stated', () => {
    const [located] = locatedEntries(
      scan('type: Opaque\nkind: Secret\nmetadata: {name: "x", namespace: y}\nstringData: {a: b}\n'),
    );
    expect(located?.object).toMatchObject({ name: 'x', namespace: 'y', type: 'Opaque' });
  });
});

describe('templated and broken files', () => {
  it.each([
    [
      'conditions around a Secret',
      '{{- if .Values.create }}\nkind: Secret\nstringData:\n  password: hunter2\n  user: {{ .Values.user | quote }}\n{{- end }}\n',
      ['stringData.password = hunter2', 'stringData.user = {{ .Values.user | quote }}'],
    ],
    [
      'conditions between entries',
      'kind: Secret\nstringData:\n  {{- if .Values.a }}\n  a: one\n  {{- else }}\n  a: two\n  {{- end }}\n  b: three\n',
      ['stringData.a = one (duplicate)', 'stringData.a = two (duplicate)', 'stringData.b = three'],
    ],
    [
      'templates as keys',
      'kind: Secret\nstringData:\n  {{ .Values.key }}: hunter2\n',
      ['stringData.{{ .Values.key }} = hunter2'],
    ],
    [
      'Jinja',
      '{% if x %}\nkind: Secret\nstringData:\n  a: {{ b }}\n  c: hunter2\n{% endif %}\n',
      ['stringData.a = {{ b }}', 'stringData.c = hunter2'],
    ],
    [
      'an action of several lines',
      '{{/*\n a: comment: with: colons\n*/}}\nkind: Secret\nstringData:\n  a: hunter2\n',
      ['stringData.a = hunter2'],
    ],
    [
      'template lines inside a block scalar',
      'kind: Secret\nstringData:\n  a: |\n    one\n{{ if x }}\n    two\n{{ end }}\n  b: c\n',
      ['stringData.a = one\n{{ if x }}\ntwo\n', 'stringData.b = c'],
    ],
    [
      'a quote that never closes',
      'kind: Secret\nstringData:\n  a: "never\n  b: hunter2\n',
      ['stringData.a = never', 'stringData.b = hunter2'],
    ],
    [
      'a bracket that never closes',
      'kind: Secret\nstringData:\n  b: hunter2\nspec: [a,\n',
      ['stringData.b = hunter2'],
    ],
    ['a tab as indentation', 'kind: Secret\nstringData:\n\tb: hunter2\n', ['stringData.b = hunter2']],
    [
      'a tab between key and value',
      'kind: Secret\nstringData:\n  b:\thunter2\t# c\n',
      ['stringData.b = hunter2'],
    ],
    [
      'a broken document beside it',
      'a: [\n---\nkind: Secret\nstringData:\n  b: hunter2\n---\n"\n',
      ['stringData.b = hunter2'],
    ],
    [
      'merge conflict marks',
      '<<<<<<< HEAD\nkind: Secret\nstringData:\n  a: one\n=======\n  a: two\n>>>>>>> x\n',
      ['stringData.a = one (duplicate)', 'stringData.a = two (duplicate)'],
    ],
    [
      'files put together, each with a byte order mark',
      'kind: ConfigMap\n---\n\ufeffkind: Secret\nstringData:\n  a: hunter2\n',
      ['stringData.a = hunter2'],
    ],
    ['a directive', '%YAML 1.1\n---\nkind: Secret\nstringData:\n  a: hunter2\n', ['stringData.a = hunter2']],
    [
      'CRLF',
      'kind: Secret\r\nstringData:\r\n  a: hunter2\r\n  b: |\r\n    x\r\n    y\r\n',
      ['stringData.a = hunter2', 'stringData.b = x\ny\n'],
    ],
  ])('are looked into: %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('tells where a file is broken', () => {
    expect(scan('kind: Secret\ndata:\n  a: "x\n').documents[0]?.problems).toEqual([
      { offset: 24, message: 'this quote is never closed' },
    ]);
    expect(scan('kind: Secret\nx: [a\n').documents[0]?.problems).toEqual([
      { offset: 16, message: 'this bracket is never closed' },
    ]);
  });
});

describe('entries that may be shown but not edited', () => {
  it.each([
    ['an alias', '  a: *x\n', ['stringData.a =  (alias)']],
    [
      'a value that an alias uses elsewhere',
      '  a: &x b\n  c: *x\n',
      ['stringData.a = b (alias)', 'stringData.c =  (alias)'],
    ],
    ['an anchor that nothing uses', '  a: &x b\n', ['stringData.a = b']],
    [
      'a key that stands twice',
      '  a: b\n  "a": c\n',
      ['stringData.a = b (duplicate)', 'stringData.a = c (duplicate)'],
    ],
    [
      'a tag',
      '  a: !!int 1\n  b: !!str 1\n  c: ! x\n',
      ['stringData.a = 1 (tagged)', 'stringData.b = 1', 'stringData.c = x'],
    ],
    [
      'a collection',
      '  a: [b]\n  c:\n    d: e\n  f:\n  - g\n',
      ['stringData.a =  (not-scalar)', 'stringData.c =  (not-scalar)', 'stringData.f =  (not-scalar)'],
    ],
  ])('%s', (_, entries, expected) => {
    const text = `kind: Secret\nstringData:\n${entries}`;
    expect(found(text)).toEqual(expected);
    expect(locatedEntries(parse(text)).map(({ entry }) => told(entry))).toEqual(expected);
  });

  it.each([
    ['two maps of one name', 'kind: Secret\ndata: {a: b}\ndata: {c: d}\n'],
    ['a null before the map', 'kind: Secret\ndata: ~\ndata: {c: d}\n'],
    ['nothing after the map', 'kind: Secret\ndata: {c: d}\ndata:\n'],
    ['an alias beside the map', 'kind: Secret\nx: &x {}\ndata: *x\ndata: {c: d}\n'],
    ['a word beside the map', 'kind: Secret\ndata: {c: d}\ndata: word\n'],
  ])('every entry where there is more than one data: %s', (_, text) => {
    const refusals = locatedEntries(scan(text)).map(({ entry }) => entry.refusal?.why);
    expect(refusals.length).toBeGreaterThan(0);
    expect(new Set(refusals)).toEqual(new Set(['duplicate']));
  });

  it('the text that an alias stands for, where it is a scalar', () => {
    const aliased = (text: string) => {
      const of = (entries: ReturnType<typeof locatedEntries>) => entries.map(({ entry }) => entry.aliased);
      expect(of(locatedEntries(parse(text)))).toEqual(of(locatedEntries(scan(text))));
      return of(locatedEntries(scan(text)));
    };
    const before = 'kind: Secret\nmetadata: {labels: {x: &x "a b"}}\n';
    expect(aliased(`${before}stringData:\n  a: *x\n  b: x\n`)).toEqual(['a b', undefined]);
    expect(aliased(`${before}stringData: {a: *x}\n`)).toEqual(['a b']);
    expect(aliased(`${before}other: &x [a]\nstringData:\n  a: *x\n`)).toEqual([undefined]);
    expect(aliased(`${before}other: &x\n  a: b\nstringData:\n  a: *x\n`)).toEqual([undefined]);
    expect(aliased('kind: Secret\nstringData:\n  a: *x\nother: &x y\n')).toEqual([undefined]);
  });

  it('a huge text that thousands of aliases stand for is told a few times, and that it is', () => {
    const uses = Array.from({ length: 5000 }, (_, index) => `  a${index}: *x\n`).join('');
    const [document] = scan(`kind: Secret\nx: &x ${'y'.repeat(100_000)}\nstringData:\n${uses}`).documents;
    const told = document?.objects[0]?.entries.filter(({ aliased }) => aliased !== undefined).length;
    expect(told).toBeGreaterThan(5);
    expect(told).toBeLessThan(100);
    expect(document?.problems.map(({ message }) => message)).toEqual([
      'aliases bring in more text than is looked at',
    ]);
  });

  it('the values of a map, of a list or of a whole Secret that an alias brings elsewhere', () => {
    for (const text of [
      'kind: Secret\nstringData: &x {a: b}\nspec: *x\n',
      'kind: Secret\nstringData: &x\n  a: b\nspec: *x\n',
      'kind: List\nitems:\n- &x\n  kind: Secret\n  stringData: {a: b}\n- *x\n',
      'kind: List\nitems: &x\n- kind: Secret\n  stringData: {a: b}\nother: *x\n',
    ])
      expect(found(text), text).toEqual(['stringData.a = b (alias)']);
  });

  it('tell of values they cannot see', () => {
    const problems = (text: string) =>
      scan(text).documents.flatMap((document) => document.problems.map(({ message }) => message));
    expect(problems('kind: Secret\nx: &x {a: b}\ndata: *x\n')).toEqual([
      'the values of data stand elsewhere, behind an alias',
    ]);
    for (const text of [
      'kind: Secret\nx: &x {a: b}\ndata:\n  <<: *x\n',
      'kind: Secret\nx: &x {a: b}\ndata:\n  <<: [*x, {c: d}]\n',
      'kind: Secret\nx: &x {a: b}\ndata:\n  <<: {<<: *x}\n',
      'kind: Secret\n<<: {data: {a: b}}\n',
      'kind: Secret\n<<:\n- data: {a: b}\n',
    ])
      expect(problems(text), text).toEqual(['values merged in with << are not seen here']);
  });
});

describe('a map that is merged in where it stands', () => {
  it.each([
    ['in braces', '  <<: {a: b}\n  c: d\n', ['stringData.a = b', 'stringData.c = d']],
    ['in lines', '  <<:\n    a: b\n  c: d\n', ['stringData.a = b', 'stringData.c = d']],
    ['in a list', '  <<: [{a: b}, {c: d}]\n', ['stringData.a = b', 'stringData.c = d']],
    ['in a list of lines', '  <<:\n  - a: b\n  - c: d\n', ['stringData.a = b', 'stringData.c = d']],
    ['inside another one', '  <<: {<<: {a: b}, c: d}\n', ['stringData.a = b', 'stringData.c = d']],
    [
      'under a key that stands there too',
      '  <<: {a: b}\n  a: c\n',
      ['stringData.a = b (duplicate)', 'stringData.a = c (duplicate)'],
    ],
    ['that is a value after all', '  x: {<<: {a: b}}\n', ['stringData.x =  (not-scalar)']],
  ])('%s has entries of the Secret', (_, entries, expected) => {
    const text = `kind: Secret\nstringData:\n${entries}`;
    expect(found(text)).toEqual(expected);
    expect(locatedEntries(parse(text)).map(({ entry }) => told(entry))).toEqual(expected);
    const map = scan(text).documents[0]?.objects[0]?.maps.stringData;
    expect(map).toEqual(parse(text).documents[0]?.objects[0]?.maps.stringData);
    expect(map?.empty).toBe(false);
  });

  it('is no empty map where it holds nothing', () => {
    expect(scan('kind: Secret\ndata:\n  <<: {}\n').documents[0]?.objects[0]?.maps.data?.empty).toBe(false);
  });
});

describe('what Flux is to substitute in braces', () => {
  const namesOf = (metadata: string) => {
    const [object] =
      scan(`kind: Secret\nmetadata: ${metadata}\nstringData: {a: b}\n`).documents[0]?.objects ?? [];
    return [object?.namespace, object?.name, object?.entries.length];
  };

  it.each([
    ['{namespace: ${NS}, name: a}', '${NS}', 'a'],
    ['{name: a, namespace: ${NS}}', '${NS}', 'a'],
    ['{namespace: x-${NS}-y, name: ${N:-a}}', 'x-${NS}-y', '${N:-a}'],
    ['{namespace: ${NS:=${OTHER}}, name: a}', '${NS:=${OTHER}}', 'a'],
  ])('is text: %s', (metadata, namespace, name) => {
    expect(namesOf(metadata)).toEqual([namespace, name, 1]);
  });

  it('leaves alone what only begins like it', () => {
    expect(namesOf('{name: a, x: ${b, namespace: c}')[1]).toBe('a');
  });

  it('comes to an end with many that never end', () => {
    // With the square of their number it would take hours.
    const { documents } = scan(`kind: Secret\nx: [${'${a'.repeat(300_000)}`);
    expect(documents).toHaveLength(1);
  });
});

describe('where a value stands', () => {
  it.each([
    ['plain', '  a: hunter2 # c\n', 'hunter2'],
    ['single-quoted', "  a: 'it''s' # c\n", "'it''s'"],
    ['double-quoted', '  a: "x\\n" # c\n', '"x\\n"'],
    ['literal', '  a: |- # c\n    one\n    two\n\n  b: c\n', '|- # c\n    one\n    two'],
    ['kept blank lines', '  a: |+\n    one\n\n  b: c\n', '|+\n    one\n'],
    ['over several lines', '  a: one\n    two\n  b: c\n', 'one\n    two'],
    ['after a tag and an anchor', '  a: !!str &x hunter2\n', 'hunter2'],
  ])('%s', (_, entries, token) => {
    const text = `kind: Secret\nstringData:\n${entries}`;
    const span = firstEntry(text)?.span;
    expect(span && text.slice(span.start, span.end)).toBe(token);
  });

  it('is after the colon where there is none', () => {
    const text = 'kind: Secret\nstringData:\n  a:\n  b: c\n';
    expect(firstEntry(text)).toMatchObject({ span: { start: 29, end: 29 }, text: '', style: 'plain' });
  });
});
