import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/manifest/scan.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../../src/schemes/sealed-secrets/scheme.ts';
import { sopsScheme } from '../../../src/schemes/sops/scheme.ts';

const registry = new SchemeRegistry([], [sopsScheme, sealedSecretsScheme]);
const find = (text: string) => registry.findDocuments(scan(text));
const token =
  'ENC[AES256_GCM,data:YWJj,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]';
const block = (more = '') =>
  `sops:\n  age:\n    - recipient: age1one\n      enc: x\n  pgp:\n    - fp: ABCD\n      enc: x\n  lastmodified: "2026-01-02T03:04:05Z"\n  mac: ${token}\n${more}`;

describe('a file of SOPS', () => {
  it('is one document with its values, its recipients and its time', () => {
    const text = `a: ${token}\nlist:\n  - ${token}\n  - b:\n      c: "${token}"\nclear: x\n${block()}`;
    const { documents, malformed } = find(text);
    expect(malformed).toEqual([]);
    expect(documents).toMatchObject([
      {
        scheme: 'sops',
        span: { start: 0, end: text.length },
        recipients: [
          { kind: 'PGP', name: 'ABCD' },
          { kind: 'age', name: 'age1one' },
        ],
        lastModified: '2026-01-02T03:04:05Z',
        notes: [],
      },
    ]);
    expect(documents[0]?.items.map(({ name }) => name)).toEqual(['a', 'list[0]', 'list[1].b.c']);
    expect(documents[0]?.items.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      token,
      token,
      `"${token}"`,
    ]);
  });

  it('may hold several documents, Lists among them, and knows whose each value is', () => {
    const secret = (name: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: db}\ndata:\n  key: ${token}\n`;
    const text = `${secret('a')}${block()}---\n${secret('b')}${block()}`;
    const [document] = find(text).documents;
    expect(document?.objects.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(document?.items.map(({ name, object }) => [object.namespace, object.name, name])).toEqual([
      ['db', 'a', 'data.key'],
      ['db', 'b', 'data.key'],
    ]);
  });

  it('is found at every keystroke, however many objects its List has', () => {
    const items = `- kind: Secret\n  data: {key: "${token}"}\n`.repeat(20_000);
    const { documents } = scan(`kind: List\nitems:\n${items}${block()}`);
    const start = process.cpuUsage();
    sopsScheme.find({ text: `kind: List\nitems:\n${items}${block()}`, documents });
    expect(process.cpuUsage(start).user).toBeLessThan(1_500_000);
  });

  it('is read in JSON as well', () => {
    const text = JSON.stringify({
      a: { b: token },
      sops: { age: [{ recipient: 'age1one', enc: 'x' }], lastmodified: 't', mac: token },
    });
    expect(find(text).documents).toMatchObject([
      { items: [{ name: 'a.b', key: 'b' }], recipients: [{ name: 'age1one' }] },
    ]);
  });

  it('says how many key groups open it', () => {
    const groups =
      '  key_groups:\n    - age:\n        - recipient: age1one\n          enc: x\n    - age:\n        - recipient: age1two\n          enc: x\n  shamir_threshold: 1\n';
    const text = `a: ${token}\nsops:\n${groups}  lastmodified: x\n  mac: ${token}\n`;
    expect(find(text).documents).toMatchObject([
      { recipients: [{ name: 'age1one' }, { name: 'age1two' }], notes: ['1 of 2 key groups open it'] },
    ]);
  });

  it('is damaged where a value is cut short, or where nothing says how to open it', () => {
    expect(find(`a: ${token.slice(0, 60)}\n${block()}`).malformed).toMatchObject([{ item: 'a' }]);
    expect(find(`a: ${token}\nb: ${token}\n`)).toMatchObject({
      documents: [],
      malformed: [{ scheme: 'sops', item: 'a' }],
    });
  });

  it('is not any file that has a key called sops', () => {
    expect(find('sops:\n  enabled: true\n').documents).toEqual([]);
  });
});

describe('a SealedSecret', () => {
  const item = 'AgA';
  const sealed = (more = '') =>
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: main\n  namespace: db\n${more}spec:\n  encryptedData:\n    password: ${item}\n`;

  it('is a document of its own, with the names that its values will have', () => {
    const text = `a: 1\n---\n${sealed()}---\n${sealed('  annotations:\n    purser.dev/sealed-with: SHA256:abc\n    sealedsecrets.bitnami.com/namespace-wide: "true"\n')}`;
    const { documents } = find(text);
    expect(documents.map(({ notes, recipients }) => [notes, recipients])).toEqual([
      [['strict scope'], []],
      [['namespace-wide scope'], [{ kind: 'certificate', name: 'SHA256:abc' }]],
    ]);
    expect(documents[0]?.items).toMatchObject([
      {
        name: 'encryptedData.password',
        otherNames: ['data.password', 'stringData.password'],
        key: 'password',
      },
    ]);
  });

  it('is damaged where a value is no item', () => {
    expect(find(sealed()).malformed).toMatchObject([
      { scheme: 'sealed-secrets', item: 'encryptedData.password' },
    ]);
  });
});

it('finds in any text, and only what stands in it', () => {
  const piece = fc.constantFrom(
    'sops:',
    ' mac: ',
    token,
    'kind: SealedSecret',
    '  encryptedData:',
    '\n',
    '---\n',
    '- ',
    '{',
    '}',
    '{{ x }}',
    '"',
    'a: ',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { scheme, span, items } of find(text).documents) {
        expect(span.end).toBeLessThanOrEqual(text.length);
        if (scheme !== 'sops') continue;
        for (const { span: own } of items) expect(text.slice(own.start, own.end)).toContain('ENC[');
      }
    }),
    { numRuns: 300 },
  );
});

it('reads a mapping that is nested without end in no time', () => {
  const start = process.cpuUsage();
  const text = `${'a: {'.repeat(5000)}x: ${token}\nsops: ${'{b: '.repeat(5000)}`;
  find(text);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
});
