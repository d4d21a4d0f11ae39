import { describe, expect, it } from 'vitest';
import type { ConfigurationFile } from '../../../../src/app/at-rest/compare-files.ts';
import type { EncryptionMetrics } from '../../../../src/app/at-rest/encryption-metrics.ts';
import { reportOf } from '../../../../src/app/at-rest/encryption-report.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { failed, ok } from '../../../../src/core/result.ts';
import { configurationHash } from '../../../../src/crypto/at-rest/configuration-hash.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { encryptionMetrics } from '../../../support/encryption-metrics.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const secretbox = (...names: readonly string[]) =>
  `{secretbox: {keys: [${names.map((name) => `{name: ${name}, secret: ${key}}`).join(', ')}]}}`;
const identity = '{identity: {}}';

function file(path: string, rules: Readonly<Record<string, readonly string[]>>): ConfigurationFile {
  const list = Object.entries(rules).map(
    ([resources, providers]) => `  - resources: [${resources}]\n    providers: [${providers.join(', ')}]\n`,
  );
  const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n${list.join('')}`;
  const { configuration, errors } = readConfiguration(text);
  expect(errors).toEqual([]);
  return { path, hash: configurationHash(Buffer.from(text)), configuration };
}

const wrote = (name: string, resource = 'secrets') =>
  ['k8s:enc:secretbox:v1:', `${name}:`].map((prefix) => ({
    ...({ resource, direction: 'write', prefix, status: 'OK', count: 1 } as const),
  }));
function metrics(
  transformations: EncryptionMetrics['transformations'],
  runs?: ConfigurationFile,
): { metrics: ReturnType<typeof ok<EncryptionMetrics>> } {
  return {
    metrics: ok(
      encryptionMetrics({
        transformations,
        configurations: runs === undefined ? [] : [{ apiserver: 'sha256:ab', hash: runs.hash }],
      }),
    ),
  };
}

const running = file('prod/enc.yaml', {
  secrets: [secretbox('key1'), identity],
  'configmaps, widgets.example.com': [identity],
});
const next = file('prod/next.yaml', { secrets: [secretbox('key2', 'key1'), identity] });
const other = file('stage/enc.yaml', { secrets: [secretbox('stage')] });

describe('the encryption of a cluster', () => {
  it('is told for Secrets first, and for all that metrics or the running configuration name', () => {
    const told = metrics([...wrote('key1'), ...wrote('key1', 'deployments.apps')], running);
    const { resources } = reportOf(told, [running]);
    expect(resources.map(({ resource, judged }) => [resource, judged.phase])).toEqual([
      ['secrets', 'Active'],
      ['configmaps', 'None'],
      ['deployments.apps', 'None'],
      ['widgets.example.com', 'None'],
    ]);
    expect(resources[0].configured?.readers).toEqual(['secretbox/key1', 'identity']);
  });

  it('takes the writer from the configuration that runs, while nothing was written', () => {
    const read = [{ ...wrote('key1')[0], prefix: 'identity', direction: 'read' } as const] as never;
    expect(reportOf(metrics(read, running), []).resources[0].judged).toMatchObject({ phase: 'Unknown' });
    expect(reportOf(metrics(read, running), [running]).resources[0].judged).toMatchObject({
      phase: 'Partial',
    });
  });

  it('is not there for what the running configuration leaves out', () => {
    const without = file('a.yaml', { configmaps: [secretbox('key1')] });
    const { resources } = reportOf(metrics([], without), [without]);
    expect(resources.map(({ resource, judged }) => `${resource} ${judged.phase}`)).toEqual([
      'secrets None',
      'configmaps Unknown',
    ]);
  });

  it('is told of no more resources than anybody encrypts, whoever made them up, and always of those asked for', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `r${index}`);
    const wide = file('a.yaml', { [names.join(', ')]: [secretbox('key1')] });
    const { resources, covered } = reportOf(metrics([], wide), [wide], ['zebras']);
    expect(resources.length).toBeLessThan(1_000);
    expect(covered.length).toBeLessThan(1_000);
    expect(resources.map(({ resource }) => resource)).toContain('zebras');
  });

  it('does not take one of two configurations of an API server for the one that runs', () => {
    const configurations = [next, running].map(({ hash }) => ({ apiserver: 'sha256:ab', hash }));
    const both = { metrics: ok(encryptionMetrics({ transformations: wrote('key1'), configurations })) };
    expect(reportOf(both, [next, running])).toMatchObject({ runs: undefined, covered: [] });
  });

  it('names what the running configuration covers, wildcards included, with what writes it', () => {
    const wide = file('a.yaml', { secrets: [secretbox('key1')], '"*.apps"': [identity] });
    const { covered, resources } = reportOf(metrics([], wide), [wide]);
    expect(covered).toEqual([
      { name: 'secrets', writer: { provider: 'secretbox', keyName: 'key1' } },
      { name: '*.apps', writer: { provider: 'identity', keyName: undefined } },
    ]);
    expect(resources.map(({ resource }) => resource)).toEqual(['secrets']);
  });

  const server = 'cluster.test';
  it.each([
    [new Failure('cluster.forbidden', { server, what: 'get /metrics' }), 'no-right'],
    [new Failure('cluster.bad-answer', { server, reason: 'it is a web page' }), 'no-api-server'],
    [new Failure('cluster.not-found', { what: '/metrics' }), 'no-api-server'],
    [new Failure('cluster.timeout', { server }), 'not-answered'],
  ])('is unknown without metrics: %s', (failure, reason) => {
    const { resources, files } = reportOf({ metrics: failed(failure) }, [running]);
    expect(resources.map(({ judged }) => [judged.phase, judged.reasons])).toEqual([['Unknown', [reason]]]);
    expect(files.map(({ verdict }) => verdict)).toEqual(['unknown']);
  });
});

describe('the configurations of the workspace', () => {
  const compare = (told = metrics(wrote('key1'), running), files = [other, next, running]) =>
    reportOf(told, files).files;

  it('are told apart by their bytes: the one that runs, those with its keys, and others', () => {
    expect(compare().map(({ file: { path }, verdict, isLikely }) => [path, verdict, isLikely])).toEqual([
      ['prod/enc.yaml', 'runs', true],
      ['prod/next.yaml', 'differs', true],
      ['stage/enc.yaml', 'differs', false],
    ]);
  });

  it("say what they would change, where they may be the same cluster's", () => {
    const [, changed, unrelated] = compare();
    const secrets = changed?.changes?.find(({ resource }) => resource === 'secrets');
    expect(secrets).toMatchObject({
      writer: { before: 'secretbox/key1', after: 'secretbox/key2' },
      added: ['secretbox/key2'],
      removed: [],
    });
    expect(unrelated?.changes).toBeUndefined();
  });

  it('are recognised by a key that was seen, where none of them runs', () => {
    const [likely, unlikely] = compare(metrics(wrote('key1'), running), [other, next]);
    expect([likely?.file.path, likely?.isLikely, likely?.changes]).toEqual([
      'prod/next.yaml',
      true,
      undefined,
    ]);
    expect(unlikely?.isLikely).toBe(false);
  });
});
