import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EncryptionMetrics } from '../../../src/app/at-rest/encryption-metrics.ts';
import type { ClusterEncryption } from '../../../src/app/clusters/cluster-encryption.ts';
import { Failure } from '../../../src/core/errors.ts';
import { failed, ok } from '../../../src/core/result.ts';
import { configurationHash } from '../../../src/crypto/at-rest/configuration-hash.ts';
import { ClustersView } from '../../../src/vscode/clusters/clusters-view.ts';
import { KubeconfigDrop } from '../../../src/vscode/clusters/drop-kubeconfig.ts';
import { stateOf } from '../../../src/vscode/clusters/encryption-words.ts';
import { askKkp } from '../../../src/vscode/clusters/kkp-facts.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { encryptionMetrics } from '../../support/encryption-metrics.ts';
import { FakeSession, FakeWorld } from '../../support/fake-clusters.ts';
import { registered, treeViews, Uri, workspace } from '../../support/fake-vscode.ts';
import { drawBelow, expand, labelsOf, linesOf } from '../../support/tree.ts';

const atRest = 'Encryption at Rest';
const key = Buffer.alloc(32, 7).toString('base64');
const configuration = (...names: readonly string[]) => `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox: {keys: [${names.map((name) => `{name: ${name}, secret: ${key}}`).join(', ')}]}
      - identity: {}
`;
const hashOf = (text: string) => configurationHash(Buffer.from(text));
const writes = ['k8s:enc:secretbox:v1:', 'key1:'].map((prefix) => ({
  ...({ resource: 'secrets', direction: 'write', prefix, status: 'OK', count: 12 } as const),
}));
const plaintextRead = { ...writes[0], direction: 'read', prefix: 'identity', count: 3 } as const;

function metrics(
  transformations: readonly unknown[],
  runs = configuration('key1'),
  more: Partial<EncryptionMetrics> = {},
): ClusterEncryption['metrics'] {
  const configurations = runs === '' ? [] : [{ apiserver: 'sha256:ab', hash: hashOf(runs) }];
  return ok(
    encryptionMetrics({
      transformations: transformations as EncryptionMetrics['transformations'],
      configurations,
      ...more,
    }),
  );
}

let folder: string;
let world: FakeWorld;
let view: ClustersView;
let session: FakeSession;
let drawn: (readonly Row[] | undefined)[];
let bugs: unknown[];
let told: ClusterEncryption;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'purser-at-rest-'));
  workspace.workspaceFolders = [{ uri: Uri.file(folder) }];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  registered.clear();
  [drawn, bugs] = [[], []];
  world = new FakeWorld();
  told = { metrics: metrics(writes), apiServers: ok([]) };
  session = world.cluster('/r/prod.enc', new FakeSession());
  session.encryptionThere = async () => told;
  const drop = new KubeconfigDrop(async () => undefined);
  view = new ClustersView(world.clusters, drop, (error) => void bugs.push(error));
  view.onDidChangeTreeData((rows) => void drawn.push(rows));
});

