import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readFields } from '../../../src/manifest/fields.ts';
import { scan } from '../../../src/manifest/scan.ts';

const told = (text: string) =>
  scan(text).documents.flatMap((document) =>
    readFields(text, document).map(({ name, text: value }) => `${name}=${value}`),
  );

describe('the fields of a document', () => {
  it('have their place and their value', () => {
    expect(told('users:\n- name: admin\n  user: {token: "a b", exec: {args: [x, y]}}\n')).toEqual([
      'users[0].name=admin',
      'users[0].user.token=a b',
      'users[0].user.exec.args[0]=x',
      'users[0].user.exec.args[1]=y',
    ]);
  });

  it('count the positions of a sequence past collections, aliases and nothing', () => {
    expect(told('a: &x 1\nlist:\n- {b: 2}\n- *x\n-\n- [3]\n- 4\n')).toEqual([
      'a=1',
      'list[0].b=2',
      'list[3][0]=3',
      'list[4]=4',
    ]);
  });

  it('read block scalars', () => {
    expect(told('data:\n  app.conf: |\n    one\n\n    two\n  other: >-\n    a\n    b\n')).toEqual([
      'data.app.conf=one\n\ntwo\n',
      'data.other=a b',
    ]);
  });

  it('are seen in templates and in files that break off', () => {
    expect(told('{{- if .x }}\nusers:\n  - user:\n      token: {{ .t }}\n{{- end }}\n  bad: [')).toContain(
      'users[0].user.token={{ .t }}',
    );
  });

  it('stand at their own document', () => {
    const text = '--- # first\na: 1\n---\nb: 2\n';
    const [, second] = scan(text).documents;
    const [field] = second === undefined ? [] : readFields(text, second);
    expect(text.slice(field?.span.start, field?.span.end)).toBe('2');
  });

  it('end where no object of Kubernetes goes', () => {
    expect(told(`${'['.repeat(5000)}x`)).toEqual([]);
  });

  it('are what a parser reads', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.stringMatching(/^[a-z0-9]{1,8}$/),
        fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
        fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1 }), (object) => {
        const text = JSON.stringify(object, undefined, 2);
        const [document] = parseAllDocuments(text);
        expect(told(text)).toEqual(leaves(document?.toJS()));
      }),
    );
  });
});

function leaves(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${name}[${index}]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      leaves(inner, name === '' ? key : `${name}.${key}`),
    );
  return [`${name}=${String(value)}`];
}
