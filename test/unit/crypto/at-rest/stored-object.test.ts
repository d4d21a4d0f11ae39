import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { protobufFields } from '../../../../src/crypto/at-rest/protobuf.ts';
import { manifestOf, readStoredObject } from '../../../../src/crypto/at-rest/read-stored-object.ts';
import { storedValueKey } from '../../../../src/crypto/at-rest/stored-key.ts';
import { openStoredValue } from '../../../../src/crypto/at-rest/stored-value.ts';
import { runs } from '../../../support/arbitraries.ts';
import { varint } from '../../../support/etcd-records.ts';
import { describeVectors, vectorRows } from '../../../support/vectors.ts';

/** A length-delimited field of a protobuf message. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}
const number = (field: number, value: number) => Buffer.from([field * 8, ...varint(value)]);
const entry = (key: string, value: string) => Buffer.concat([field(1, key), field(2, value)]);
const stored = (apiVersion: string, kind: string, raw: Buffer) =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
    field(2, raw),
    field(3, ''),
    field(4, ''),
  ]);
const read = (bytes: Uint8Array) => readStoredObject(new Plaintext(bytes));

const metadata = Buffer.concat([
  field(1, 'db'),
  field(2, ''),
  field(3, 'prod'),
  field(5, 'c0ffee'),
  field(8, number(1, 1_700_000_000)),
  field(11, entry('app', 'db')),
  field(12, entry('note', 'the password is hunter2')),
  field(17, 'managed fields are not read'),
]);
const secret = stored(
  'v1',
  'Secret',
  Buffer.concat([
    field(1, metadata),
    field(2, entry('password', 'hunter2')),
    field(2, entry('__proto__', 'x')),
    field(3, 'Opaque'),
    number(5, 1),
  ]),
);

interface RealVector {
  readonly id: string;
  readonly etcdKey: string;
  readonly keyName: string;
  readonly keyBase64: string;
  readonly storedBase64: string;
  readonly plaintextHex: string;
}

describeVectors('a value from a real etcd', 'k8s', () => {
  it.each(vectorRows<RealVector>('k8s/aescbc_real_vector.json'))('$id opens and is a Secret', (vector) => {
    const key = storedValueKey(
      'aescbc',
      vector.keyName,
      new Plaintext(new Uint8Array(Buffer.from(vector.keyBase64, 'base64'))),
    );
    const value = new Uint8Array(Buffer.from(vector.storedBase64, 'base64'));
    const { plaintext } = openStoredValue(value, [key], vector.etcdKey);
    expect(Buffer.from(plaintext.expose()).toString('hex')).toBe(vector.plaintextHex);
    expect(JSON.parse(manifestOf(readStoredObject(plaintext)).exposeText() ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'my-secret',
        namespace: 'simon-project',
        uid: '6567b48b-9f45-11ea-8fb6-fa163e827b27',
        creationTimestamp: '2020-05-26T11:38:19Z',
      },
      type: 'Opaque',
      data: { mykey: Buffer.from('mysupersecret').toString('base64') },
    });
  });
});

describe('a stored Secret', () => {
  it('is read from protobuf, with fields that are not known passed over', () => {
    const object = read(secret);
    expect(object).toMatchObject({ form: 'protobuf', apiVersion: 'v1', kind: 'Secret' });
    expect(object.metadata).toMatchObject({ name: 'db', namespace: 'prod', uid: 'c0ffee' });
    expect(object.metadata.creationTimestamp).toBe('2023-11-14T22:13:20Z');
    expect([...object.metadata.labels]).toEqual([['app', 'db']]);
    expect(object.secret).toMatchObject({ type: 'Opaque', immutable: true });
    expect(object.secret?.data.get('password')?.exposeText()).toBe('hunter2');
  });

  it('is read although etcdctl added a line break', () => {
    expect(read(Buffer.concat([secret, Buffer.from('\n')])).metadata.name).toBe('db');
  });

  it('is read from JSON just the same', () => {
    const json = manifestOf(read(secret));
    const again = readStoredObject(json);
    expect(again.form).toBe('json');
    expect({ ...again, form: 'protobuf' }).toEqual(read(secret));
    expect(manifestOf(again).exposeText()).toBe(json.exposeText());
  });

  it('prints neither its data nor its annotations', () => {
    const printed = `${inspect(read(secret), { depth: 9, showHidden: true })}${JSON.stringify(read(secret))}`;
    expect(printed).toContain('db');
    expect(printed).not.toMatch(/hunter2|104, 117|68 75/);
  });

  it('that is cut anywhere, or has any byte changed, is a failure or an object, never a crash', () => {
    for (let length = 4; length < secret.length - 4; length++)
      expect(() => read(secret.subarray(0, length)), `${length} bytes`).toThrow('stored.malformed');
    fc.assert(
      fc.property(fc.nat({ max: secret.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Buffer.from(secret);
        changed[at] = byte;
        try {
          read(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      runs(500),
    );
  });
});

describe('another stored object', () => {
  it('is named, and nothing more of it is read', () => {
    const object = read(
      stored('apps/v1', 'Deployment', Buffer.concat([field(1, metadata), Buffer.from([0x12, 0x99, 1, 2])])),
    );
    expect(object).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', secret: undefined });
    expect(object.metadata.name).toBe('db');
  });

  it('of a custom resource is JSON', () => {
    const json =
      '{"apiVersion":"x.io/v1","kind":"X","metadata":{"name":"a","labels":{"b":"c"}},"spec":{"d":1}}\n';
    expect(read(Buffer.from(json))).toMatchObject({ form: 'json', kind: 'X', metadata: { name: 'a' } });
  });

  it.each([
    ['nothing', ''],
    ['text', '1234'],
    ['JSON that is cut', '{"kind":"Secret"'],
    ['JSON that is no object', '{"a":1}'],
    ['a Secret whose data is not base64', '{"kind":"Secret","apiVersion":"v1","data":{"a":"?"}}'],
    ['CBOR', Buffer.from([0xd9, 0xd9, 0xf7, 0xa0])],
    ['an encrypted value', 'k8s:enc:aescbc:v1:k:x'],
    ['nested JSON', `{"a":${'['.repeat(200_000)}`],
  ])('is not: %s', (_, content) => {
    expect(() => read(Buffer.from(content))).toThrow('stored.malformed');
  });
});

describe('protobuf', () => {
  const failure = new Error('broken');
  const fieldsOf = (...bytes: number[]) => [...protobufFields(new Uint8Array(bytes), failure)];

  it('has signed numbers of 64 bits', () => {
    expect(fieldsOf(8, 0x96, 1)[0]).toMatchObject({ number: 1, varint: 150 });
    expect(fieldsOf(8, ...Array(9).fill(0xff), 1)[0]?.varint).toBe(-1);
    expect(fieldsOf(8, ...varint(2 ** 40 + 5))[0]?.varint).toBe(2 ** 40 + 5);
    expect(fieldsOf(8, ...varint(Number.MAX_SAFE_INTEGER))[0]?.varint).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    ['a number that goes on', [8, ...Array(11).fill(0x80)]],
    ['a number that breaks off', [8, 0x80]],
    ['bytes that break off', [10, 2, 1]],
    ['a length below zero', [10, ...Array(9).fill(0xff), 1]],
    ['a fixed field that breaks off', [9, 1, 2, 3]],
    ['field 0', [0, 1]],
    ['a group', [11, 12]],
  ])('is refused: %s', (_, bytes) => {
    expect(() => fieldsOf(...bytes)).toThrow(failure);
  });
});
