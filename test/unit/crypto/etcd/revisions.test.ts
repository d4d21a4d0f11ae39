import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { fnv64a } from '../../../../src/crypto/etcd/bolt-meta.ts';
import { FileWindow } from '../../../../src/crypto/etcd/file-window.ts';
import { openKeySpace } from '../../../../src/crypto/etcd/revisions.ts';
import { runs } from '../../../support/arbitraries.ts';
import { boltFile, type Change, etcdFile, etcdRecord } from '../../../support/etcd-records.ts';

function windowOn(file: Uint8Array): FileWindow {
  return new FileWindow((into, position) => {
    const part = file.subarray(position, position + into.byteLength);
    into.set(part);
    return part.byteLength;
  }, file.byteLength);
}

/** Every revision as `main key value-head`, deletions without a value. */
function revisionsOf(file: Uint8Array): string[] {
  return [...openKeySpace(windowOn(file)).revisions()].map((revision) => {
    if (revision.main === undefined) return 'unreadable';
    const [key, head] = [Buffer.from(revision.key).toString(), Buffer.from(revision.valueHead).toString()];
    return `${revision.main} ${key} ${revision.isDeletion ? '(deleted)' : head}`;
  });
}

const reasonOf = (file: Uint8Array) => {
  try {
    revisionsOf(file);
    return undefined;
  } catch (error) {
    return Failure.is(error, 'snapshot.malformed') ? error.details.reason : error;
  }
};
const changes = (count: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({ key: `/registry/secrets/n/s${index}`, value: `v${index}` }));

describe('the key space of a file of etcd', () => {
  it('gives every revision, the newest first, deletions included', () => {
    const file = etcdFile([{ key: '/a', value: 'one' }, { key: '/b', value: '' }, { key: '/a' }]);
    expect(revisionsOf(file)).toEqual(['4 /a (deleted)', '3 /b ', '2 /a one']);
  });

  it.each([1, 2, 1_000, 30_000])('has all of %i revisions, however deep the tree', (count) => {
    const all = revisionsOf(etcdFile(changes(count)));
    expect(all).toHaveLength(count);
    expect(all.at(-1)).toBe('2 /registry/secrets/n/s0 v0');
  });

  it.each([1024, 4096, 16_384, 65_536])('is read with pages of %i bytes', (pageSize) => {
    expect(revisionsOf(etcdFile(changes(300), pageSize))).toHaveLength(300);
  });

  it('is read of values that go over many pages, of which only the head is looked at', () => {
    const large = Buffer.alloc(3_000_000, 'x');
    const file = etcdFile([
      { key: '/a', value: large },
      { key: '/b', value: 'small' },
    ]);
    const [small, head] = revisionsOf(file);
    expect(small).toBe('3 /b small');
    expect(head?.length).toBeGreaterThanOrEqual(512);
    expect(head?.length).toBeLessThan(8_192);
  });

  it('is read where the bucket is so small that it stands in its parent', () => {
    const records = [etcdRecord({ key: '/a', value: 'one' }, 2)];
    expect(revisionsOf(boltFile((file) => file.inlineBucket('key', records)))).toEqual(['2 /a one']);
  });

  it('says up to which revision it was compacted', () => {
    const [revision] = etcdRecord({ key: '/a', value: '' }, 77);
    const file = boltFile((one) => {
      one.bucket('key', []);
      one.bucket('meta', [[Buffer.from('finishedCompactRev'), revision]]);
    });
    expect(openKeySpace(windowOn(file)).compacted).toBe(77);
    expect(openKeySpace(windowOn(etcdFile([]))).compacted).toBeUndefined();
  });

  it('is that of the older meta page where the newer one is damaged, and of the second where the first is', () => {
    for (const page of [0, 1]) {
      const file = etcdFile(changes(3));
      file.fill(0xff, page * 4096 + 40, page * 4096 + 60);
      expect(revisionsOf(file)).toHaveLength(3);
    }
  });

  it('counts damaged records and goes on', () => {
    const good = etcdRecord({ key: '/a', value: 'one' }, 2);
    const [late, later] = [
      etcdRecord({ key: '/b', value: 'x' }, 3)[0],
      etcdRecord({ key: '/b', value: 'x' }, 4)[0],
    ];
    const file = boltFile((one) =>
      one.bucket('key', [good, [late, Buffer.from([0x0a, 200])], [later, Buffer.from('text')]]),
    );
    expect(revisionsOf(file)).toEqual(['unreadable', 'unreadable', '2 /a one']);
  });
});

