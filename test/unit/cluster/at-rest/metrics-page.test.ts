import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSample } from '../../../../src/cluster/at-rest/metrics-line.ts';
import { MetricsPage, metricsBytesLimit } from '../../../../src/cluster/at-rest/metrics-page.ts';
import { runs } from '../../../support/arbitraries.ts';

const text = `# HELP apiserver_storage_transformation_operations_total [ALPHA] Total number of transformations.
# TYPE apiserver_storage_transformation_operations_total counter
apiserver_storage_transformation_operations_total{resource="secrets",status="OK",transformation_type="to_storage",transformer_prefix="k8s:enc:aescbc:v1:"} 7
apiserver_storage_transformation_operations_total{resource="secrets",status="OK",transformation_type="from_storage",transformer_prefix="identity"} 1.2e+03
apiserver_storage_transformation_duration_seconds_bucket{transformation_type="to_storage",transformer_prefix="k",le="+Inf"} 7
apiserver_storage_envelope_transformation_cache_misses_total 4
apiserver_storage_data_key_generation_failures_total 0
apiserver_encryption_config_controller_last_config_info{apiserver_id_hash="sha256:ab",hash="sha256:6bc9"} 1
apiserver_encryption_config_controller_automatic_reloads_total{apiserver_id_hash="sha256:ab",status="failure"} 3
apiserver_encryption_config_controller_automatic_reload_last_timestamp_seconds{apiserver_id_hash="sha256:ab",status="failure"} 1.7e+09
apiserver_envelope_encryption_key_id_hash_total{apiserver_id_hash="sha256:ab",key_id_hash="sha256:12",provider_name="cloud",transformation_type="to_storage"} 9
apiserver_envelope_encryption_dek_source_cache_size{provider_name="cloud"} 2
go_goroutines 900
process_start_time_seconds 1.70000000012e+09 1700000000000
`;

function read(page: string | Uint8Array, size = page.length) {
  const bytes = Buffer.from(page);
  const metrics = new MetricsPage();
  for (let at = 0; at < bytes.length; at += size) metrics.add(bytes.subarray(at, at + size));
  return metrics.end();
}

describe('a page of metrics', () => {
  it('says who read and wrote, which configuration runs, and what KMS were used', () => {
    expect(read(text)).toEqual({
      isApiServer: true,
      isCut: false,
      startedSeconds: 1700000000.12,
      transformations: [
        { resource: 'secrets', direction: 'write', prefix: 'k8s:enc:aescbc:v1:', status: 'OK', count: 7 },
        { resource: 'secrets', direction: 'read', prefix: 'identity', status: 'OK', count: 1200 },
      ],
      configurations: [{ apiserver: 'sha256:ab', hash: 'sha256:6bc9' }],
      reloads: [{ apiserver: 'sha256:ab', status: 'failure', count: 3, lastSeconds: 1.7e9 }],
      kmsKeys: [{ kmsName: 'cloud', direction: 'write', keyIdSha256: '12', count: 9 }],
      dekCacheMisses: 4,
      dekFailures: 0,
      dekCacheSizes: new Map([['cloud', 2]]),
    });
  });

  it('is read the same in portions of any size, with or without its last line break', () => {
    const whole = read(text);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.boolean(), (size, ends) => {
        expect(read(ends ? text : text.trimEnd(), size)).toEqual(whole);
      }),
      runs(60),
    );
  });

  it('of an old API server tells no resources apart', () => {
    const old =
      'apiserver_storage_transformation_operations_total{status="OK",transformation_type="from_storage",transformer_prefix="unknown"} 1';
    expect(read(old).transformations).toEqual([
      { resource: undefined, direction: 'read', prefix: 'unknown', status: 'OK', count: 1 },
    ]);
  });

  it('of something else is not that of an API server', () => {
    expect(read('<html>\n<h1>Login</h1>\n')).toMatchObject({ isApiServer: false, transformations: [] });
    expect(read('apiserver_request_total{code="200"} 1\n').isApiServer).toBe(true);
  });

  it('of 50 MB is read in seconds, and one beyond the limit is cut', () => {
    const line = `apiserver_request_duration_seconds_bucket{component="apiserver",resource="pods",scope="cluster",le="0.1"} 5\n`;
    const chunk = Buffer.from(line.repeat(10_000));
    const metrics = new MetricsPage();
    const before = process.cpuUsage();
    let bytes = 0;
    for (; bytes < 50_000_000; bytes += chunk.length) expect(metrics.add(chunk)).toBe(true);
    metrics.add(Buffer.from(text));
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
    expect(metrics.end()).toMatchObject({ isCut: false, startedSeconds: 1700000000.12 });
    while (metrics.add(chunk)) bytes += chunk.length;
    expect(bytes).toBeLessThanOrEqual(metricsBytesLimit);
    expect(metrics.end().isCut).toBe(true);
  });

  it('passes over lines without an end, and reads what follows', () => {
    const endless = `apiserver_storage_x{a="${'y'.repeat(20_000_000)}"} 1\n`;
    expect(read(`${endless}process_start_time_seconds 5\n`, 65_536).startedSeconds).toBe(5);
  });

  it('keeps so many rows', () => {
    const rows = Array.from(
      { length: 6_000 },
      (_, index) =>
        `apiserver_storage_transformation_operations_total{resource="r${index}",status="OK",transformation_type="to_storage",transformer_prefix=""} 1`,
    );
    const page = read(rows.join('\n'), 50_000);
    expect(page.isCut).toBe(true);
    expect(page.transformations.length).toBeLessThanOrEqual(6_000);
  });

  it('of any text is no crash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (rest) => {
        read(`apiserver_storage_${rest}\napiserver_storage_transformation_operations_total{${rest}} 1\n`);
      }),
      runs(200),
    );
  });
});

describe('a sample', () => {
  it.each([
    ['a 1', { name: 'a', labels: {}, value: 1 }],
    ['a{} 1', { name: 'a', labels: {}, value: 1 }],
    ['a{b="c",} 1 1700', { name: 'a', labels: { b: 'c' }, value: 1 }],
    ['a{b="x\\"y\\\\z\\n",c="}"} 2.5', { name: 'a', labels: { b: 'x"y\\z\n', c: '}' }, value: 2.5 }],
  ])('%s', (line, expected) => {
    const sample = readSample(line);
    expect({ ...sample, labels: Object.fromEntries(sample?.labels ?? []) }).toEqual(expected);
  });

  it.each([
    '',
    '# HELP a b',
    'a',
    'a{b="c"',
    'a{b="c} 1',
    'a{b=c} 1',
    'a NaN',
    'a +Inf',
    'a{b="c"} x',
    '{} 1',
  ])('none: %j', (line) => {
    expect(readSample(line)).toBeUndefined();
  });
});
