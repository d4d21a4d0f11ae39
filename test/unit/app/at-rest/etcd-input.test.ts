import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseValue, readEtcdInput } from '../../../../src/app/at-rest/etcd-input.ts';
import { storedSecret } from '../../../support/stored-values.ts';

const path = '/registry/secrets/default/db';
const secret = storedSecret('db', { password: 'correct-horse-42' });
const sealed = Buffer.concat([Buffer.from('k8s:enc:secretbox:v1:key1:'), Buffer.alloc(80, 0xf3)]);
const custom = Buffer.from('{"kind":"Widget","apiVersion":"example.com/v1","header":{},"kvs":[]}');
const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');

/** As `etcdctl get -w json` prints them. */
const etcdctl = (...kvs: readonly (readonly [string, Buffer])[]) =>
  Buffer.from(
    JSON.stringify({
      header: { cluster_id: 1, revision: 9 },
      kvs: kvs.map(([key, value]) => ({ key: base64(key), create_revision: 2, value: base64(value) })),
      count: kvs.length,
    }),
  );
const hex = (bytes: Buffer) => [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

const bytesIn = (input: Buffer) =>
  readEtcdInput(input).map(({ etcdKey, value }) => [etcdKey, Buffer.from(value)]);

describe('a value of etcd', () => {
  it.each([
    ['a Secret', secret],
    ['an encrypted value', sealed],
    ['a custom resource that looks like an answer of etcdctl', custom],
  ])('%s is found in its bytes, in base64, in hex, and in what etcdctl prints', (_, value) => {
    expect(bytesIn(value)).toEqual([[undefined, value]]);
    expect(bytesIn(etcdctl([path, value]))).toEqual([[path, value]]);
    expect(bytesIn(Buffer.concat([Buffer.from(`${path}\n`), value]))).toEqual([[path, value]]);
    const inHex = `${hex(Buffer.from(path))}\n${hex(value)}\n`;
    expect(bytesIn(Buffer.from(inHex))).toEqual([[path, value]]);
    const wrapped = base64(value).replace(/.{20}/g, '$&\n');
    for (const text of [base64(value), `${wrapped}\n`, value.toString('hex'), `${hex(value)}\n`])
      expect(bytesIn(Buffer.from(text))).toEqual([[undefined, value]]);
  });

  it('is taken as it is, whatever it holds behind the mark of an API server', () => {
    const heads = fc.constantFrom('k8s\0', 'k8s:enc:aescbc:v1:', 'k8s:enc:other:');
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 64 }), (head, rest) => {
        const value = Buffer.concat([Buffer.from(head), rest]);
        expect(bytesIn(value)).toEqual([[undefined, value]]);
      }),
    );
  });

  it('is not in what no API server stores, so that nobody takes that for plaintext', () => {
    const fields = '"Key" : "/registry/secrets/a/b"\n"Value" : "k8s:enc:secretbox:v1:key1:"';
    for (const text of ['deadbeef', 'c2VjcmV0', '/registry/secrets/a/b\nvalue', fields, '\\x2f\n\\x2f\n'])
      expect(bytesIn(Buffer.from(text))).toEqual([]);
  });

  it('is chosen by its path among several', () => {
    const answer = readEtcdInput(etcdctl([path, secret], ['/registry/secrets/default/other', sealed]));
    expect(Buffer.from(chooseValue(answer, path).value)).toEqual(secret);
    expect(() => chooseValue(answer, undefined)).toThrow('stored.several');
    expect(() => chooseValue(answer, '/registry/secrets/default/none')).toThrow('stored.absent');
  });

  it('is absent where etcdctl found none, and where there is nothing', () => {
    expect(() => chooseValue(readEtcdInput(etcdctl()), path)).toThrow('stored.absent');
    expect(() => chooseValue(readEtcdInput(Buffer.from('{"header":{}}')), undefined)).toThrow(
      'stored.absent',
    );
    expect(() => chooseValue(readEtcdInput(Buffer.alloc(0)), path)).toThrow('stored.absent');
  });
});
