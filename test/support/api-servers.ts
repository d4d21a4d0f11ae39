import { keysFor } from '../../src/app/at-rest/configured-keys.ts';
import type { EncryptionMetrics } from '../../src/app/at-rest/encryption-metrics.ts';
import type { ClusterEncryption, StaticApiServer } from '../../src/app/clusters/cluster-encryption.ts';
import { Failure } from '../../src/core/errors.ts';
import { ok } from '../../src/core/result.ts';
import { configurationHash } from '../../src/crypto/at-rest/configuration-hash.ts';
import type { StoredValueKey } from '../../src/crypto/at-rest/stored-key.ts';
import { readStoredMark } from '../../src/crypto/at-rest/stored-mark.ts';
import { openStoredValue } from '../../src/crypto/at-rest/stored-value.ts';
import type { EncryptionConfiguration } from '../../src/manifest/at-rest/configuration.ts';
import { coverageOf } from '../../src/manifest/at-rest/coverage.ts';
import { readConfiguration } from '../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../src/manifest/at-rest/readers.ts';
import { sealed } from './stored-values.ts';

const secrets = { group: '', resource: 'secrets' };

/** An API server as far as encryption at rest goes: reads and writes values of etcd by the configuration that it has loaded. */
export class ApiServer {
  readonly name: string;
  readonly #etcd: Map<string, Uint8Array>;
  #text: string | undefined;
  #configuration: EncryptionConfiguration | undefined;
  #wrote = new Map<string, number>();
  #reloads = 0;

  constructor(name: string, etcd: Map<string, Uint8Array>, text: string | undefined) {
    this.name = name;
    this.#etcd = etcd;
    this.#load(text);
  }

  get text(): string | undefined {
    return this.#text;
  }

  /** What it counts begins anew. */
  restart(text = this.#text): void {
    this.#load(text);
    this.#wrote = new Map();
    this.#reloads = 0;
  }

  /** What it counts goes on. */
  reload(text: string): void {
    this.#load(text);
    this.#reloads++;
  }

  #load(text: string | undefined): void {
    this.#text = text;
    this.#configuration = text === undefined ? undefined : readConfiguration(text).configuration;
  }

  write(path: string, value: Uint8Array): void {
    const [writer] = this.#readers();
    const [key] = this.#keys();
    const isPlain = writer === undefined || writer.kind === 'identity';
    const stored = isPlain || key === undefined ? value : sealed(key, value, path);
    const prefixes = isPlain || key === undefined ? [''] : [`k8s:enc:${key.provider}:v1:`, `${key.name}:`];
    if (this.#configuration !== undefined)
      for (const prefix of prefixes) this.#wrote.set(prefix, (this.#wrote.get(prefix) ?? 0) + 1);
    this.#etcd.set(path, stored);
  }

  /** Throws where it cannot: `identity` refuses what is encrypted, and keys what is not. */
  read(path: string): Uint8Array {
    const stored = this.#etcd.get(path);
    if (stored === undefined) throw new Error('there is no such value');
    const isPlain = readStoredMark(stored).provider === 'identity';
    const readers = this.#readers();
    if (isPlain && (readers.length === 0 || readers.some(({ kind }) => kind === 'identity'))) return stored;
    if (isPlain) throw new Failure('stored.key-missing', { provider: 'identity', keyName: '' });
    return openStoredValue(stored, this.#keys(), path).plaintext.expose();
  }

  /** As it may say of itself at `/metrics`. */
  metrics(): EncryptionMetrics {
    const apiserver = configurationHash(Buffer.from(this.name));
    const hash = this.#text === undefined ? undefined : configurationHash(Buffer.from(this.#text));
    return {
      isApiServer: true,
      isCut: false,
      startedSeconds: 0,
      transformations: [...this.#wrote].map(([prefix, count]) => ({
        resource: 'secrets',
        direction: 'write',
        prefix,
        status: 'OK',
        count,
      })),
      configurations: hash === undefined ? [] : [{ apiserver, hash }],
      reloads:
        this.#reloads === 0
          ? []
          : [{ apiserver, status: 'success', count: this.#reloads, lastSeconds: undefined }],
      kmsKeys: [],
      dekCacheMisses: undefined,
      dekFailures: undefined,
      dekCacheSizes: new Map(),
    };
  }

  #readers() {
    return this.#configuration === undefined
      ? []
      : readersOf(coverageOf(this.#configuration, secrets).readers);
  }

  #keys(): readonly StoredValueKey[] {
    return this.#configuration === undefined ? [] : keysFor(this.#configuration, secrets);
  }
}

/** What a cluster tells when this API server answers. */
export function toldBy(server: ApiServer, pods: readonly ApiServer[]): ClusterEncryption {
  const podOf = ({ name, text }: ApiServer): StaticApiServer => ({
    pod: `kube-apiserver-${name}`,
    configuration: text === undefined ? undefined : '/etc/kubernetes/encryption.yaml',
    reloads: false,
  });
  return { metrics: ok(server.metrics()), apiServers: ok(pods.map(podOf)) };
}
