import { describe, expect, it } from 'vitest';
import type {
  EncryptionMetrics,
  TransformationCount,
} from '../../../../src/app/at-rest/encryption-metrics.ts';
import { keyUses } from '../../../../src/app/at-rest/key-uses.ts';
import { judgePhase, unknownPhase } from '../../../../src/app/at-rest/phase.ts';
import { phaseSentences } from '../../../../src/app/at-rest/phase-sentences.ts';

const row = (
  direction: 'read' | 'write',
  prefix: string,
  count = 1,
  resource: string | undefined = 'secrets',
  status = 'OK',
): TransformationCount => ({ resource, direction, prefix, status, count });
const use = (
  direction: 'read' | 'write',
  provider: string,
  name: string,
  count = 1,
  resource = 'secrets',
) => [
  row(direction, `k8s:enc:${provider}:v1:`, count, resource),
  row(direction, `${name}:`, count, resource),
];
const metrics = (
  transformations: readonly TransformationCount[],
  more: Partial<EncryptionMetrics> = {},
): EncryptionMetrics => ({
  isApiServer: true,
  isCut: false,
  startedSeconds: 1,
  transformations,
  configurations: [{ apiserver: 'sha256:ab', hash: 'sha256:6bc9' }],
  reloads: [],
  kmsKeys: [],
  dekCacheMisses: undefined,
  dekFailures: undefined,
  dekCacheSizes: new Map(),
  ...more,
});
const judged = (...rows: readonly TransformationCount[]) => judgePhase(metrics(rows), 'secrets');

describe('the phase of a resource', () => {
  it.each([
    ['None', 'identity-writes', [row('write', ''), row('read', 'identity')]],
    [
      'None',
      'still-decrypting',
      [row('write', ''), row('read', 'identity'), ...use('read', 'aescbc', 'key1')],
    ],
    ['Partial', 'plaintext-read', [...use('write', 'secretbox', 'key1'), row('read', 'identity')]],
    [
      'Partial',
      'other-key-read',
      [...use('write', 'secretbox', 'key2', 3), ...use('read', 'secretbox', 'key1')],
    ],
    [
      'Partial',
      'other-key-read',
      [...use('write', 'secretbox', 'key1', 3), ...use('read', 'aescbc', 'key1')],
    ],
    ['Partial', 'several-writers', [...use('write', 'secretbox', 'key1', 3), row('write', '')]],
    ['Partial', 'several-writers', [...use('write', 'aescbc', 'key1', 3), row('write', 'key2:', 2)]],
    ['Partial', 'other-key-read', [row('write', 'k8s:enc:kms:v2:new:'), row('read', 'k8s:enc:kms:v2:old:')]],
    [
      'Active',
      'one-writer',
      [...use('write', 'secretbox', 'key1', 3), ...use('read', 'secretbox', 'key1', 9)],
    ],
    ['Active', 'one-writer', [row('write', 'k8s:enc:kms:v2:new:'), row('read', 'k8s:enc:kms:v2:new:')]],
    ['Active', 'one-writer', use('write', 'aesgcm', 'key1')],
    ['Unknown', 'nothing-written', use('read', 'aescbc', 'key1')],
    ['Unknown', 'nothing-recorded', [row('write', '', 5, 'configmaps')]],
  ] as const)('%s: %s', (phase, reason, rows) => {
    expect(judged(...rows)).toMatchObject({ phase, reasons: expect.arrayContaining([reason]) });
    expect(judged(...rows).reasons[0]).toBe(reason);
  });

  it('is None without a configuration, and Unknown with one that did nothing yet', () => {
    expect(judgePhase(metrics([], { configurations: [] }), 'secrets')).toMatchObject({
      phase: 'None',
      reasons: ['no-configuration'],
    });
    expect(judged().reasons).toEqual(['nothing-recorded']);
  });

  it('is judged by the key that comes first in the configuration where nothing was written yet', () => {
    const read = metrics(use('read', 'aescbc', 'key1'));
    const phaseWith = (keyName: string) => judgePhase(read, 'secrets', { provider: 'aescbc', keyName });
    expect(phaseWith('key1')).toMatchObject({ phase: 'Active', reasons: ['one-writer'] });
    expect(phaseWith('key2')).toMatchObject({ phase: 'Partial', reasons: ['other-key-read'] });
    const identity = { provider: 'identity', keyName: undefined } as const;
    expect(judgePhase(read, 'secrets', identity).reasons).toEqual(['still-decrypting']);
    expect(judgePhase(metrics([]), 'secrets', identity).reasons).toEqual(['identity-writes']);
  });

  it('is judged by the configuration that runs, not by what wrote before it was loaded', () => {
    const before = [...use('write', 'secretbox', 'key1', 3), ...use('read', 'secretbox', 'key1', 9)];
    const phaseWith = (rows: readonly TransformationCount[], keyName: string | undefined) =>
      judgePhase(metrics(rows), 'secrets', {
        provider: keyName === undefined ? 'identity' : 'secretbox',
        keyName,
      });
    expect(phaseWith(before, 'key1')).toMatchObject({ phase: 'Active' });
    expect(phaseWith(before, undefined)).toMatchObject({ phase: 'None', reasons: ['still-decrypting'] });
    expect(phaseWith([...before, row('write', '')], undefined)).toMatchObject({ phase: 'None' });
    expect(phaseWith(before, 'key2')).toMatchObject({ phase: 'Partial', reasons: ['other-key-read'] });
    const unread = use('write', 'secretbox', 'key1', 3);
    expect(phaseWith(unread, 'key2')).toMatchObject({ phase: 'Partial', reasons: ['other-key-wrote'] });
  });

  it('is not that of other resources where an old API server mixes them and the configuration leaves this one out', () => {
    const mixed = use('write', 'secretbox', 'key1', 3).map((one) => ({ ...one, resource: undefined }));
    const identity = { provider: 'identity', keyName: undefined } as const;
    expect(judgePhase(metrics(mixed), 'secrets', identity)).toMatchObject({
      phase: 'None',
      reasons: ['identity-writes', 'resources-mixed'],
    });
  });

  it('is not mixed with that of another resource', () => {
    const rows = [...use('write', 'aescbc', 'key1'), row('read', 'identity', 4, 'configmaps')];
    expect(judged(...rows).phase).toBe('Active');
    expect(judgePhase(metrics(rows), 'configmaps')).toMatchObject({ reasons: ['nothing-written'] });
  });

  it('of an old API server says that resources are not told apart', () => {
    const old = [...use('write', 'aescbc', 'key1'), row('read', 'identity')].map((one) => ({
      ...one,
      resource: undefined,
    }));
    expect(judged(...old)).toMatchObject({
      phase: 'Partial',
      reasons: ['plaintext-read', 'resources-mixed'],
    });
  });

  it('leaves failed operations out, and says that there were some', () => {
    const failed = row('read', 'old:', 2, 'secrets', 'unknown-non-grpc');
    expect(judged(...use('write', 'aescbc', 'key1'), failed)).toMatchObject({
      phase: 'Active',
      reasons: ['one-writer', 'reads-failed'],
    });
  });

  it('is Unknown of a page that is cut, or is none, or could not be had', () => {
    const rows = use('write', 'aescbc', 'key1');
    expect(judgePhase(metrics(rows, { isCut: true }), 'secrets').reasons).toEqual(['page-cut']);
    expect(judgePhase(metrics(rows, { isApiServer: false }), 'secrets').reasons).toEqual(['no-api-server']);
    expect(unknownPhase('no-right')).toMatchObject({ phase: 'Unknown', reasons: ['no-right'] });
  });

  it('has a sentence for every reason, and Active says what it does not know', () => {
    expect(Object.values(phaseSentences).every((sentence) => /^[a-z]/.test(sentence))).toBe(true);
    expect(phaseSentences['one-writer']).toMatch(/since it started/);
  });
});

