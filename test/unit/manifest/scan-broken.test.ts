import { describe, expect, it } from 'vitest';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';

/** `key = value` of every Secret's entry. */
function found(text: string): string[] {
  return locatedEntries(scan(text)).map(({ entry }) => `${entry.key} = ${entry.text}`);
}

const problems = (text: string) =>
  scan(text).documents.flatMap((document) => document.problems.map(({ message }) => message));

const secret = 'apiVersion: v1\nkind: Secret\n';

describe('a file that does not parse is read on', () => {
  it.each([
    [
      'past the marks of a merge conflict',
      `${secret}stringData:\n  a: one\n<<<<<<< ours\n  b: two\n||||||| base\n  b: three\n=======\n  b: four\n>>>>>>> theirs\n  c: five\n`,
      ['a = one', 'b = two', 'b = three', 'b = four', 'c = five'],
    ],
    [
      'past a conflict inside of a block scalar',
      `${secret}stringData:\n  a: |\n    x=1\n<<<<<<< ours\n    password: two\n=======\n    password: three\n>>>>>>> theirs\n  c: five\n`,
      ['a = x=1\n', 'password = two', 'password = three', 'c = five'],
    ],
    [
      'past a conflict in JSON',
      '{"kind": "Secret", "stringData": {\n<<<<<<< ours\n"a": "one"\n=======\n"a": "two"\n>>>>>>> theirs\n}}',
      ['a = one', 'a = two'],
    ],
    [
      'where an entry is indented deeper than its neighbours',
      `${secret}stringData:\n  a: x\n    b: y\n    c: z\n  d: w\n`,
      ['a = x', 'b = y', 'c = z', 'd = w'],
    ],
    [
      'where an entry below a template is indented deeper',
      `${secret}stringData:\n  a: {{ .Values.a }}\n    b: y\n  d: w\n`,
      ['a = {{ .Values.a }}', 'b = y', 'd = w'],
    ],
    [
      'where an entry is indented less than its neighbours',
      `${secret}stringData:\n    a: x\n  b: y\n    c: z\n`,
      ['a = x', 'b = y', 'c = z'],
    ],
    [
      'where the fields of a Secret are indented deeper',
      `${secret}type: Opaque\n  stringData:\n    a: x\n`,
      ['a = x'],
    ],
    [
      'where entries stand below an action on the line of their map',
      `${secret}stringData: {{- with .Values.x }}\n  a: x\n  {{- end }}\n`,
      ['a = x'],
    ],
    ['where a key lost its colon', `${secret}metadata\n  name: x\nstringData:\n  a: y\n`, ['a = y']],
    ['where the map of entries lost its colon', `${secret}stringData\n  a: y\n`, ['a = y']],
    [
      'where a key has no space after its colon',
      `${secret}stringData:\n  a: x\n  b:y\n  c: z\n`,
      ['a = x', 'b = y', 'c = z'],
    ],
    ['below a mapping that is not closed', `${secret}metadata: {name: x\nstringData:\n  a: y\n`, ['a = y']],
    ['below a list that is not closed', `${secret}x: [a,\n  b\nstringData:\n  a: y\n`, ['a = y']],
    [
      'below a quote that is not closed in a mapping',
      `${secret}metadata: {name: "x\nstringData:\n  a: y\n`,
      ['a = y'],
    ],
    [
      'below an action that is not closed',
      `${secret}metadata:\n  name: {{ .Release.Name }\nstringData:\n  a: y\n`,
      ['a = y'],
    ],
    [
      'below an action on its own line that is not closed',
      `${secret}stringData:\n  {{- if .Values.x }\n  a: y\n  {{- end }}\n  b: z\n`,
      ['a = y', 'b = z'],
    ],
    [
      'past lines of another template language',
      `${secret}stringData:\n%{ for k in keys ~}\n  a: x\n%{ endfor ~}\n  b: y\n<% end %>\n  c: z\n`,
      ['a = x', 'b = y', 'c = z'],
    ],
    [
      'past lines of a template language that look like keys',
      `${secret}stringData:\n% for k in keys:\n  a: x\n% endfor\n{# b: y #}\n  c: z\n`,
      ['a = x', 'c = z'],
    ],
    [
      'where the actions in a quoted value have quotes of their own',
      `${secret}stringData:\n  a: "{{ x | default "y" }}" # z\n  b: '{{ index . 'y' }}-w'\n  c: "{{ x }}"\n`,
      ['a = {{ x | default "y" }}', "b = {{ index . 'y' }}-w", 'c = {{ x }}'],
    ],
    [
      'where the actions in a value of JSON have quotes of their own',
      '{"kind": "Secret", "stringData": {\n"a": "{{ x | default "y" }}",\n"b": "z"}}',
      ['a = {{ x | default "y" }}', 'b = z'],
    ],
    [
      'in the context of a diff',
      ` apiVersion: v1\n kind: Secret\n stringData:\n   a: x\n-  b: y\n+  b: z\n`,
      ['a = x', 'b = y', 'b = z'],
    ],
    [
      'past the comments of JSON',
      '{\n  // a: "b"\n  "kind": "Secret", // c\n  /* d,\n  e */ "stringData": {\n    "a": "http://x", /* { */\n    "b": "y",\n  }\n}',
      ['a = http://x', 'b = y'],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('and a comment with actions in it is a comment to its end', () => {
    expect(
      found(`{{/*\n{{ include "x" . }}\nstringData:\n  a: no\n*/}}\n${secret}stringData:\n  a: y\n`),
    ).toEqual(['a = y']);
  });

  it('and tells which bracket is never closed', () => {
    expect(problems(`${secret}metadata: {name: x\nstringData:\n  a: y\n`)).toEqual([
      'this bracket is never closed',
    ]);
  });

  it('but a bracket may be closed at the margin', () => {
    expect(found(`${secret}stringData: {\n  a: y\n}\ntype: Opaque\n`)).toEqual(['a = y']);
    expect(problems(`${secret}stringData: {\n  a: y\n}\ntype: Opaque\n`)).toEqual([]);
  });
});
