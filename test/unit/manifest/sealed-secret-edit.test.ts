import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  removeItem,
  replaceItems,
  requireEditableItems,
  setItem,
} from '../../../src/manifest/sealed-secret-edit.ts';
import { runs } from '../../support/arbitraries.ts';
import { edited, onlySealedSecret } from '../../support/sealed-secrets.ts';

const head = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: db\n';
const item = 'Ag+/==';
const sealedWith = 'SHA256:new=';
const set = (text: string, key: string, value = item) =>
  edited(text, setItem(text, onlySealedSecret(text), key, value, sealedWith));
const remove = (text: string, key: string) => edited(text, removeItem(text, onlySealedSecret(text), key));
const notEditable = (reason: string) =>
  expect.objectContaining({ code: 'document.not-editable', details: { reason } });

describe('an item that is set', () => {
  it.each([
    ['    a: AgAA # one\n', '    a: Ag+/== # one\n'],
    ['    "a": "AgAA"\n', '    "a": "Ag+/=="\n'],
    ["    a: 'AgAA'\r\n", "    a: 'Ag+/=='\r\n"],
    ['    a:\n', '    a: Ag+/==\n'],
    ['    a: >-\n      Ag\n      AA\n    b: AgBB\n', '    a: Ag+/==\n    b: AgBB\n'],
  ])('takes the place of %j', (before, after) => {
    const text = (items: string) => `${head}spec:\n  encryptedData:\n${items}  template: {}\n`;
    expect(set(text(before), 'a')).toBe(text(after));
  });

  it.each([
    [
      'at the end',
      'spec:\n  encryptedData:\n    a: AgAA # one\n  template: {}\n',
      'spec:\n  encryptedData:\n    a: AgAA # one\n    new: Ag+/==\n  template: {}\n',
    ],
    [
      'as the first',
      'spec:\n  encryptedData: {} # none\n',
      'spec:\n  encryptedData: {"new": "Ag+/=="} # none\n',
    ],
    [
      'where nothing stands',
      'spec:\n    encryptedData: # none\n',
      'spec:\n    encryptedData: # none\n        new: Ag+/==\n',
    ],
    [
      'in flow style',
      'spec: {encryptedData: {a: AgAA}}\n',
      'spec: {encryptedData: {a: AgAA, "new": "Ag+/=="}}\n',
    ],
  ])('is added %s', (_name, before, after) => {
    expect(set(head + before, 'new')).toBe(head + after);
  });

  it('is added to JSON in its style', () => {
    const text = (items: object) =>
      JSON.stringify({ kind: 'SealedSecret', spec: { encryptedData: items } }, undefined, 2);
    expect(set(text({ a: 'AgAA' }), 'b')).toBe(text({ a: 'AgAA', b: item }));
  });

  it('may stand in a template, which does not parse', () => {
    const text = `${head.replace('db', '{{ .x }}')}spec:\n  encryptedData:\n    a: AgAA\n    {{- if .y }}\n    b: AgBB\n    {{- end }}\n`;
    expect(set(text, 'a')).toBe(text.replace('AgAA', item));
  });

  it('changes no byte of the others', () => {
    const key = fc.stringMatching(/^[a-z.-]{1,6}$/).filter((name) => !/^-|^\.+$|-$/.test(name));
    const blob = fc.base64String({ minLength: 4 }).map((text) => `Ag${text}`);
    const style = fc.constantFrom<(text: string) => string>(
      (t) => t,
      (t) => `"${t}"`,
      (t) => `'${t}'`,
      (t) => `${t} # c`,
      (t) => `|\n      ${t}`,
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, blob, style), {
          selector: ([name]) => name,
          minLength: 1,
          maxLength: 5,
        }),
        fc.nat(),
        blob,
        (items, which, value) => {
          const [name = ''] = items[which % items.length] ?? [];
          const written = (without?: string) =>
            items
              .filter(([one]) => one !== without)
              .map(([one, blobOf, write]) => `    ${one}: ${write(blobOf)}\n`)
              .join('');
          const text = `${head}spec:\n  encryptedData:\n${written()}`;
          const { entries } = onlySealedSecret(set(text, name, value));
          expect(entries.map((entry) => [entry.key, entry.text.trim()])).toEqual(
            items.map(([one, old]) => [one, one === name ? value : old]),
          );
          if (items.length > 1)
            expect(remove(text, name)).toBe(`${head}spec:\n  encryptedData:\n${written(name)}`);
          expect(remove(set(text, 'added', value), 'added')).toBe(text);
        },
      ),
      runs(150, 2_000),
    );
  });

  it('is refused where it is not clear what would change', () => {
    const text = (items: string) => `${head}spec:\n  encryptedData:\n${items}`;
    expect(() => set(text('    a: &x AgAA\n'), 'a')).toThrow(
      notEditable('an anchor or an alias shares this item'),
    );
    expect(() => set(text('    a: AgAA\n    a: AgBB\n'), 'a')).toThrow(notEditable('a key stands twice'));
    expect(() => set(text('    a: AgAA\n    a: AgBB\n'), 'b')).toThrow(notEditable('a key stands twice'));
    expect(() => set(text('    a: !x AgAA\n'), 'a')).toThrow(notEditable('an item has a tag'));
    expect(() => set(text('    a: [x]\n'), 'a')).toThrow(notEditable('an item is a list or a mapping'));
    expect(() => set(`${head}spec: {}\n`, 'a')).toThrow(
      notEditable('it has no encryptedData that an item could be added to'),
    );
  });
});

