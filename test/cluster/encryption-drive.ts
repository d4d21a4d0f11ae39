import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type EncryptionReport, reportOf } from '../../src/app/at-rest/encryption-report.ts';
import type { SnapshotAudit } from '../../src/app/at-rest/snapshot-audit.ts';
import type {
  ClusterEncryption,
  ReEncrypted,
  ReEncryptionWay,
} from '../../src/app/clusters/cluster-encryption.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { configurationHash } from '../../src/crypto/at-rest/configuration-hash.ts';
import { readConfiguration } from '../../src/manifest/at-rest/read-configuration.ts';
import { auditSnapshotFile } from '../../src/node/snapshot-file.ts';
import type { Sandbox } from '../support/cli.ts';
import { find } from '../support/control-plane-programs.ts';
import { type Etcd, startEtcd } from '../support/etcd.ts';
import { type KubeApi, type KubeApiOptions, startKubeApi } from '../support/kube-api.ts';
import { type DrivenCluster, secrets } from './driven-rotation.ts';
import { openSession } from './open-session.ts';

/** A row of `purser atrest audit --format json`. */
interface AuditRow {
  readonly resource?: string;
  readonly provider: string;
  readonly key?: string;
  readonly current: number;
  readonly superseded: number;
}

/** What `purser atrest audit` told of a resource. */
export interface Audited {
  readonly code: number | null;
  /** `secretbox/key1 2+1`: two current values, and one that a newer one replaced. */
  readonly stored: readonly string[];
  /** `default/a current`, the newest first. */
  readonly plaintext: readonly string[];
}

/** A real API server whose encryption at rest is changed step by step, and is looked at from every side. */
export class EncryptionDrive implements DrivenCluster {
  readonly servers = 1;
  readonly etcd: Etcd;
  readonly api: KubeApi;
  readonly #sandbox: Sandbox;
  readonly #flags: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'purser-drive-'));
  #session: ApiSession | undefined;

  private constructor(etcd: Etcd, api: KubeApi, sandbox: Sandbox, flags: readonly string[]) {
    this.etcd = etcd;
    this.api = api;
    this.#sandbox = sandbox;
    this.#flags = flags;
  }

