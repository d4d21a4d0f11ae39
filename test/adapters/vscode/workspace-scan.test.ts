import { afterEach, beforeEach, expect, it } from 'vitest';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { RepositoryScan } from '../../../src/app/repository-scan.ts';
import type { ScanOrder, WorkspaceScanner } from '../../../src/app/workspace-scan.ts';
import { BlockingFiles } from '../../../src/node/blocking-files.ts';
import { filesOnDisk, scanInSlices } from '../../../src/node/sliced-scan.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { WorkspaceKubeconfigs } from '../../../src/vscode/clusters/workspace-kubeconfigs.ts';
import { nothingFound } from '../../../src/vscode/file-findings.ts';
import { Findings } from '../../../src/vscode/findings.ts';
import { Policies } from '../../../src/vscode/policies.ts';
import { WorkspaceScan } from '../../../src/vscode/workspace-scan.ts';
import {
  configuration,
  contextKeys,
  fileEvents,
  registered,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';
import { secretYaml, Workspace } from '../../support/workspace.ts';

const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });

/** The real scan, on this thread. */
class Scanner implements WorkspaceScanner {
  readonly orders: ScanOrder[] = [];
  async scan(
    order: ScanOrder,
    signal: AbortSignal,
    found: Parameters<WorkspaceScanner['scan']>[2],
  ): Promise<void> {
    this.orders.push(order);
    if (order.of !== 'disk') return;
    const files = new BlockingFiles();
    const repository = new RepositoryScan({
      files,
      policies: new PolicyFinder(files, () => folder.root),
      keys: { resolve: async () => Promise.reject(new Error('no key is needed')) },
      registry: new SchemeRegistry([secretboxScheme()]),
      repository: { holds: async () => false },
      shownPath: (path) => path,
    });
    await scanInSlices(filesOnDisk(order.roots, order.paths, files), repository, found, signal);
  }
  dispose(): void {}
}

let folder: Workspace;
let scanner: Scanner;
let findings: Findings;
let policies: Policies;
let scan: WorkspaceScan;
let failures: unknown[];

beforeEach(() => {
  registered.clear();
  configuration.clear();
  folder = new Workspace();
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  scanner = new Scanner();
  findings = new Findings();
  failures = [];
  policies = new Policies(new PolicyFinder(new BlockingFiles(), () => folder.root));
  scan = new WorkspaceScan(scanner, findings, policies, (error) => failures.push(error));
});
afterEach(() => {
  scan.dispose();
  policies.dispose();
  folder.remove();
  workspace.workspaceFolders = [];
  expect(failures).toEqual([]);
});

const found = () => findings.files().map(({ uri }) => uri.fsPath.slice(folder.root.length + 1));
function tell(event: keyof typeof fileEvents, path: string): void {
  for (const listener of fileEvents[event]) listener(Uri.file(folder.path(path)));
}

it('starts nothing at once, when the window opens', () => {
  expect(scanner.orders).toEqual([]);
});

it('finds what is in closed files, and says so to the view', async () => {
  folder.write('a.yaml', clear);
  folder.write('b.yaml', 'kind: ConfigMap\n');
  await scan.scanAll();
  expect(found()).toEqual(['a.yaml']);
  expect(contextKeys.get('purser.scan')).toBe('done');
});

it('follows a file that is sealed as a whole, whatever its name', async () => {
  const sealed = `k8s:enc:secretbox:v1:k:${Buffer.alloc(60, 1).toString('base64')}\n`;
  folder.write(
    '.purser.yaml',
    'version: 1\nrules: [{path: "*.enc", scheme: secretbox, keys: [local:k], whole: true}]\n',
  );
  folder.write('a.enc', sealed);
  folder.write('b.enc', 'velvet-anchor\n');
  folder.write('c.txt', 'velvet-anchor\n');
  await scan.scanAll();
  const clearFiles = () =>
    findings
      .files()
      .flatMap(({ uri, total }) => (total > 0 ? [uri.fsPath.slice(folder.root.length + 1)] : []));
  expect(clearFiles()).toEqual(['b.enc']);
  folder.write('a.enc', 'velvet-anchor\n');
  tell('changed', 'a.enc');
  await expect.poll(clearFiles).toEqual(['a.enc', 'b.enc']);
});

