import type {
  Direction,
  EncryptionMetrics,
  KmsKeyUse,
  ReloadCount,
  RunningConfiguration,
  TransformationCount,
} from '../../app/at-rest/encryption-metrics.ts';
import { readSample, type Sample } from './metrics-line.ts';

/** As much of a page as is read: a large cluster's has some 50 MB. */
export const metricsBytesLimit = 64 * 1024 * 1024;

const longestLine = 16 * 1024;
const rowsAtMost = 5_000;
const lineFeed = 0x0a;

const [storage, controller, envelope] = [
  'apiserver_storage_',
  'apiserver_encryption_config_controller_',
  'apiserver_envelope_encryption_',
];
const started = 'process_start_time_seconds';

/** Reads a page of metrics as it comes, and keeps what is about encryption: lines of others are not even decoded. */
export class MetricsPage {
  readonly #transformations: TransformationCount[] = [];
  readonly #configurations: RunningConfiguration[] = [];
  readonly #reloads = new Map<string, ReloadCount>();
  readonly #kmsKeys: KmsKeyUse[] = [];
  readonly #dekCacheSizes = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  #rest: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #rows = 0;
  #isApiServer = false;
  #isCut = false;

  /** Takes the next bytes of the page. False where the page is longer than what is read of one: no more are taken. */
  add(bytes: Uint8Array): boolean {
    this.#bytes += bytes.byteLength;
    if (this.#bytes > metricsBytesLimit) this.#isCut = true;
    if (this.#isCut) return false;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      const line = chunk.subarray(start, end);
      this.#line(this.#rest.byteLength === 0 ? line : Buffer.concat([this.#rest, line]));
      this.#rest = this.#rest.subarray(0, 0);
      start = end + 1;
    }
    // The head of a line that is too long is kept: what is added to it stays too long.
    const rest = chunk.subarray(start, start + longestLine + 1);
    if (this.#rest.byteLength <= longestLine) this.#rest = Buffer.concat([this.#rest, rest]);
    return true;
  }

  /** What the page says; a last line without a line break counts. */
  end(): EncryptionMetrics {
    this.#line(this.#rest);
    this.#rest = this.#rest.subarray(0, 0);
    return {
      isApiServer: this.#isApiServer,
      isCut: this.#isCut,
      startedSeconds: this.#numbers.get(started),
      transformations: this.#transformations,
      configurations: this.#configurations,
      reloads: [...this.#reloads.values()],
      kmsKeys: this.#kmsKeys,
      dekCacheMisses: this.#numbers.get(`${storage}envelope_transformation_cache_misses_total`),
      dekFailures: this.#numbers.get(`${storage}data_key_generation_failures_total`),
      dekCacheSizes: this.#dekCacheSizes,
    };
  }

  #line(line: Buffer): void {
    const text = line.byteLength > longestLine ? '' : line.toString('latin1', 0, 48);
    if (!text.startsWith('apiserver_') && !text.startsWith(started)) return;
    this.#isApiServer ||= text.startsWith('apiserver_');
    const isWanted = [storage, controller, envelope, started].some((prefix) => text.startsWith(prefix));
    const sample = isWanted ? readSample(line.toString('utf8')) : undefined;
    if (sample === undefined) return;
    const wasKept = this.#keep(sample);
    if (wasKept && ++this.#rows > rowsAtMost) this.#isCut = true;
  }

  /** Whether the sample is one that is kept. */
  #keep(sample: Sample): boolean {
    const { name, value } = sample;
    const label = (key: string) => sample.labels.get(key) ?? '';
    if (name === `${storage}transformation_operations_total`) this.#transformations.push(countOf(sample));
    else if (name === `${controller}last_config_info`)
      this.#configurations.push({ apiserver: label('apiserver_id_hash'), hash: label('hash') });
    else if (name === `${controller}automatic_reloads_total`) this.#reload(sample, { count: value });
    else if (name === `${controller}automatic_reload_last_timestamp_seconds`)
      this.#reload(sample, { lastSeconds: value });
    else if (name === `${envelope}key_id_hash_total`) this.#kmsKeys.push(keyUseOf(sample));
    else if (name === `${envelope}dek_source_cache_size`)
      this.#dekCacheSizes.set(label('provider_name'), value);
    else if (sample.labels.size === 0) this.#numbers.set(name, value);
    else return false;
    return true;
  }

  #reload({ labels }: Sample, part: Partial<ReloadCount>): void {
    const [apiserver, status] = [labels.get('apiserver_id_hash') ?? '', labels.get('status') ?? ''];
    const id = JSON.stringify([apiserver, status]);
    const known = this.#reloads.get(id) ?? { apiserver, status, count: 0, lastSeconds: undefined };
    this.#reloads.set(id, { ...known, ...part });
  }
}

function countOf({ labels, value }: Sample): TransformationCount {
  return {
    resource: labels.get('resource'),
    direction: directionOf(labels),
    prefix: labels.get('transformer_prefix') ?? '',
    status: labels.get('status') ?? '',
    count: value,
  };
}

function keyUseOf({ labels, value }: Sample): KmsKeyUse {
  return {
    kmsName: labels.get('provider_name') ?? '',
    direction: directionOf(labels),
    keyIdSha256: hexOf(labels.get('key_id_hash') ?? ''),
    count: value,
  };
}

function directionOf(labels: ReadonlyMap<string, string>): Direction {
  return labels.get('transformation_type') === 'to_storage' ? 'write' : 'read';
}

function hexOf(hash: string): string {
  return hash.replace(/^sha256:/, '');
}
