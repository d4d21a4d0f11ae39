import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { type SealingOptions, secretToSeal } from '../../../src/manifest/seal-secret.ts';
import { secretToUnseal } from '../../../src/manifest/unseal-secret.ts';
import { edited, startOfKind } from '../../support/sealed-secrets.ts';

const options: SealingOptions = {
  namespace: undefined,
  scope: undefined,
  sealedWith: undefined,
  allowEmpty: false,
};

/** The text with its Secret sealed, each item being its key and the value. */
function sealed(text: string, given: Partial<SealingOptions> = {}, at = startOfKind(text, 'Secret')): string {
  const secret = secretToSeal(text, at, { ...options, ...given });
  const items = [...secret.values].map(
    ([key, plaintext]) => [key, `Ag-${key}-${plaintext.exposeText()?.trimEnd() ?? ''}`] as const,
  );
  return edited(text, secret.sealed(new Map(items)));
}

function failureOf(text: string, given: Partial<SealingOptions> = {}): Failure {
  try {
    sealed(text, given);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was sealed');
}

const small = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: prod\n';
const values = 'stringData:\n  a: x\n';

describe('a Secret that becomes a SealedSecret', () => {
  it('keeps comments, order, indentation and the documents around it', () => {
    const text = `# head
kind: ConfigMap
---
# above
kind: Secret # the kind
apiVersion: v1
metadata: # who
    name: 'db' # its name
    # where
    namespace: prod
    labels: {app: x}
# of which type
type: Opaque
# values
stringData:
    # first
    a: x # beside

    "b c": 'y'
# foot
---
kind: Service
`;
    expect(sealed(text)).toBe(`# head
kind: ConfigMap
---
# above
kind: SealedSecret # the kind
apiVersion: bitnami.com/v1alpha1
metadata: # who
    name: 'db' # its name
    # where
    namespace: prod
spec:
    # values
    encryptedData:
        # first
        a: Ag-a-x # beside

        "b c": "Ag-b c-y"
    template:
        metadata:
            name: db
            namespace: prod
            labels: {app: x}
        # of which type
        type: Opaque
# foot
---
kind: Service
`);
  });

  it('takes what stringData has where both maps have a key, and block scalars whole', () => {
    const text = `${small}data: # decoded
  a: eA==
  b: eQ== # goes
stringData:
  # wins
  b: | # over lines
    ff
immutable: true
`;
    expect(sealed(text)).toBe(`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: prod
spec:
  encryptedData: # decoded
    a: Ag-a-x
    # wins
    b: Ag-b-ff # over lines
  template:
    metadata:
      name: db
      namespace: prod
    immutable: true
`);
  });

  it('leaves out what the API server wrote, and every copy of the values', () => {
    const text = `${small}  uid: "1"
  creationTimestamp: null
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"stringData":{"a":"canary"}}
  finalizers:
  - x
${values}`;
    const written = sealed(text);
    expect(written).not.toMatch(/canary|uid|creationTimestamp|annotations/);
    expect(written).toContain('      finalizers:\n      - x\n');
  });

  it.each([
    ['strict', undefined],
    ['namespace-wide', 'sealedsecrets.bitnami.com/namespace-wide'],
    ['cluster-wide', 'sealedsecrets.bitnami.com/cluster-wide'],
  ] as const)('states the scope %s in both places', (scope, annotation) => {
    const both = '  annotations:\n    sealedsecrets.bitnami.com/cluster-wide: "true" # as it was\n    a: b\n';
    const written = sealed(small + both + values, { scope });
    const lines = written.split('\n').filter((line) => line.includes('-wide'));
    expect(lines.map((line) => line.trim().split(':')[0])).toEqual(
      annotation === undefined ? [] : [annotation, annotation],
    );
    expect(written).toContain('        a: b\n');
  });

  it('says what it was sealed with, on itself alone', () => {
    const written = sealed(small + values, { sealedWith: 'SHA256:abc=' });
    expect(written).toContain('  annotations:\n    purser.dev/sealed-with: SHA256:abc=\nspec:');
    expect(written.match(/sealed-with/g)).toHaveLength(1);
  });

  it('is written in the style of JSON where it is JSON', () => {
    const text =
      '[]\n---\n{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"p"},"data":{"a":"eA=="}}\n';
    expect(sealed(text)).toBe(
      '[]\n---\n{"kind":"SealedSecret","apiVersion":"bitnami.com/v1alpha1","metadata":{"name":"db","namespace":"p"},"spec":{"encryptedData":{"a":"Ag-a-x"},"template":{"metadata":{"name":"db","namespace":"p"}}}}\n',
    );
  });

  it('may be an item of a List, and end with CRLF', () => {
    const text = `kind: List\r\nitems:\r\n- kind: Service\r\n- kind: Secret\r\n  metadata: \r\n    name: a\r\n    namespace: b\r\n  stringData:\r\n    k: v\r\n- kind: Service\r\n`;
    expect(sealed(text)).toBe(
      'kind: List\r\nitems:\r\n- kind: Service\r\n- apiVersion: bitnami.com/v1alpha1\r\n  kind: SealedSecret\r\n  metadata:\r\n    name: a\r\n    namespace: b\r\n  spec:\r\n    encryptedData:\r\n      k: Ag-k-v\r\n    template:\r\n      metadata:\r\n        name: a\r\n        namespace: b\r\n- kind: Service\r\n',
    );
  });

  it('needs a namespace unless it is sealed for the whole cluster', () => {
    const text = small.replace('  namespace: prod\n', '') + values;
    expect(failureOf(text)).toMatchObject({ code: 'sealing.unplaced', details: { missing: 'namespace' } });
    expect(sealed(text, { scope: 'cluster-wide', namespace: 'x' })).not.toContain('namespace:');
    expect(sealed(text, { namespace: 'stage' }).match(/^ +namespace: stage$/gm)).toHaveLength(2);
    expect(failureOf(small.replace('name: db', 'generateName: db') + values)).toMatchObject({
      code: 'sealing.unplaced',
      details: { missing: 'name' },
    });
  });

  it.each([
    ['flow style', `${small}stringData: {a: x}\n`, 'it is partly in flow style', 6],
    [
      'flow style for all of it',
      '{kind: Secret, metadata: {name: a, namespace: b}, data: {a: eA==}}',
      'it is in flow style and not JSON',
      1,
    ],
    ['an anchor', `${small}stringData:\n  a: &x y\n`, 'it holds an anchor', 7],
    ['an alias', `${small}stringData:\n  b: *x\n`, 'it holds an alias', 7],
    ['a tag', `${small}stringData:\n  a: !!str x\n`, 'it holds a tag', 7],
    ['a merged map', `${small}stringData:\n  <<: {a: b}\n`, 'it merges another map in', 7],
    ['a key that stands twice', `${small}stringData:\n  a: x\n  a: y\n`, 'a key stands twice', 8],
    [
      'a key with a question mark',
      `${small}stringData:\n  ? a\n  : x\n`,
      'its keys and values are not on lines of their own',
      7,
    ],
    [
      'a comment between key and value',
      `${small}stringData:\n  a:\n    # c\n    x\n`,
      'a comment or a tag stands between a key and its value',
      7,
    ],
    [
      'a field of no Secret',
      `${small}Data:\n  a: x\n${values}`,
      'it has a field that a SealedSecret cannot take over',
      6,
    ],
    ['SOPS', `${small}${values}sops:\n  mac: x\n`, 'it has a field that a SealedSecret cannot take over', 8],
  ])('is refused with %s', (_name, text, reason, line) => {
    expect(failureOf(text)).toMatchObject({
      code: 'document.not-editable',
      details: { reason },
      place: { line },
    });
  });

  it.each([
    ['does not parse', `${small}stringData:\n  a: [\n`, 'manifest.unparsable', {}],
    [
      'is a template',
      `${small}stringData:\n  {{- if .x }}\n  a: x\n  {{- end }}\n`,
      'manifest.unparsable',
      {},
    ],
    ['has no values', `${small}data: {}\n`, 'sealing.empty', {}],
    ['has data that is no base64', `${small}data:\n  a: hunter2!\n`, 'entry.not-base64', { entry: 'data.a' }],
    [
      'has a list for a value',
      `${small}stringData:\n  a:\n  - x\n`,
      'entry.not-scalar',
      { entry: 'stringData.a' },
    ],
  ])('is refused where it %s', (_name, text, code, place) => {
    expect(failureOf(text)).toMatchObject({ code, place });
    expect(JSON.stringify(failureOf(text).details)).not.toContain('hunter2');
  });

  it('is refused where it is none any more', () => {
    expect(() => sealed(`${small}${values}`, {}, 3)).toThrow(
      expect.objectContaining({ code: 'document.changed' }),
    );
    const text = `${small.replace('Secret', 'ConfigMap')}${values}`;
    expect(() => sealed(text, {}, 0)).toThrow(expect.objectContaining({ code: 'document.changed' }));
  });
});

describe('a SealedSecret that becomes a Secret', () => {
  const opened = (text: string) => {
    const secret = secretToUnseal(text, startOfKind(text, 'SealedSecret'));
    return edited(
      text,
      secret.opened(new Map([...secret.items].map(([key, item]) => [key, Plaintext.fromText(item)]))),
    );
  };
  const head = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: db\n';

  it('has its template for metadata, and its own name', () => {
    const text = `# head
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret # kind
metadata:
  name: db # name
  annotations:
    own: gone
# spec
spec:
  template:
    metadata:
      name: other
      creationTimestamp: null
      labels:
        # label
        a: b
    type: x # type
    data:
      constant: text
      left-out: null
  encryptedData:
    # first
    a: Ag # beside
    left-out: Ag
status:
  x: y
`;
    expect(opened(text)).toBe(`# head
apiVersion: v1
kind: Secret # kind
metadata:
  name: db # name
  labels:
    # label
    a: b
type: x # type
# spec
data:
  # first
  a: QWc= # beside
  constant: dGV4dA==
`);
  });

  it('is what it was before it was sealed, but for stringData', () => {
    const text = `${small}  labels:\n    a: b # c\ntype: Opaque\ndata:\n  # c\n  a: eA== # d\n`;
    const secret = secretToSeal(text, 0, options);
    const there = edited(text, secret.sealed(new Map([['a', 'Ag']])));
    const back = edited(there, secretToUnseal(there, 0).opened(secret.values));
    expect(back).toBe(text);
  });

  it.each([
    [
      'a template to work out',
      `${head}spec:\n  encryptedData: {}\n  template:\n    data:\n      a: "{{ .b }}"\n`,
      'its template makes values that only the controller can work out',
    ],
    [
      'the format before items',
      `${head}spec:\n  data: Ag\n`,
      'it is sealed as a whole, in the format before encryptedData',
    ],
  ])('is refused with %s', (_name, text, reason) => {
    expect(() => opened(text)).toThrow(
      expect.objectContaining({ code: 'document.not-editable', details: { reason } }),
    );
  });

  it('is refused with items that are no text', () => {
    expect(() => opened(`${head}spec:\n  encryptedData:\n    a: [x]\n`)).toThrow(
      expect.objectContaining({ code: 'entry.not-scalar', place: { entry: 'encryptedData.a' } }),
    );
  });
});