describe('an item that is removed', () => {
  it.each([
    ['the first', 'a: AgAA\n    # two\n    b: AgBB\n', '# two\n    b: AgBB\n'],
    ['the last of the file', 'b: AgBB\n    a: AgAA', 'b: AgBB\n'],
    ['one of several lines', 'a: >-\n      Ag\n      AA\n    b: AgBB\n', 'b: AgBB\n'],
  ])('goes with its lines: %s', (_name, before, after) => {
    const start = `${head}spec:\n  encryptedData:\n    `;
    expect(remove(start + before, 'a')).toBe(start + after);
  });

  it('leaves an empty map behind where it was the only one', () => {
    const text = `${head}spec:\n  encryptedData: # c\n    a: AgAA # gone\n  template: {}\n`;
    expect(remove(text, 'a')).toBe(`${head}spec:\n  encryptedData: {} # c\n  template: {}\n`);
  });

  it.each([
    ['{"a":"AgAA"}', '{}'],
    ['{"a":"AgAA","b":"AgBB"}', '{"b":"AgBB"}'],
    ['{"b":"AgBB", "a":"AgAA"}', '{"b":"AgBB"}'],
  ])('goes from %s with its comma', (before, after) => {
    const text = (items: string) => `{"kind":"SealedSecret","spec":{"encryptedData":${items}}}`;
    expect(remove(text(before), 'a')).toBe(text(after));
  });

  it('must be there, and be its own', () => {
    const text = `${head}spec:\n  encryptedData:\n    ? a\n    : AgAA\n    b: AgBB\n`;
    expect(() => remove(text, 'c')).toThrow(expect.objectContaining({ code: 'entry.not-found' }));
    expect(() => remove(text, 'a')).toThrow(notEditable('its keys and values are not on lines of their own'));
  });
});

describe('items that are all written anew', () => {
  const text = `${head}  annotations:\n    purser.dev/sealed-with: SHA256:old=\nspec:\n  encryptedData:\n    a: AgAA # a\n    b: "AgBB"\n`;

  it('bring the fingerprint of their certificate with them', () => {
    const items = new Map([
      ['a', 'AgCC'],
      ['b', 'AgDD'],
    ]);
    const anew = edited(text, replaceItems(text, onlySealedSecret(text), items, 'SHA256:new='));
    expect(anew).toBe(text.replace('AgAA', 'AgCC').replace('AgBB', 'AgDD').replace('old', 'new'));
  });

  it('are refused if one of them cannot be', () => {
    const doubtful = text.replace('AgAA', '*x');
    expect(() => requireEditableItems(doubtful, onlySealedSecret(doubtful))).toThrow(
      notEditable('an anchor or an alias shares this item'),
    );
    expect(() => requireEditableItems(text, onlySealedSecret(text))).not.toThrow();
  });
});