afterEach(() => {
  vi.useRealTimers();
  view.dispose();
  world.clusters.dispose();
  world.changed.dispose();
  workspace.workspaceFolders = [];
  rmSync(folder, { recursive: true });
  expect([...bugs, ...world.bugs]).toEqual([]);
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const below = (...path: readonly string[]) => expand(view, 'prod', atRest, ...path);
async function rowItem() {
  const found = (await expand(view, 'prod')).find(({ item }) => item.label === atRest);
  if (found === undefined) throw new Error('no row');
  return found;
}
async function tooltipOf(label: string, ...path: readonly string[]): Promise<string> {
  const found = (await below(...path)).find(({ item }) => item.label === label);
  if (found === undefined) throw new Error(`no ${label}`);
  const { tooltip } = view.resolveTreeItem(found.item, found.row);
  return typeof tooltip === 'string' ? tooltip : ((tooltip as { value?: string } | undefined)?.value ?? '');
}

describe('the row of encryption at rest', () => {
  it('is not green for a user cluster whose seed has not begun with the key that is first', async () => {
    const seed = new FakeSession();
    const source = { from: 'user-cluster', via: 'seed', id: 'abc', title: 'Shop' };
    const clusters = { all: () => [{ id: 'seed', session: seed }] };
    const stateWith = async (activeKey: string) => {
      seed.kkpThere.set('abc', {
        cluster: 'abc',
        hash: '',
        feature: true,
        conditions: [],
        rollout: undefined,
        spec: { enabled: true, resources: ['secrets'], keys: [{ name: 'new', from: 'value' }] },
        status: { phase: 'Active', activeKey, resources: ['secrets'] },
      });
      const { said } = await askKkp({ source } as never, clusters as never, new AbortController().signal);
      return said?.state;
    };
    expect(await stateWith('secretbox/new')).toBe('good');
    expect(await stateWith('secretbox/old')).toBe('doubtful');
    expect(await stateWith('identity')).toBe('doubtful');
  });

  it('is not green where something limits what Active means', () => {
    const active = { phase: 'Active', writers: [], readers: [] } as const;
    expect(stateOf({ ...active, reasons: ['one-writer'] })).toBe('good');
    for (const limit of ['reads-failed', 'resources-mixed'] as const)
      expect(stateOf({ ...active, reasons: ['one-writer', limit] })).toBe('doubtful');
  });

  it('asks nothing before a person looks below it, and says the phase from then on', async () => {
    await rowItem();
    await vi.advanceTimersByTimeAsync(200);
    expect((await rowItem()).item.description).toBe('');
    expect(session.asked).toEqual([]);
    await below();
    expect(session.asked).toEqual(['encryption']);
    drawn.length = 0;
    await vi.advanceTimersByTimeAsync(200);
    expect(drawn.flat().map((row) => row?.row)).toEqual(['encryption']);
    const { item } = await rowItem();
    expect(item.description).toBe('Active · secretbox key1');
    expect(item.accessibilityInformation?.label).toBe('Encryption at Rest, Active · secretbox key1, OK');
    await below();
    expect(session.asked).toEqual(['encryption']);
  });

  it('says in words what its colour says, as do the rows below it', async () => {
    const spokenBelow = async () =>
      (await below()).map(({ item }) => item.accessibilityInformation?.label ?? '');
    write('prod/encryption.yaml', configuration('key1'));
    told = { ...told, metrics: metrics([...writes, plaintextRead]) };
    expect(await spokenBelow()).toEqual([
      'secrets, Partial · secretbox key1, warning',
      'Source: /metrics, of this API server since 2026-01-02 00:00:00 UTC',
      'prod/encryption.yaml, is what this API server runs, OK',
      'Covered Resources, 1',
    ]);
    const { item } = await rowItem();
    expect(item.accessibilityInformation?.label).toBe(
      'Encryption at Rest, Partial · secretbox key1, warning',
    );
    session.encryptionThere = async () => ({
      ...told,
      metrics: metrics([{ ...plaintextRead, direction: 'write' }], ''),
    });
    await view.refresh();
    expect(await spokenBelow()).toContainEqual(expect.stringMatching(/^error, secrets, None/));
    session.encryptionThere = async () => ({ ...told, metrics: metrics([plaintextRead], '') });
    await view.refresh();
    expect(await spokenBelow()).toContainEqual(expect.stringMatching(/^secrets, Unknown.*, unknown$/));
  });

  it('asks again when it was collapsed, when the view is refreshed, and after something was re-encrypted', async () => {
    await below();
    const { row } = await rowItem();
    treeViews.get('purser.clusters')?.collapse(row);
    told = { ...told, metrics: metrics([...writes, plaintextRead]) };
    await below();
    await vi.advanceTimersByTimeAsync(200);
    expect((await rowItem()).item.description).toBe('Partial · secretbox key1');
    await view.refresh();
    await below();
    const [cluster] = world.clusters.all();
    if (cluster !== undefined) view.askEncryptionAgain(cluster);
    await below();
    expect(session.asked.length).toBe(4);
  });

  it('names for each resource its phase, writer and readers, and the source with what it does not see', async () => {
    told = { ...told, metrics: metrics([...writes, plaintextRead]) };
    expect(linesOf(await below())).toEqual([
      'secrets (Partial · secretbox key1)',
      'Source: /metrics (of this API server since 2026-01-02 00:00:00 UTC)',
      'Configuration (none in the workspace is what this API server runs)',
    ]);
    expect(linesOf(await below('secrets'))).toEqual([
      'Writer: secretbox key1 (12 times)',
      'Reader: plaintext (3 times)',
    ]);
    expect(await tooltipOf('secrets')).toMatch(/plaintext was read since.*until the API server restarts/s);
    told = { ...told, metrics: metrics(writes) };
    await view.refresh();
    expect(await tooltipOf('secrets')).toMatch(
      /Active: one key writes them, and nothing else was read by this API server since it started/,
    );
  });

  it('compares the configurations of the workspace by their bytes, and opens them', async () => {
    write('prod/enc.yaml', configuration('key1'));
    write('prod/next.yaml', configuration('key2', 'key1'));
    write('stage/enc.yaml', configuration('stage'));
    write('notes.md', 'EncryptionConfiguration');
    const files = (await below()).slice(2);
    expect(linesOf(files)).toEqual([
      'prod/enc.yaml (is what this API server runs)',
      'prod/next.yaml (differs, with keys of this cluster)',
      'stage/enc.yaml (differs)',
      'Covered Resources (1)',
    ]);
    expect(files[0]?.item.command).toMatchObject({ command: 'vscode.open' });
    expect(await tooltipOf('prod/next.yaml')).toMatch(
      /secrets: written by secretbox\/key2 instead of secretbox\/key1; read by secretbox\/key2 too/,
    );
    expect(linesOf(await below('Covered Resources'))).toEqual(['secrets (secretbox key1)']);
    expect(linesOf(await below('secrets'))).toEqual([
      'Writer: secretbox key1 (12 times)',
      'Configured to read (secretbox/key1, identity)',
    ]);
    const all = await Promise.all(labelsOf(await below()).map((label) => tooltipOf(label)));
    expect(all.join()).not.toContain(key);
  });

  it('shows the flags of static pods', async () => {
    const pod = { pod: 'kube-apiserver-cp-1', configuration: '/etc/kubernetes/enc.yaml', reloads: false };
    told = {
      ...told,
      apiServers: ok([pod, { ...pod, pod: 'kube-apiserver-cp-2', configuration: undefined }]),
    };
    const lines = linesOf(await below());
    expect(lines).toContain('Source: static pod kube-apiserver-cp-1 (/etc/kubernetes/enc.yaml)');
    expect(lines).toContain('Source: static pod kube-apiserver-cp-2 (no --encryption-provider-config)');
    expect(await tooltipOf('Source: static pod kube-apiserver-cp-1')).toContain('must be restarted');
  });

  it('says which rights are missing, and how to get them', async () => {
    const forbidden = (what: string) =>
      failed<never>(new Failure('cluster.forbidden', { server: 'cluster.test', what }));
    told = { metrics: forbidden('get /metrics'), apiServers: forbidden('list pods in kube-system') };
    expect(linesOf(await below())).toEqual([
      'secrets (Unknown)',
      'Source: /metrics (the right to get the non-resource URL /metrics is missing)',
      'Source: static pods (the right to list pods in kube-system is missing)',
    ]);
    expect(await tooltipOf('Source: /metrics')).toContain('nonResourceURLs');
    await vi.advanceTimersByTimeAsync(200);
    expect((await rowItem()).item.description).toBe('Unknown');
  });

  it('is unknown where what answers is no API server', async () => {
    told = { ...told, metrics: metrics([], '', { isApiServer: false }) };
    expect(linesOf(await below())[1]).toContain('what answered has no metrics of an API server');
  });

  it('offers to re-encrypt on itself and on resources alone', async () => {
    const contexts = [await rowItem(), ...(await below())].map(({ item }) => item.contextValue);
    expect(contexts).toEqual(['purser.encryption', 'purser.fact+resource', 'purser.fact', 'purser.fact']);
  });

  it('cleans what a server says', async () => {
    const odd = { ...writes[1], prefix: `a\u202eb$(trash)${'x'.repeat(3000)}:` };
    told = { ...told, metrics: metrics([writes[0], odd]) };
    const texts = linesOf([...(await below()), ...(await below('secrets'))]).join('\n');
    expect(texts).not.toMatch(/\u202e|\$\(trash\)/);
    expect(texts.length).toBeLessThan(3000);
  });
});

describe('the encryption of a KKP user cluster', () => {
  async function userCluster(seed: FakeSession, path: readonly string[]) {
    const inner = new FakeSession();
    inner.encryptionThere = async () => told;
    world.sessions.set('inner', inner);
    seed.secrets.set('cluster-abc/admin-kubeconfig', 'inner');
    seed.served.add('kubermatic.k8c.io');
    const user = {
      id: 'abc',
      title: 'shop',
      phase: 'Running',
      namespace: 'cluster-abc',
      encryption: undefined,
    };
    seed.userClustersThere = [user];
    await expand(view, 'prod');
    await vi.advanceTimersByTimeAsync(200);
    return expand(view, 'prod', 'User Clusters', 'shop', atRest, ...path);
  }

  it('is told by KKP, too, as a source of its own', async () => {
    const condition = { type: 'EncryptionInitialized', status: 'True', message: '', since: undefined };
    session.kkpEncryption = async () => ({
      cluster: 'abc',
      hash: 'a',
      feature: true,
      rollout: undefined,
      conditions: [condition],
      spec: { enabled: true, resources: ['secrets'], keys: [{ name: 'key1', from: 'value' }] },
      status: { phase: 'EncryptionNeeded', activeKey: 'secretbox/key0', resources: ['secrets'] },
    });
    const lines = linesOf(await userCluster(session, []));
    expect(lines).toContain('KKP status (Rotating · secretbox/key0)');
    expect(lines[0]).toBe('secrets (Active · secretbox key1)');
  });

  it('hides no other source where KKP may not be asked', async () => {
    session.kkpEncryption = async () => {
      throw new Failure('cluster.forbidden', {
        server: 'seed.test',
        what: 'get clusters.kubermatic.k8c.io abc',
      });
    };
    const lines = linesOf(await userCluster(session, []));
    expect(lines.at(-1)).toMatch(/^KKP status \(.*you may not get clusters/i);
    expect(lines[0]).toBe('secrets (Active · secretbox key1)');
  });
});

it('draws below a fact what stands below it', async () => {
  const drawnBelow = await drawBelow(view, (await below())[0]?.row);
  expect(linesOf(drawnBelow)).toEqual(['Writer: secretbox key1 (12 times)']);
});
