import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/manifest/scan.ts';
import { findSealedSecrets } from '../../../src/manifest/sealed-secret.ts';
import { runs, typedManifest } from '../../support/arbitraries.ts';
import { onlySealedSecret } from '../../support/sealed-secrets.ts';

const found = (text: string) => findSealedSecrets(scan(text));
const head = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n';
const items = 'spec:\n  encryptedData:\n    a: AgAA\n    "b c": "AgBB" # two\n';
const metadata = (...annotations: readonly string[]) =>
  `metadata:\n  name: db\n  namespace: prod\n  annotations:\n${annotations.map((line) => `    ${line}\n`).join('')}`;
const scope = 'sealedsecrets.bitnami.com';

describe('a SealedSecret', () => {
  it('is found with its items where they stand', () => {
    const text = `a: b\n---\n${head}metadata:\n  name: db\n  namespace: prod\n${items}---\nkind: Secret\n`;
    const secret = onlySealedSecret(text);
    expect(secret.place).toEqual({ namespace: 'prod', name: 'db', scope: 'strict' });
    expect(secret.entries.map(({ key, text: item }) => [key, item])).toEqual([
      ['a', 'AgAA'],
      ['b c', 'AgBB'],
    ]);
    const spans = secret.entries.flatMap(({ keySpan, span }) => [keySpan, span]);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['a', 'AgAA', '"b c"', '"AgBB"']);
    expect(text.slice(secret.kindSpan?.start, secret.kindSpan?.end)).toBe('SealedSecret');
    expect(secret).toMatchObject({
      deprecated: false,
      sealedWith: undefined,
      items: { indent: 4, empty: false },
    });
  });

  it.each([
    ['strict', []],
    ['namespace-wide', [`${scope}/namespace-wide: "true"`]],
    ['cluster-wide', [`${scope}/cluster-wide: 'true'`]],
    ['cluster-wide', [`${scope}/namespace-wide: "true"`, `${scope}/cluster-wide: "true"`]],
    ['strict', [`${scope}/cluster-wide: "yes"`, `${scope}/namespace-wide: "True"`]],
    ['strict', [`${scope}/strict: "true"`]],
  ] as const)('has the scope %s by the annotations %j', (expected, annotations) => {
    expect(onlySealedSecret(head + metadata(...annotations) + items).place.scope).toBe(expected);
  });

  it('has the scope of its own metadata, not of its template', () => {
    const template = `  template:\n    metadata:\n      annotations:\n        ${scope}/cluster-wide: "true"\n`;
    expect(onlySealedSecret(head + items + template).place.scope).toBe('strict');
  });

  it('says what it was sealed with', () => {
    const text = head + metadata('purser.dev/sealed-with: SHA256:abc=') + items;
    expect(onlySealedSecret(text).sealedWith).toMatchObject({ text: 'SHA256:abc=', refusal: undefined });
  });

  it.each([
    [
      'JSON',
      '{"apiVersion":"bitnami.com/v1alpha1","kind":"SealedSecret","spec":{"encryptedData":{"a":"AgAA"}}}',
    ],
    ['a List', `kind: List\nitems:\n- kind: SealedSecret\n  spec:\n    encryptedData:\n      a: AgAA\n`],
    ['a SealedSecretList', `kind: SealedSecretList\nitems:\n- spec:\n    encryptedData:\n      a: AgAA\n`],
    [
      'a template',
      `{{- if .x }}\n${head}metadata:\n  name: {{ .y }}\nspec:\n  encryptedData:\n    a: AgAA\n{{- end }}\n`,
    ],
    ['a broken file', `${head}spec:\n  encryptedData:\n    a: AgAA\n  x: [\n`],
    ['an unfinished file', 'kind: SealedSecret\nspec:\n  encryptedData:\n    a: AgAA'],
  ])('is found in %s', (_name, text) => {
    expect(onlySealedSecret(text).entries.map(({ key, text: item }) => [key, item])).toEqual([['a', 'AgAA']]);
  });

  it.each([
    ['another kind', 'kind: Secret\nx: SealedSecret\n'],
    ['another group', 'apiVersion: example.com/v1\nkind: SealedSecret\n'],
    ['a word', 'SealedSecret'],
    ['a list', '- kind: SealedSecret'],
  ])('is not %s', (_name, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['a list or a map', 'a: [x]', 'not-scalar'],
    ['an alias', 'a: *x', 'alias'],
    ['an anchor', 'a: &x AgAA', 'alias'],
    ['a tag', 'a: !!binary AgAA', 'tagged'],
    ['two of its key', 'a: AgAA\n    a: AgBB', 'duplicate'],
    ['a second encryptedData', 'a: AgAA\n  encryptedData:\n    a: AgAA', 'duplicate'],
  ])('has items that cannot be edited where there is %s', (_name, item, why) => {
    const [entry] = onlySealedSecret(`${head}spec:\n  encryptedData:\n    ${item}\n`).entries;
    expect(entry?.refusal?.why).toBe(why);
  });

  it('has none to edit below an anchor', () => {
    for (const text of [items.replace('spec:', 'spec: &x'), items.replace('Data:', 'Data: &x')]) {
      expect(onlySealedSecret(head + text).entries.map(({ refusal }) => refusal?.why)).toEqual([
        'alias',
        'alias',
      ]);
    }
  });

  it.each([
    ['{}', true],
    ['', true],
    ['null', true],
    ['[]', undefined],
    ['text', undefined],
  ])('may have %j for its items', (value, empty) => {
    expect(onlySealedSecret(`${head}spec:\n  encryptedData: ${value}\n`)).toMatchObject({ entries: [] });
    expect(onlySealedSecret(`${head}spec:\n  encryptedData: ${value}\n`).items?.empty).toBe(empty);
  });

  it('tells the one ciphertext of the format before items', () => {
    expect(onlySealedSecret(`${head}spec:\n  data: AgAA\n`).deprecated).toBe(true);
    expect(onlySealedSecret(`${head}spec:\n  data: null\n${items.slice(6)}`).deprecated).toBe(false);
  });

  it('is looked for without end or error in whatever is typed', () => {
    fc.assert(
      fc.property(typedManifest, (text) => {
        const sealed = text
          .replaceAll('Secret', 'SealedSecret')
          .replaceAll(/\b(?:stringData|data)\b/g, 'encryptedData');
        for (const { entries, span } of found(`${sealed}\n`)) {
          for (const entry of entries) expect(entry.keySpan.start).toBeGreaterThanOrEqual(span.start);
        }
      }),
      runs(300, 5_000),
    );
  });
});
