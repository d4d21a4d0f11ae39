import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  auditSnapshotFile,
  lookThroughSnapshot,
  verifySnapshotFile,
} from '../../../src/node/snapshot-file.ts';
import { BoltFile, type BoltRecord } from '../../support/bolt-file.ts';
import { etcdFile, etcdRecord } from '../../support/etcd-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'purser-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = {
  names: [],
  shouldBeSealed: ({ resource }: { readonly resource: string }) => resource === 'secrets',
};
const file = etcdFile([
  { key: '/registry/secrets/default/a', value: 'k8s\0' },
  { key: '/registry/secrets/default/b', value: 'k8s:enc:aescbc:v1:key1:x' },
]);
function written(name: string, ...parts: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}
const sha256 = createHash('sha256').update(file).digest();

describe('a snapshot on disk', () => {
  it("is audited with or without etcdctl's checksum behind it", async () => {
    for (const path of [written('db', file), written('snapshot.db', file, sha256)]) {
      const audit = await auditSnapshotFile(path, settings);
      expect(audit.plaintext.map(({ name }) => name)).toEqual(['default/a']);
    }
  });

  it('has its checksum verified, where it has one', async () => {
    expect(await verifySnapshotFile(written('whole.db', file, sha256))).toBe('verified');
    expect(await verifySnapshotFile(written('member.db', file))).toBe('none');
    const altered = Buffer.from(file);
    altered[9_000] = (altered[9_000] ?? 0) ^ 1;
    await expect(verifySnapshotFile(written('altered.db', altered, sha256))).rejects.toThrow(
      'snapshot.altered',
    );
  });

  it('that cannot be read is one failure', async () => {
    mkdirSync(join(folder, 'sub'));
    await expect(auditSnapshotFile(join(folder, 'none'), settings)).rejects.toThrow('file.unreadable');
    await expect(auditSnapshotFile(join(folder, 'sub'), settings)).rejects.toThrow('file.unreadable');
    await expect(auditSnapshotFile(written('text', Buffer.from('text')), settings)).rejects.toThrow(
      'snapshot.malformed',
    );
    // As long as a checksum, with nothing that it could be of.
    const bare = written('bare', Buffer.alloc(32));
    await expect(lookThroughSnapshot(bare, settings, new AbortController().signal)).rejects.toThrow(
      'snapshot.malformed',
    );
  });

  // Windows lets nobody take the name of a file that is open.
  it.skipIf(process.platform === 'win32')(
    'is the same file from its checksum to its last revision, though another takes its name meanwhile',
    async () => {
      const path = written('renamed.db', file, sha256);
      const looking = lookThroughSnapshot(path, settings, new AbortController().signal);
      renameSync(written('other.db', Buffer.from('text')), path);
      const { checksum, audit } = await looking;
      expect([checksum, audit.values]).toEqual(['verified', 2]);
      const stopped = lookThroughSnapshot(written('stop.db', file, sha256), settings, AbortSignal.abort());
      await expect(stopped).rejects.toThrow('aborted');
    },
  );

  it('of 100,000 revisions is audited in little memory, gives others their turn, and can be stopped', async () => {
    const path = join(folder, 'large.db');
    writeLarge(path, 100_000);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const before = process.memoryUsage().rss;
    const audit = await auditSnapshotFile(path, settings);
    clearInterval(counting);
    expect(audit.values).toBe(100_000);
    expect(audit.counts).toEqual([
      expect.objectContaining({
        provider: 'secretbox',
        keyName: 'key1',
        current: 40_000,
        superseded: 50_000,
      }),
      expect.objectContaining({ provider: 'identity', current: 10_000, superseded: 0 }),
    ]);
    expect(turns).toBeGreaterThan(5);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    const stop = AbortSignal.abort();
    await expect(auditSnapshotFile(path, settings, stop)).rejects.toThrow('aborted');
  });
});

/** Two revisions of half as many Secrets; of the later ones, the first fifth in plaintext. */
function writeLarge(path: string, revisions: number): void {
  const out = openSync(path, 'w');
  const bolt = new BoltFile((bytes, position) => writeSync(out, bytes, 0, bytes.length, position));
  function* records(): Generator<BoltRecord> {
    for (let index = 0; index < revisions; index++) {
      const name = index % (revisions / 2);
      const isPlain = index >= revisions / 2 && name < revisions / 10;
      const value = `${isPlain ? 'k8s\0' : 'k8s:enc:secretbox:v1:key1:'}${'x'.repeat(200)}`;
      yield etcdRecord({ key: `/registry/secrets/namespace-${name % 100}/secret-${name}`, value }, index + 2);
    }
  }
  bolt.bucket('key', records());
  bolt.bucket('meta', []);
  bolt.finish();
  closeSync(out);
}