describe('a file that is no snapshot', () => {
  const whole = etcdFile(changes(2_000));
  const patched = (at: number, ...bytes: number[]) => {
    const file = Buffer.from(whole);
    Buffer.from(bytes).copy(file, at);
    return file;
  };

  it.each([
    ['empty', Buffer.alloc(0), 'it is too short'],
    ['zeros', Buffer.alloc(100_000), 'neither of its meta pages is that of a bbolt database'],
    [
      'gzip',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(5_000)]),
      'it is compressed, and must be unpacked first',
    ],
    [
      'a zip',
      Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(5_000)]),
      'it is compressed, and must be unpacked first',
    ],
    [
      'a small gzip',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(90)]),
      'it is compressed, and must be unpacked first',
    ],
    ...['age-encryption.org/v1\n', 'Salted__', '-----BEGIN AGE ENCRYPTED FILE-----\n'].map(
      (head): [string, Buffer, string] => [
        `encrypted (${head.slice(0, 8)})`,
        Buffer.concat([Buffer.from(head), Buffer.alloc(5_000)]),
        'it is encrypted, and must be decrypted first',
      ],
    ),
    [
      'from a big-endian machine',
      patched(16, 0xed, 0x0c, 0xda, 0xed),
      'it was written on a big-endian machine',
    ],
    ['of another version', patched(20, 3), 'it has another version of the bbolt format'],
    [
      'bbolt of another program',
      boltFile((file) => file.bucket('users', [])),
      'it is a bbolt file, but none of etcd',
    ],
    [
      'cut',
      whole.subarray(0, whole.length - 4096),
      `it is cut short: it has ${whole.length - 4096} of its ${whole.length} bytes`,
    ],
  ])('%s', (_, file, reason) => {
    expect(reasonOf(file)).toBe(reason);
  });

  /** The root of the `key` bucket is the last page before the bucket of `meta`. */
  const rootOfKeys =
    [...Array(whole.length / 4096).keys()].findLast((page) => whole.readUInt16LE(page * 4096 + 8) === 1) ?? 0;

  it.each([
    ['leads back to itself', 16 + 8, [rootOfKeys, 0, 0, 0]],
    ['names a page outside of the file', 16 + 8, [0xff, 0xff, 0xff, 0xff]],
    ['names a meta page', 16 + 8, [1, 0, 0, 0]],
    ['has an absurd count', 10, [0xff, 0xff]],
    ['overflows beyond the file', 12, [0xff, 0xff, 0xff, 0x7f]],
    ['is of no kind', 8, [0x40]],
    ['says it is another page', 0, [9]],
  ])('has a page that %s', (_, at, bytes) => {
    const before = process.cpuUsage();
    expect(reasonOf(patched(rootOfKeys * 4096 + at, ...bytes))).toMatch(/page|order/);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });

  it('has a leaf that stands in the tree twice', () => {
    const first = whole.readUInt32LE(rootOfKeys * 4096 + 16 + 8);
    expect(reasonOf(patched(rootOfKeys * 4096 + 16 + 16 + 8, first))).toMatch(/order/);
  });

  it('has any bytes changed: it is read or refused, never a crash, and never for long', () => {
    const small = etcdFile(changes(100));
    const before = process.cpuUsage();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: small.length - 1 }), fc.nat({ max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (bytes) => {
          const file = Buffer.from(small);
          for (const [at, byte] of bytes) file[at] = byte;
          const reason = reasonOf(file);
          expect(['undefined', 'string']).toContain(typeof reason);
        },
      ),
      runs(300),
    );
    expect(process.cpuUsage(before).user).toBeLessThan(20_000_000);
  });

  it('has a part that cannot be read any more', () => {
    const missing = new FileWindow((into, position) => {
      if (position >= 32_768) return 0;
      return whole.copy(into, 0, position, position + into.byteLength);
    }, whole.length);
    expect(() => [...openKeySpace(missing).revisions()]).toThrow('snapshot.malformed');
  });
});

describe('FNV-1a', () => {
  it.each([
    ['', 0xcbf29ce484222325n],
    ['a', 0xaf63dc4c8601ec8cn],
    ['foobar', 0x85944171f73967e8n],
  ])('of %j is as published', (text, hash) => {
    expect(fnv64a(Buffer.from(text))).toBe(hash);
  });
});
