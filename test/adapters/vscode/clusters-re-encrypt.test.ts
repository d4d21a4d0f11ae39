import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EncryptionMetrics } from '../../../src/app/at-rest/encryption-metrics.ts';
import type { ReEncrypted, ReEncryptionWay } from '../../../src/app/clusters/cluster-encryption.ts';
import { Failure } from '../../../src/core/errors.ts';
import { ok } from '../../../src/core/result.ts';
import { reEncrypt } from '../../../src/vscode/clusters/re-encrypt.ts';
import { reEncryptNow } from '../../../src/vscode/clusters/re-encrypt-now.ts';
import { type Planned, questionOf } from '../../../src/vscode/clusters/re-encrypt-words.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { ActingSession, ListedClusters } from '../../support/acting-clusters.ts';
import { encryptionMetrics } from '../../support/encryption-metrics.ts';
import {
  answers,
  cancelProgress,
  messages,
  progressReports,
  progressTitles,
  questions,
  registered,
  workspace,
} from '../../support/fake-vscode.ts';

const secrets = { group: '', resource: 'secrets' };
const done: ReEncrypted = { way: 'replace', written: 3, gone: 0, failed: [] };
const migrated: ReEncrypted = { ...done, way: 'storage-version-migration', written: undefined };
const wrote = (prefix: string) => ({
  ...({ resource: 'secrets', direction: 'write', prefix, status: 'OK', count: 1 } as const),
});
const secretbox = [wrote('k8s:enc:secretbox:v1:'), wrote('key1:')];

let session: ActingSession;
let clusters: ListedClusters;
let asked: string[];
let ways: readonly ReEncryptionWay[];
let outcome: (way: ReEncryptionWay, signal: AbortSignal) => Promise<ReEncrypted>;
let logged: string[];

beforeEach(() => {
  registered.clear();
  for (const list of [answers, messages, questions, progressReports, progressTitles]) list.length = 0;
  workspace.workspaceFolders = [];
  [asked, logged] = [[], []];
  ways = ['replace'];
  outcome = async () => done;
  session = new ActingSession();
  clusters = new ListedClusters();
  tell(secretbox);
  session.waysToReEncrypt = async () => ways;
  session.reEncrypt = async (resource, way, told, signal) => {
    asked.push(`${resource.resource} ${resource.group} ${way}`);
    told({ done: 0, all: 3 });
    told({ done: 2, all: 3 });
    return outcome(way, signal);
  };
});

function tell(transformations: EncryptionMetrics['transformations'], isConfigured = true): void {
  const configurations = isConfigured ? [{ apiserver: 'a', hash: 'sha256:6bc9' }] : [];
  const metrics = encryptionMetrics({ transformations, configurations });
  session.encryptionThere = async () => ({ metrics: ok(metrics), apiServers: ok([]) });
}
const askedAgain = vi.fn();
const log = { warn: (line: string) => void logged.push(line), show: () => void logged.push('shown') };
const services = () => ({
  log: log as never,
  clustersView: { rowOf: (row: unknown) => row as Row | undefined, askEncryptionAgain: askedAgain },
  clusterActions: { open: { all: () => clusters.all().map((cluster) => ({ cluster, session })) } },
});
const run = (resource = secrets) => reEncryptNow(clusters.set('prod', session), resource, services());

const key1 = { provider: 'secretbox', keyName: 'key1', count: 3 } as const;
const detailOf = (known: Pick<Planned, 'judged' | 'configured'>) =>
  questionOf({ cluster: 'prod', resource: 'secrets', ways: ['replace'], ...known }).detail;

