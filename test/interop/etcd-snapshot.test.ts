import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotAudit } from '../../src/app/at-rest/snapshot-audit.ts';
import { Failure } from '../../src/core/errors.ts';
import { auditSnapshotFile, verifySnapshotFile } from '../../src/node/snapshot-file.ts';
import { runs } from '../support/arbitraries.ts';
import { find } from '../support/control-plane-programs.ts';
import { type Etcd, startEtcd } from '../support/etcd.ts';

const there = find('etcd') !== undefined;
const settings = {
  names: [],
  shouldBeSealed: ({ resource }: { readonly resource: string }) => resource === 'secrets',
};
const sealed = (key: string, bytes = 100) =>
  Buffer.concat([Buffer.from(`k8s:enc:secretbox:v1:${key}:`), Buffer.alloc(bytes, ':')]);
const secret = (name: string) => `/registry/secrets/default/${name}`;

/** Of a `Failure`; anything else is a crash. */
function codeOf(error: unknown): string {
  if (error instanceof Failure) return error.code;
  throw error;
}

const countsOf = ({ counts }: SnapshotAudit) =>
  counts
    .map(({ resource, provider, keyName, current, superseded, deleted }) =>
      [resource?.resource, provider, keyName, current, superseded, deleted].join(' '),
    )
    .toSorted();

describe.skipIf(!there)(
  there ? 'a snapshot of a real etcd' : 'a snapshot of a real etcd (no etcd: npm run peers)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'purser-snapshot-'));
    let etcd: Etcd;
    let compactAt: number;

    beforeAll(async () => {
      etcd = await startEtcd();
    });
    afterAll(async () => {
      await etcd?.stop();
      etcd?.clean();
      rmSync(folder, { recursive: true, force: true });
    });

    async function saved(name: string): Promise<string> {
      const path = join(folder, name);
      writeFileSync(path, await etcd.snapshot());
      return path;
    }

    it('that is new and nearly empty is read', async () => {
      const audit = await auditSnapshotFile(await saved('empty.db'), settings);
      expect(audit).toMatchObject({ values: 0, deletions: 0, unreadable: 0, counts: [] });
    });

    it('counts what was put, replaced and deleted, small values and large', async () => {
      await etcd.put(secret('a'), 'k8s\0Secret');
      await etcd.put(secret('b'), 'k8s\0Secret');
      await etcd.put(secret('c'), 'k8s\0Secret');
      for (let index = 0; index < 400; index++)
        await etcd.put(secret(`s${index}`), sealed('key1', 10 * index));
      await etcd.put(secret('large'), sealed('key2', 1_000_000));
      await etcd.put(secret('a'), sealed('key2'));
      compactAt = await etcd.remove(secret('c'));
      await etcd.put('/registry/configmaps/default/x', '{}');
      const audit = await auditSnapshotFile(await saved('full.db'), settings);
      expect(countsOf(audit)).toEqual([
        'configmaps identity  1 0 0',
        'secrets identity  1 1 1',
        'secrets secretbox key1 400 0 0',
        'secrets secretbox key2 2 0 0',
      ]);
      expect(audit).toMatchObject({
        values: 406,
        deletions: 1,
        unreadable: 0,
        newestRevision: compactAt + 1,
      });
      expect(audit.plaintext.map(({ name, age }) => `${name} ${age}`)).toEqual([
        'default/b current',
        'default/c deleted',
        'default/a superseded',
      ]);
    });

    it('has the checksum that etcdctl checks, and not after a byte changed', async () => {
      const bytes = await etcd.snapshot();
      const path = join(folder, 'checked.db');
      writeFileSync(path, bytes);
      expect(await verifySnapshotFile(path)).toBe('verified');
      bytes[bytes.length - 5_000] = (bytes[bytes.length - 5_000] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      await expect(verifySnapshotFile(path)).rejects.toThrow('snapshot.altered');
    });

    it('that was cut or changed anywhere is never verified, and is read or refused in no time', async () => {
      const bytes = await etcd.snapshot();
      const path = join(folder, 'damaged.db');
      const before = process.cpuUsage();
      // Heads of pages say where everything is.
      const anywhere = fc.oneof(
        fc.nat({ max: bytes.length - 1 }),
        fc
          .tuple(fc.nat({ max: Math.floor(bytes.length / 4096) - 1 }), fc.nat({ max: 63 }))
          .map(([page, at]) => page * 4096 + at),
      );
      const change = fc.tuple(anywhere, fc.integer({ min: 1, max: 255 }));
      const changes = fc.array(change, { minLength: 1, maxLength: 20 });
      const cut = fc.nat({ max: bytes.length - 1 }).map((length) => bytes.subarray(0, length));
      const changed = changes.map((list) => {
        const copy = Buffer.from(bytes);
        for (const [at, mask] of new Map(list)) copy[at] = (copy[at] ?? 0) ^ mask;
        return copy;
      });
      const damaged = fc.asyncProperty(fc.oneof(cut, changed), async (file) => {
        writeFileSync(path, file);
        expect(await verifySnapshotFile(path).catch(codeOf)).not.toBe('verified');
        const audit = await auditSnapshotFile(path, settings).catch(codeOf);
        if (typeof audit === 'string') expect(audit).toBe('snapshot.malformed');
        else expect(audit.values).toBeLessThanOrEqual(bytes.length);
      });
      await fc.assert(damaged, runs(200));
      expect(process.cpuUsage(before).user).toBeLessThan(30_000_000);
    });

    it('has no older revisions after etcd compacted, and says up to where', async () => {
      await etcd.compact(compactAt);
      const audit = await auditSnapshotFile(await saved('compacted.db'), settings);
      expect(audit.compacted).toBe(compactAt);
      expect(audit.plaintext.map(({ name, age }) => `${name} ${age}`)).toEqual(['default/b current']);
    });

    it("is as readable as the member's own file after it stopped", async () => {
      const before = await auditSnapshotFile(await saved('last.db'), settings);
      await etcd.stop();
      expect(await verifySnapshotFile(etcd.file)).toBe('none');
      expect(countsOf(await auditSnapshotFile(etcd.file, settings))).toEqual(countsOf(before));
    });
  },
);