  /** Starts one without encryption. */
  static async start(sandbox: Sandbox, { flags = [] }: Pick<KubeApiOptions, 'flags'> = {}) {
    const etcd = await startEtcd();
    try {
      return new EncryptionDrive(etcd, await startKubeApi({ etcd, flags }), sandbox, flags);
    } catch (error) {
      await etcd.stop();
      etcd.clean();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#session?.close();
    await this.api.stop();
    await this.etcd.stop();
    this.etcd.clean();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The EncryptionConfiguration in the repository of whoever looks after the cluster. */
  get file(): string {
    return this.#sandbox.path('encryption.yaml');
  }

  get bytes(): Buffer {
    return readFileSync(this.file);
  }

  write(text: string): void {
    this.#sandbox.write('encryption.yaml', text, 0o600);
  }

  /**
   * Starts the API server again with what the file holds now: a later change of the file does not reach it.
   * Throws with its last words where it is not ready after so many seconds.
   */
  async rollOut(seconds?: number): Promise<void> {
    const { stderr } = await this.#sandbox.run(['atrest', 'lint', 'encryption.yaml']);
    expect(stderr).toContain('kube-apiserver takes it');
    const copy = join(this.#folder, 'encryption.yaml');
    writeFileSync(copy, this.bytes, { mode: 0o600 });
    await this.api.restart([...this.#flags, `--encryption-provider-config=${copy}`], seconds);
  }

  async withoutConfiguration(): Promise<void> {
    await this.api.restart(this.#flags);
  }

  /** The session that a person keeps open all the while. */
  async session(): Promise<ApiSession> {
    this.#session ??= await openSession(this.api);
    return this.#session;
  }

  async create(name: string): Promise<void> {
    await this.api.kubectl(['create', 'secret', 'generic', name, `--from-literal=password=${valueOf(name)}`]);
  }

  async encryption(signal: AbortSignal): Promise<ClusterEncryption> {
    const session = await this.session();
    return session.encryption(signal);
  }

  /** What the tree judges. */
  async report(): Promise<EncryptionReport> {
    const told = await this.encryption(AbortSignal.timeout(30_000));
    const { configuration } = readConfiguration(this.bytes.toString());
    const file = { path: 'encryption.yaml', hash: configurationHash(this.bytes), configuration };
    return reportOf(told, [file]);
  }

  async reEncrypt(way: ReEncryptionWay, resource = secrets): Promise<ReEncrypted> {
    const session = await this.session();
    return session.reEncrypt(resource, way, () => undefined, AbortSignal.timeout(60_000));
  }

  /**
   * What `purser atrest read` says of the raw bytes in etcd: which key wrote them, and the Secret's password; the object's kind and
   * name of anything else.
   */
  async read(name: string, etcdKey = `/registry/secrets/default/${name}`): Promise<string> {
    return this.#read((await this.etcd.get(etcdKey)) ?? '', etcdKey);
  }

  /** The same of what etcdctl prints, which may say itself where it stood. */
  async readPrinted(args: readonly string[], etcdKey?: string): Promise<string> {
    return this.#read(await this.etcd.etcdctl(args), etcdKey);
  }

  async #read(input: Uint8Array | string, etcdKey: string | undefined): Promise<string> {
    const at = etcdKey === undefined ? [] : ['--etcd-key', etcdKey];
    const args = ['atrest', 'read', '--config', 'encryption.yaml', ...at, '-'];
    const { code, stdout, stderr } = await this.#sandbox.run(args, { input });
    if (code !== 0) return stderr;
    const [said = stderr] = /stored in plaintext|written with the .*/.exec(stderr) ?? [];
    const object = JSON.parse(stdout) as {
      kind: string;
      data?: { password: string };
      metadata: { name: string };
    };
    const { kind, data, metadata } = object;
    const held =
      data === undefined ? `${kind} ${metadata.name}` : Buffer.from(data.password, 'base64').toString();
    return `${said}: ${held}`;
  }

  /** What `purser atrest audit` says of a snapshot, taken by etcdctl where it is there. */
  async audit(taken = this.#snapshot(), resource = 'secrets'): Promise<Audited> {
    const path = await taken;
    const args = ['atrest', 'audit', path, '--config', 'encryption.yaml', '--format', 'json'];
    const { code, stdout } = await this.#sandbox.run(args);
    const { counts, plaintext } = JSON.parse(stdout) as {
      counts: readonly AuditRow[];
      plaintext: readonly { resource: string; name: string; age: string }[];
    };
    const own = counts.filter((row) => row.resource === resource);
    return {
      code,
      stored: own
        .map(
          ({ provider, key, current, superseded }) =>
            `${[provider, ...(key === undefined ? [] : [key])].join('/')} ${current}+${superseded}`,
        )
        .toSorted(),
      plaintext: plaintext
        .filter((row) => row.resource === resource)
        .map(({ name, age }) => `${name} ${age}`),
    };
  }

  /** The same as the checklist takes it. */
  async auditFor(names: Parameters<typeof auditSnapshotFile>[1]): Promise<SnapshotAudit> {
    return auditSnapshotFile(await this.#snapshot(), names);
  }

  /** A snapshot that etcd's gateway gives: what there is without etcdctl. */
  async snapshotOfGateway(): Promise<string> {
    const path = join(this.#folder, 'gateway.db');
    writeFileSync(path, await this.etcd.snapshot());
    return path;
  }

  async #snapshot(): Promise<string> {
    if (find('etcdctl') === undefined) return this.snapshotOfGateway();
    const path = join(this.#folder, 'etcdctl.db');
    rmSync(path, { force: true });
    await this.etcd.etcdctl(['snapshot', 'save', path]);
    return path;
  }
}

/** What stands in a Secret of this name. */
export function valueOf(name: string): string {
  return `password of ${name}`;
}