describe('re-encrypting', () => {
  it('asks first, and says what will happen to what, and which key writes', async () => {
    expect(await run()).toBeUndefined();
    expect(asked).toEqual([]);
    const [question] = questions;
    expect(question?.message).toBe('Re-encrypt all secrets of prod?');
    for (const said of [
      /secretbox key1 writes them now/,
      /in all namespaces/,
      /audit log/,
      /webhooks/,
      /is fetched/,
    ])
      expect(question?.detail).toMatch(said);
  });

  it('shows how far it is, and tells what came of it', async () => {
    answers.push('Re-encrypt');
    expect(await run()).toEqual(done);
    expect(asked).toEqual(['secrets  replace']);
    expect(progressReports).toEqual(['0 of 3', '2 of 3']);
    expect(messages.at(-1)).toBe('All 3 secrets of prod were written anew.');
    expect(askedAgain).toHaveBeenCalledOnce();
  });

  it('says in plain words that plaintext will be written, where identity writes', async () => {
    tell([wrote('')]);
    answers.push('Re-encrypt');
    expect(await run()).toBeUndefined();
    expect(questions[0]?.message).toBe('Write all secrets of prod in plaintext?');
    expect(questions[0]?.detail).toMatch(/will be stored in clear text.*switched off/);
    answers.push('Write in Plaintext');
    expect(await run()).toEqual(done);
  });

  it('names the key of the configuration that runs, whatever wrote before that was loaded', () => {
    const judged = { phase: 'Partial', reasons: ['other-key-wrote'], writers: [key1], readers: [] } as const;
    expect(detailOf({ judged, configured: { provider: 'secretbox', keyName: 'key2' } })).toContain(
      'secretbox key2 writes them now, by the configuration that this API server runs.',
    );
  });

  it('is not certain of the key where an old API server tells no resources apart', () => {
    const judged = {
      phase: 'Active',
      reasons: ['one-writer', 'resources-mixed'],
      writers: [key1],
      readers: [],
    } as const;
    expect(detailOf({ judged, configured: undefined })).toContain('is not certain');
  });

  it('does nothing where there is no configuration', async () => {
    tell([], false);
    expect(await run()).toBeUndefined();
    expect([questions, messages]).toEqual([[], [expect.stringContaining('would encrypt nothing')]]);
  });

  it('leaves it to the cluster where that can, or does it one by one where the person wants that', async () => {
    ways = ['storage-version-migration', 'replace'];
    outcome = async (way) => (way === 'replace' ? done : migrated);
    answers.push('Re-encrypt');
    await run();
    answers.push('Re-encrypt One by One');
    await run();
    expect(asked).toEqual(['secrets  storage-version-migration', 'secrets  replace']);
    expect(messages.filter((line) => line.includes('anew.'))).toEqual([
      'The cluster has written all secrets of prod anew.',
      'All 3 secrets of prod were written anew.',
    ]);
  });

  it('offers the other way where nobody works on the migration', async () => {
    ways = ['storage-version-migration', 'replace'];
    const details = { name: 'purser-a', minutes: 1, hasBegun: false };
    outcome = async (way) => {
      if (way === 'replace') return done;
      throw new Failure('migration.unanswered', details);
    };
    answers.push('Re-encrypt', 'Write One by One');
    expect(await run()).toEqual(done);
    expect(messages[1]).toMatch(/nobody works on the StorageVersionMigration purser-a/i);
    answers.push('Re-encrypt', undefined);
    expect(await run()).toBeUndefined();
  });

  it('lists by name what failed, and no more than one of them in the message', async () => {
    const failed = ['apps/a', 'apps/b'].map((name) => ({ name, reason: 'it answers 422' }));
    outcome = async () => ({ ...done, gone: 1, failed });
    answers.push('Re-encrypt', 'Show Log');
    await run();
    expect(messages.at(-1)).toBe(
      '3 of 5 secrets of prod were written anew. 1 object had been deleted meanwhile. 2 could not be, such as apps/a: it answers 422',
    );
    await expect.poll(() => logged.at(-1)).toBe('shown');
    expect(logged.slice(0, 2)).toEqual(['secrets apps/a: it answers 422', 'secrets apps/b: it answers 422']);
  });

  it('says that a phase of Partial stays until the API server restarts', async () => {
    tell([...secretbox, { ...wrote('identity'), direction: 'read' }]);
    answers.push('Re-encrypt');
    await run();
    expect(messages.at(-1)).toMatch(/stays Partial until the API server restarts/);
  });

  it('can be stopped, and says what was done by then', async () => {
    outcome = (_way, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        for (const cancel of cancelProgress) cancel();
      });
    answers.push('Re-encrypt');
    expect(await run()).toBeUndefined();
    expect(messages.at(-1)).toBe(
      'Stopped: 2 of 3 secrets of prod were written anew, the others are as they were.',
    );
  });

  it('tells failures with the name of the cluster', async () => {
    outcome = async () => {
      throw new Failure('cluster.forbidden', { server: 'a', what: 'patch secrets apps/a' });
    };
    answers.push('Re-encrypt');
    await expect(run()).rejects.toMatchObject({ code: 'cluster.forbidden', place: { cluster: 'prod' } });
  });
});

describe('the command', () => {
  const fact = {
    label: 'x',
    description: '',
    state: 'good',
    tooltip: [],
    resource: { group: 'apps', resource: 'deployments' },
  } as const;

  it('is about the resource of its row', async () => {
    answers.push('Re-encrypt');
    await reEncrypt({ row: 'fact', cluster: clusters.set('prod', session), fact }, services());
    expect(asked).toEqual(['deployments apps replace']);
  });

  it('asks for a resource elsewhere, secrets first, and takes any name', async () => {
    clusters.set('prod', session);
    answers.push('secrets', 'Re-encrypt');
    await reEncrypt(undefined, services());
    expect(questions[0]?.message).toBe('secrets\nAnother resource…');
    answers.push('Another resource…', 'widgets.example.com', 'Re-encrypt');
    await reEncrypt(undefined, services());
    expect(asked).toEqual(['secrets  replace', 'widgets example.com replace']);
  });

  it('asks for the cluster where several are open, and says so where none is', async () => {
    await reEncrypt(undefined, services());
    expect(messages).toEqual(['No cluster is open: open one in the Clusters view.']);
    clusters.set('prod', session);
    clusters.set('stage', session);
    answers.push('stage', 'secrets', undefined);
    await reEncrypt(undefined, services());
    expect(questions.map(({ message }) => message)).toContain('Re-encrypt all secrets of stage?');
  });
});
