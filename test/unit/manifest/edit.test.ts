import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { applyEdits } from '../../../src/core/span.ts';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { addEntry, eolOf, replaceValue } from '../../../src/manifest/edit.ts';
import type { Entry, KubeObject } from '../../../src/manifest/manifest.ts';
import { parse } from '../../../src/manifest/parse.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { writeScalar } from '../../../src/manifest/write-scalar.ts';
import { manifestText, runs, valueText } from '../../support/arbitraries.ts';

/** Entries that the app would let someone edit: not refused, in a document both readers see alike. */
function editable(text: string): readonly Entry[] {
  const parsed = locatedEntries(parse(text));
  const clean = parse(text).documents.every(({ problems }) => problems.length === 0);
  return clean && parsed.length > 0
    ? locatedEntries(scan(text))
        .map(({ entry }) => entry)
        .filter(({ refusal }) => refusal === undefined)
    : [];
}

/** yaml itself takes `{{ .k }}: b` for a key after a block scalar and not after a word. */
const withoutTemplateKeys = manifestText.filter((text) => !text.includes('{{ .k }}'));
const textsOf = (text: string) => locatedEntries(scan(text)).map(({ entry }) => entry.text);

describe('replaceValue', () => {
  it('writes any value so that both readers give exactly it back, and no other byte changes', () => {
    let replaced = 0;
    fc.assert(
      fc.property(withoutTemplateKeys, valueText, fc.nat(), (text, value, which) => {
        const entries = editable(text);
        const entry = entries[which % Math.max(1, entries.length)];
        if (entry === undefined) return;
        replaced++;
        const edits = replaceValue(text, entry, value);
        const after = applyEdits(text, edits);
        const at = locatedEntries(scan(text)).findIndex(
          (located) => located.entry.keySpan.start === entry.keySpan.start,
        );
        expect(textsOf(after)).toEqual(textsOf(text).with(at, value));
        expect(locatedEntries(parse(after)).map((located) => located.entry.text)).toEqual(textsOf(after));
        for (const { span } of edits) expect(span.start >= entry.keySpan.end).toBe(true);
        expect(outside(text, edits)).toEqual(outside(after, moved(edits)));
      }),
      runs(500),
    );
    expect(replaced).toBeGreaterThan(150);
  });

  it.each([
    ['plain', '  a: old # c\n', 'new', '  a: new # c\n'],
    ['single quotes', "  a: 'old' # c\n", "it's", "  a: 'it''s' # c\n"],
    ['double quotes', '  a: "old" # c\n', 'new', '  a: "new" # c\n'],
    ['an anchor and a tag', '  a: !!str &x old # c\n', 'new', '  a: !!str &x new # c\n'],
    ['nothing', '  a: # c\n', 'new', '  a: new # c\n'],
    ['nothing, without a blank', '  a:\n  b: c\n', 'new', '  a: new\n  b: c\n'],
    ['a block scalar by one line', '  a: | # c\n    x\n    y\n  b: c\n', 'new', '  a: new # c\n  b: c\n'],
    ['one line by several', '  a: "old" # c\n  b: c\n', 'x\n\ny\n', '  a: | # c\n    x\n\n    y\n  b: c\n'],
    ['several lines that end without a newline', '  a: old\n', 'x\ny', '  a: |-\n    x\n    y\n'],
    ['several plain lines', '  a: one\n    two # c\n', 'new', '  a: new # c\n'],
  ])('keeps what stood around %s', (_, before, value, after) => {
    const text = `kind: Secret\nstringData:\n${before}`;
    const [located] = locatedEntries(scan(text));
    expect(applyEdits(text, replaceValue(text, located?.entry as Entry, value))).toBe(
      `kind: Secret\nstringData:\n${after}`,
    );
  });

  it('writes the line ends of the file', () => {
    const text = 'kind: Secret\r\nstringData:\r\n  a: old\r\n';
    const [located] = locatedEntries(scan(text));
    expect(applyEdits(text, replaceValue(text, located?.entry as Entry, 'x\ny\n'))).toBe(
      'kind: Secret\r\nstringData:\r\n  a: |\r\n    x\r\n    y\r\n',
    );
    expect(eolOf('a\nb\r\n')).toBe('\n');
  });
});

