import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterEncryption } from '../../src/app/clusters/cluster-encryption.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { configurationHash } from '../../src/crypto/at-rest/configuration-hash.ts';
import { auditSnapshotFile } from '../../src/node/snapshot-file.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { head } from '../support/encryption-configurations.ts';
import { type Etcd, startEtcd } from '../support/etcd.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { namedHost } from '../support/named-host.ts';
import { untilAnswered } from '../support/until.ts';
import { type DrivenCluster, DrivenRotation, secrets } from './driven-rotation.ts';
import { openSession } from './open-session.ts';

const newKey = () => randomBytes(32).toString('base64');
const first = `${head}resources:\n- resources: [secrets]\n  providers:\n  - secretbox:\n      keys:\n      - name: key1\n        secret: ${newKey()}\n`;

/** One of two control plane nodes. */
interface Node {
  readonly api: KubeApi;
  readonly session: ApiSession;
  /** Its own copy of the file. */
  readonly file: string;
  readonly flags: readonly string[];
}

/** Two API servers on one etcd, behind what sends each request to the other one in turns. */
class TwoServers implements DrivenCluster {
  readonly servers = 2;
  readonly #folder = mkdtempSync(join(tmpdir(), 'purser-nodes-'));
  readonly #etcd: Etcd;
  readonly nodes: Node[] = [];
  #asked = 0;

  constructor(etcd: Etcd) {
    this.#etcd = etcd;
  }

  async add(host: string): Promise<void> {
    const file = join(this.#folder, `${host}.yaml`);
    this.copyTo(file);
    const reload = '--encryption-provider-config-automatic-reload=true';
    const flags = [`--encryption-provider-config=${file}`, reload];
    const api = await startKubeApi({ etcd: this.#etcd, host, flags });
    this.nodes.push({ api, session: await openSession(api), file, flags });
  }

  get #file(): string {
    return join(this.#folder, 'encryption.yaml');
  }

  get bytes(): Buffer {
    return readFileSync(this.#file);
  }

  write(text: string): void {
    writeFileSync(this.#file, text, { mode: 0o600 });
  }

  copyTo(file: string): void {
    copyFileSync(this.#file, file);
  }

  encryption(signal: AbortSignal): Promise<ClusterEncryption> {
    const { session } = nodeAt(this.nodes, this.#asked++ % this.nodes.length);
    return session.encryption(signal);
  }

  reEncrypt(way: Parameters<DrivenCluster['reEncrypt']>[0]): ReturnType<DrivenCluster['reEncrypt']> {
    return nodeAt(this.nodes, 0).session.reEncrypt(
      secrets,
      way,
      () => undefined,
      AbortSignal.timeout(60_000),
    );
  }

  async auditFor(scope: Parameters<DrivenCluster['auditFor']>[0]): ReturnType<DrivenCluster['auditFor']> {
    const path = join(this.#folder, 'snapshot.db');
    writeFileSync(path, await this.#etcd.snapshot());
    return auditSnapshotFile(path, scope);
  }

  async stop(): Promise<void> {
    for (const { api, session } of this.nodes) {
      session.close();
      await api.stop();
    }
    await this.#etcd.stop();
    this.#etcd.clean();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function nodeAt(nodes: readonly Node[], index: number): Node {
  const node = nodes[index];
  if (node === undefined) throw new Error(`no node ${index}`);
  return node;
}

const named = namedHost('purser') !== undefined;

describe.skipIf(!named)(
  named ? 'on hosts of their own names' : 'hosts of their own names (no unshare)',
  () => {
    describeKubeApi('a rotation on two API servers', () => {
      let cluster: TwoServers;
      let rotation: DrivenRotation;
      const node = (index: number) => nodeAt(cluster.nodes, index);

      beforeAll(async () => {
        cluster = new TwoServers(await startEtcd());
        cluster.write(first);
        await cluster.add('one');
        await cluster.add('two');
        rotation = new DrivenRotation(cluster, { from: 'secretbox/key1', to: 'secretbox/key2' }, newKey());
        await node(0).api.kubectl(['create', 'secret', 'generic', 'a', '--from-literal=a=b']);
      });
      afterAll(async () => {
        await cluster?.stop();
      });

      /** What runs on a node, by its own metrics. */
      const loaded = async (index: number) => {
        const { metrics } = await node(index).session.encryption(AbortSignal.timeout(10_000));
        return metrics.ok ? metrics.value.configurations.map(({ hash }) => hash) : [];
      };
      const restart = async (index: number) => {
        const { api, file, flags } = node(index);
        cluster.copyTo(file);
        await api.restart(flags);
      };

      it('has the new key nowhere but where it was loaded', async () => {
        await rotation.change('add');
        expect(await rotation.next()).toBe('roll-out-added: other-configuration');
        await restart(1);
        expect(await loaded(1)).toEqual([configurationHash(cluster.bytes)]);
        expect(await rotation.next()).toBe('roll-out-added: other-configuration');
      });

      it('goes on once the other one has loaded the file by itself', async () => {
        cluster.copyTo(node(0).file);
        const wanted = configurationHash(cluster.bytes);
        const isLoaded = async () => ((await loaded(0)).includes(wanted) ? true : undefined);
        await untilAnswered(isLoaded, 90, () => 'it was not loaded');
        expect(await loaded(0)).toEqual([wanted]);
        expect(await rotation.next()).toBe('verify: not-backed-up');
        rotation.backUp();
        expect(await rotation.next()).toBe('swap: edit');
      });

      it('is stopped where one server has a file without the new key, and cannot read what the other writes', async () => {
        const { api, file, flags } = node(1);
        await rotation.change('swap');
        writeFileSync(file, first);
        await api.restart(flags);
        expect(await rotation.next()).toBe('roll-out-swapped: server-without-key');
        await restart(0);
        expect(await rotation.next()).toBe('roll-out-swapped: server-without-key');
        await node(0).api.kubectl(['create', 'secret', 'generic', 'b', '--from-literal=a=b']);
        await expect(api.kubectl(['get', 'secret', 'b'])).rejects.toThrow(
          /no matching key was found|not found/,
        );
      });

      it('goes on to its end once both have it', async () => {
        await restart(1);
        expect(await rotation.next()).toBe('re-encrypt: stale-unknown');
        await rotation.audit();
        expect(await rotation.next()).toBe('re-encrypt: stale 1');
        expect(await rotation.reEncrypt('replace')).toBe(2);
        await rotation.audit();
        expect(await rotation.next()).toBe('remove: edit');
      });
    });
  },
);