it('follows kubeconfigs that stand encrypted, and tells of nothing else', async () => {
  const kept = { get: () => undefined, update: async () => undefined };
  const sealed = new WorkspaceKubeconfigs(findings, kept as never);
  let told = 0;
  sealed.onDidChange(() => told++);
  const listed = () => sealed.list().map(({ path, entry }) => [path.slice(folder.root.length + 1), entry]);
  const token = `k8s:enc:secretbox:v1:k:${Buffer.alloc(60, 1).toString('base64')}`;
  folder.write('b/shop.kubeconfig.enc', token);
  folder.write('a.yaml', secretYaml('ci', { kubeconfig: token }));
  await scan.scanAll();
  expect(listed()).toEqual([
    ['a.yaml', 'stringData.kubeconfig'],
    ['b/shop.kubeconfig.enc', undefined],
  ]);
  expect(told).toBe(1);
  folder.write('other.yaml', clear);
  tell('created', 'other.yaml');
  await expect.poll(found).toContain('other.yaml');
  expect(told).toBe(1);
  // What is open and not saved says nothing about the file.
  findings.setInEditor(
    Uri.file(folder.path('a.yaml')) as never,
    nothingFound(Uri.file(folder.path('a.yaml')) as never),
  );
  expect(listed()).toHaveLength(2);
  folder.write('c/new.kubeconfig.enc', token);
  tell('created', 'c/new.kubeconfig.enc');
  folder.write('a.yaml', secretYaml('ci', { kubeconfig: 'x' }));
  tell('changed', 'a.yaml');
  await expect.poll(listed).toEqual([
    ['b/shop.kubeconfig.enc', undefined],
    ['c/new.kubeconfig.enc', undefined],
  ]);
  await import('node:fs/promises').then(({ rm }) => rm(folder.path('b'), { recursive: true }));
  tell('deleted', 'b');
  await expect.poll(listed).toEqual([['c/new.kubeconfig.enc', undefined]]);
  sealed.dispose();
});

it('says that it failed, and never that there is nothing', async () => {
  folder.write('a.yaml', clear);
  scanner.scan = async () => Promise.reject(new Error('the thread ended'));
  await scan.scanAll();
  expect(contextKeys.get('purser.scan')).toBe('failed');
  expect(failures.splice(0)).toHaveLength(1);
});

it('looks again at files that change, and forgets those that go, by folders too', async () => {
  folder.write('a.yaml', clear);
  folder.write('b/c.yaml', clear);
  folder.write('bb/d.yaml', clear);
  await scan.scanAll();
  folder.write('a.yaml', 'kind: ConfigMap\n');
  folder.write('new/e.yaml', clear);
  tell('changed', 'a.yaml');
  tell('created', 'new');
  tell('deleted', 'b');
  await import('node:fs/promises').then(({ rm }) => rm(folder.path('b'), { recursive: true }));
  await expect.poll(found).toEqual(['bb/d.yaml', 'new/e.yaml']);
  expect(scanner.orders).toHaveLength(2);
});

it('takes a burst of changes as one, and passes over files that hold no manifests', async () => {
  await scan.scanAll();
  for (let i = 0; i < 50; i++) tell('changed', `f/${i}.yaml`);
  tell('changed', 'main.go');
  tell('created', 'node_modules/x/y.yaml');
  await expect.poll(() => scanner.orders.length).toBe(2);
  const [, order] = scanner.orders;
  expect(order?.of === 'disk' && order.paths).toHaveLength(50);
});

it('looks at everything again when .gitignore or a policy changes', async () => {
  folder.write('.git/HEAD', 'ref: refs/heads/main\n');
  folder.write('docs/a.yaml', clear);
  folder.write('build/b.yaml', clear);
  await scan.scanAll();
  expect(found()).toEqual(['build/b.yaml', 'docs/a.yaml']);
  folder.write('.gitignore', 'build/\n');
  tell('changed', '.gitignore');
  await expect.poll(found).toEqual(['docs/a.yaml']);
  folder.write('.purser.yaml', 'version: 1\nrules: []\nignore: [docs/**]\n');
  policies.refresh();
  await expect.poll(found).toEqual([]);
});

it('leaves out what files.exclude names, and everything where it is switched off', async () => {
  folder.write('a.yaml', clear);
  folder.write('out/b.yaml', clear);
  configuration.set('files.exclude', { '**/out': true, '*.yaml': false });
  await scan.scanAll();
  expect(found()).toEqual(['a.yaml']);
  configuration.set('purser.scan.workspace', false);
  await scan.scanAll();
  expect(found()).toEqual([]);
  expect(contextKeys.get('purser.scan')).toBe('off');
});