describe('who reads and writes', () => {
  it('is told by provider and key name', () => {
    expect(keyUses([...use('read', 'aescbc', 'key1', 4), row('read', 'identity', 2)], 'read')).toEqual({
      uses: [
        { provider: 'identity', keyName: undefined, count: 2 },
        { provider: 'aescbc', keyName: 'key1', count: 4 },
      ],
      unplaced: [],
      failures: 0,
    });
  });

  it('is told of two keys of one provider, and of names with colons', () => {
    const rows = [row('read', 'k8s:enc:secretbox:v1:', 5), row('read', 'a:b:', 2), row('read', 'c:', 3)];
    expect(keyUses(rows, 'read').uses).toEqual([
      { provider: 'secretbox', keyName: 'a:b', count: 2 },
      { provider: 'secretbox', keyName: 'c', count: 3 },
    ]);
  });

  it('is told of two providers by their numbers, and left open where these are equal', () => {
    const clear = [...use('read', 'aescbc', 'old', 4), ...use('read', 'secretbox', 'new', 7)];
    expect(keyUses(clear, 'read')).toMatchObject({
      uses: [
        { provider: 'aescbc', keyName: 'old' },
        { provider: 'secretbox', keyName: 'new' },
      ],
      unplaced: [],
    });
    const equal = [...use('read', 'aescbc', 'old', 4), ...use('read', 'secretbox', 'new', 4)];
    expect(keyUses(equal, 'read')).toMatchObject({
      uses: [{ keyName: undefined }, { keyName: undefined }],
      unplaced: ['old', 'new'],
    });
  });

  it('is told of two providers where it is known which key the one that writes has', () => {
    const rows = [
      ...use('read', 'aescbc', 'new', 3),
      row('read', 'k8s:enc:secretbox:v1:', 9),
      row('read', 'old:', 6),
      row('read', 'older:', 3),
    ];
    expect(keyUses(rows, 'read', [{ provider: 'aescbc', keyName: 'new' }])).toEqual({
      uses: [
        { provider: 'aescbc', keyName: 'new', count: 3 },
        { provider: 'secretbox', keyName: 'old', count: 6 },
        { provider: 'secretbox', keyName: 'older', count: 3 },
      ],
      unplaced: [],
      failures: 0,
    });
  });

  it('is told of one name that two providers have', () => {
    const rows = [...use('read', 'aescbc', 'key1', 3), row('read', 'k8s:enc:secretbox:v1:', 4)];
    rows.push(row('read', 'key1:', 4));
    expect(keyUses(rows, 'read', [{ provider: 'aescbc', keyName: 'key1' }]).uses).toEqual([
      { provider: 'aescbc', keyName: 'key1', count: 3 },
      { provider: 'secretbox', keyName: 'key1', count: 4 },
    ]);
  });

  it('is told of a KMS, and of a provider that is newer than this', () => {
    const rows = [row('write', 'k8s:enc:kms:v2:cloud:'), row('write', 'k8s:enc:quantum:v1:')];
    expect(keyUses(rows, 'write').uses).toEqual([
      { provider: 'kms v2', keyName: 'cloud', count: 1 },
      { provider: 'unknown', keyName: undefined, count: 1 },
    ]);
  });
});