function outside(
  text: string,
  edits: readonly { readonly span: { readonly start: number; readonly end: number } }[],
): string[] {
  let at = 0;
  const parts = edits.map(({ span }) => {
    const part = text.slice(at, span.start);
    at = span.end;
    return part;
  });
  return [...parts, text.slice(at)];
}

/** Where edits stand in the text they made. */
function moved(edits: ReturnType<typeof replaceValue>) {
  let by = 0;
  return edits.map(({ span, text }) => {
    const start = span.start + by;
    by += text.length - (span.end - span.start);
    return { span: { start, end: start + text.length } };
  });
}

describe('writeScalar', () => {
  const site = { flow: false, indent: 2, eol: '\n' } as const;
  const words = [
    'yes',
    'Yes',
    'NO',
    'on',
    'off',
    'y',
    'N',
    'true',
    'False',
    'null',
    '~',
    '',
    '0777',
    '0o17',
    '0x1F',
    '0b1',
    '12',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '1_000',
    '.5',
    '.inf',
    '-.Inf',
    '.nan',
    '190:20:30',
    '2001-12-14',
    '2001-12-14t21:59:43.10-05:00',
    '=',
    '<<',
    '!',
    '&a',
    '*a',
    '?',
    '- a',
    ': a',
    'a: b',
    'a #b',
    '#a',
    '@a',
    '`a',
    '%a',
    '[a]',
    '{a}',
    '{{ a }}',
    '|',
    '>',
    "'",
    '"',
    'a\tb',
    ' a',
    'a ',
    'a:',
    '---',
    '...',
    '-',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\0',
  ];
  const readers = ['1.1', '1.2'] as const;

  it.each(words)('keeps %j a string for YAML 1.1 and 1.2', (value) => {
    for (const style of ['plain', 'single', 'double', 'literal', 'folded', 'none'] as const)
      for (const flow of [false, true]) {
        const { token, body } = writeScalar(value, { ...site, style, flow });
        const text = flow ? `{a: ${token}${body}}` : `  a: ${token}${body}\n  b: c\n`;
        for (const version of readers) {
          const [document] = parseAllDocuments(text, { version });
          expect(
            document !== undefined && 'toJS' in document ? document.toJS().a : undefined,
            `${style} ${version}`,
          ).toBe(value);
        }
      }
  });

  it('writes ciphertext without quotes where none stood', () => {
    for (const token of [
      'gAAAAABh-_=',
      'k8s:enc:secretbox:v1:dev:AAAA+/==',
      'eyJhbGciOiJSU0EifQ..a.b-_.c',
      'Zm9v',
    ])
      expect(writeScalar(token, { ...site, style: 'plain' })).toEqual({ token, body: '' });
  });
});

function isOdd({ entries }: KubeObject, map: string): boolean {
  return entries.some((entry) => entry.map === map && entry.style === 'none');
}

describe('addEntry', () => {
  it('adds an entry at the end of its map that both readers find, and changes nothing else', () => {
    let added = 0;
    fc.assert(
      fc.property(
        withoutTemplateKeys,
        valueText,
        fc.constantFrom('data', 'stringData'),
        (text, value, map) => {
          const { documents } = parse(text);
          const object = documents.flatMap(({ objects }) => objects).find(({ kind }) => kind === 'Secret');
          if (
            object === undefined ||
            documents.some(({ problems }) => problems.length > 0) ||
            editable(text).length === 0
          )
            return;
          const edit = addEntry(text, object, map, 'added-here', value);
          const after = applyEdits(text, [edit]);
          const found = locatedEntries(scan(after));
          const newcomer = found.find(({ entry }) => entry.key === 'added-here');
          // Where an object holds what is no map, nothing can be added: the app sees that and refuses.
          if (newcomer === undefined || newcomer.entry.refusal !== undefined || isOdd(object, map)) return;
          added++;
          expect(newcomer.entry).toMatchObject({ map, text: value });
          expect(locatedEntries(parse(after))).toEqual(found);
          expect(text.startsWith(after.slice(0, edit.span.start))).toBe(true);
        },
      ),
      runs(400),
    );
    expect(added).toBeGreaterThan(60);
  });
});
