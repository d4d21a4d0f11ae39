import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FoundFile, RepositoryScan } from '../../../src/app/repository-scan.ts';
import type { FileReport } from '../../../src/app/scan-file.ts';
import type { FoundInFile, ScanOrder } from '../../../src/app/workspace-scan.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { ScanThread } from '../../../src/node/scan-thread.ts';
import { scanInSlices } from '../../../src/node/sliced-scan.ts';
import { fernetScheme } from '../../../src/schemes/fernet.ts';
import { GitWorkTree, noGit } from '../../support/git-work-tree.ts';
import { secretYaml, symmetricKey, Workspace } from '../../support/workspace.ts';

const nothing: FileReport = {
  bytes: 0,
  documents: 1,
  findings: [],
  problems: [],
  sealed: false,
  elsewhere: [],
  tokens: [],
  kubeconfigs: [],
  sealedTo: [],
  flux: undefined,
};
const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });
const built = new Workspace();
const open: { dispose(): void }[] = [];
let program: URL;

beforeAll(async () => {
  const outfile = built.path('scan-worker.mjs');
  // As esbuild.mjs has it: some packages ask for Node's own modules by require().
  const banner = { js: 'const require = (id) => process.getBuiltinModule(id);' };
  const options = { bundle: true, format: 'esm', platform: 'node', banner, logLevel: 'error' } as const;
  await build({ ...options, entryPoints: ['src/scan-worker.ts'], outfile });
  program = pathToFileURL(outfile);
});
afterEach(() => {
  for (const one of open.splice(0)) one.dispose();
});
afterAll(() => built.remove());

function repository(files: Readonly<Record<string, string>>): Workspace {
  const folder = new Workspace();
  open.push({ dispose: () => folder.remove() });
  for (const [path, text] of Object.entries(files)) folder.write(path, text);
  return folder;
}

function thread(patience?: number): ScanThread {
  const scanner = new ScanThread(program, { keyFolder: built.path('keys'), translations: {} }, patience);
  open.push(scanner);
  return scanner;
}

async function scan(scanner: ScanThread, order: ScanOrder): Promise<readonly FoundInFile[]> {
  const found: FoundInFile[] = [];
  await scanner.scan(order, new AbortController().signal, (files) => found.push(...files));
  return found;
}

const everything = ({ root }: Workspace, exclude: readonly string[] = []) => ({
  of: 'disk' as const,
  roots: [{ folder: root, exclude }],
  paths: undefined,
});

it('goes on after a mistake in one file, and names that file', async () => {
  const look = async ({ path, problem }: FoundFile) => {
    if (problem !== undefined) return { ...nothing, problems: [{ path, line: undefined, message: problem }] };
    if (path === 'bad') throw new TypeError('velvet-anchor');
    return { ...nothing, sealed: true };
  };
  const files = ['bad', 'good'].map((path) => ({ path, problem: undefined, read: () => new Uint8Array() }));
  const told: FoundInFile[] = [];
  const signal = new AbortController().signal;
  await scanInSlices(files, { look } as unknown as RepositoryScan, (found) => told.push(...found), signal);
  expect(told.map(({ path, sealed }) => [path, sealed])).toEqual([
    ['bad', false],
    ['good', true],
  ]);
  expect(told[0]?.problems[0]?.message).toContain('TypeError');
  expect(JSON.stringify(told)).not.toContain('velvet');
});

describe('a scan on its thread', () => {
  it('says in the language it was given what it finds', async () => {
    const folder = repository({ 'a.yaml': clear });
    const translations = {
      '{0} is not encrypted ({1})': '({1}) nicht verschlüsselt: {0}',
      '{0} of {1}': '{0} von {1}',
    };
    const scanner = new ScanThread(program, { keyFolder: built.path('keys'), translations });
    open.push(scanner);
    const [file] = await scan(scanner, everything(folder));
    expect(file?.findings.map(({ message }) => message).join()).toMatch(
      /^\(.*\) nicht verschlüsselt: stringData\.password von Secret db\/main$/,
    );
  });

  it('tells of files with findings, and passes over what .gitignore, files.exclude and the policy leave out', async () => {
    const folder = repository({
      'apps/a.yaml': clear,
      'apps/none.yaml': 'kind: ConfigMap\n',
      'build/b.yaml': clear,
      'out/c.yaml': clear,
      'deep/out/d.yaml': clear,
      'tmp/e.yaml': clear,
      'docs/f.yaml': clear,
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.gitignore': 'build/\n',
      '.purser.yaml': 'version: 1\nrules: []\nignore: [docs/**]\n',
    });
    const found = await scan(thread(), everything(folder, ['**/out', 'tmp/*.yaml']));
    expect(found.map(({ path }) => path)).toEqual([join(folder.root, 'apps/a.yaml')]);
    expect(found[0]).toMatchObject({ total: 1, plaintext: { errors: 1, others: 0 }, sealed: false });
    expect(JSON.stringify(found)).not.toContain('velvet');
  });

  it.skipIf(noGit)('tells of what is to be sealed as a whole, on disk and in the index', async () => {
    const repo = new GitWorkTree();
    open.push({ dispose: () => repo.remove() });
    repo.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "**/*.enc", scheme: fernet, keys: ["local:k"], whole: true}]\n',
    );
    for (const path of ['a/b.enc', 'a/c.txt']) repo.write(path, 'velvet-anchor\n');
    repo.git('add', '.');
    const orders: ScanOrder[] = [
      everything(repo),
      { ...everything(repo), paths: [repo.path('a/b.enc')] },
      { of: 'index', repository: repo.root },
    ];
    for (const order of orders) {
      const found = await scan(thread(), order);
      expect(found.map(({ path, findings }) => [path, findings[0]?.rule])).toEqual([
        [repo.path('a/b.enc'), 'unencrypted-by-policy'],
      ]);
    }
  });

  it('tells of kubeconfigs that stand encrypted, with a policy and without, and reads no key for it', async () => {
    const key = { ref: 'k', name: undefined, bytes: Plaintext.fromText(symmetricKey()) };
    const sealed = (await fernetScheme(() => new Date()).load()).token?.seal(Plaintext.fromText(clear), key);
    const token = (await sealed) ?? '';
    const files = {
      'access/ci.kubeconfig.enc': token,
      'access/other.enc': token,
      'apps/remote.yaml': secretYaml('shop-kubeconfig', { value: token, ca: token }),
      'gone.kubeconfig.enc': 'kind: ConfigMap\n',
      'openssl.kubeconfig.enc': 'Salted__\0\0',
    };
    const places = (found: readonly FoundInFile[]) =>
      found.flatMap(({ kubeconfigs, sealed }) => kubeconfigs.map((one) => [one.path, one.entry, sealed]));
    const folder = repository(files);
    const found = await scan(thread(), everything(folder));
    const ci = [folder.path('access/ci.kubeconfig.enc'), undefined, true];
    const remote = [folder.path('apps/remote.yaml'), 'stringData.value', true];
    expect(places(found)).toEqual([ci, remote]);
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
    expect(JSON.stringify(found)).not.toContain(token.slice(0, -44));
    folder.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "{access,kubeconfig}/*.enc", scheme: fernet, keys: ["local:k"], whole: true}]\n',
    );
    const other = [folder.path('access/other.enc'), undefined, true];
    expect(places(await scan(thread(), everything(folder)))).toEqual([ci, other, remote]);
  });

  it('looks only at named files, and below named folders', async () => {
    const folder = repository({ 'a.yaml': clear, 'b/c.yaml': clear, 'b/d.yaml': clear, 'bb/e.yaml': clear });
    const order = {
      ...everything(folder),
      paths: [folder.path('a.yaml'), folder.path('b'), folder.path('gone')],
    };
    const found = await scan(thread(), order);
    expect(found.map(({ path }) => path)).toEqual(
      ['a.yaml', 'b/c.yaml', 'b/d.yaml'].map((name) => folder.path(name)),
    );
  });

  it('reports what cannot be read and goes on', async () => {
    const folder = repository({ 'a.yaml': 'Secret\0', 'b.yaml': clear });
    const [bad, good] = await scan(thread(), everything(folder));
    expect(bad?.problems).toHaveLength(1);
    expect(good?.total).toBe(1);
  });

  it('cuts down what a huge file tells, and counts all of it', async () => {
    const values = Object.fromEntries(
      Array.from({ length: 1500 }, (_, i) => [`password-${i}`, 'velvet-anchor-1987-fox']),
    );
    const folder = repository({ 'a.yaml': secretYaml('main', values) });
    const [only] = await scan(thread(), everything(folder));
    expect(only?.findings).toHaveLength(999);
    expect(only).toMatchObject({ total: 1500, plaintext: { errors: 1500 } });
  });

  it('tells the first findings long before it has seen everything', async () => {
    const names = Array.from({ length: 1200 }, (_, i) => `f/${String(i).padStart(4, '0')}.yaml`);
    const folder = repository(Object.fromEntries(names.map((name) => [name, clear])));
    const slices: number[] = [];
    await thread().scan(everything(folder), new AbortController().signal, (files) =>
      slices.push(files.length),
    );
    expect(slices.length).toBeGreaterThan(3);
    expect(Math.max(...slices)).toBeLessThanOrEqual(200);
    expect(slices.reduce((a, b) => a + b, 0)).toBe(1200);
  });

  it('ends in silence when aborted, and serves the next order', async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `f/${i}.yaml`);
    const folder = repository(Object.fromEntries(names.map((name) => [name, clear])));
    const scanner = thread();
    const stop = new AbortController();
    let told = 0;
    await scanner.scan(everything(folder), stop.signal, (files) => {
      told += files.length;
      stop.abort();
    });
    expect(told).toBeLessThan(1500);
    expect(await scan(scanner, { ...everything(folder), paths: [folder.path('f/7.yaml')] })).toHaveLength(1);
  });

  it('ends when idle, and starts again when it is needed', async () => {
    const folder = repository({ 'a.yaml': clear });
    const scanner = thread(50);
    const started: Worker[] = [];
    const note = (worker: Worker) => started.push(worker);
    process.on('worker', note);
    expect(await scan(scanner, everything(folder))).toHaveLength(1);
    expect(await scan(scanner, everything(folder))).toHaveLength(1);
    expect(started).toHaveLength(1);
    await expect.poll(() => started[0]?.threadId).toBe(-1);
    expect(await scan(scanner, everything(folder))).toHaveLength(1);
    expect(started).toHaveLength(2);
    process.off('worker', note);
  });

  it('tells when its program cannot be run', async () => {
    const scanner = new ScanThread(pathToFileURL(built.path('missing.mjs')), {
      keyFolder: built.path('keys'),
      translations: {},
    });
    open.push(scanner);
    await expect(scan(scanner, everything(repository({})))).rejects.toThrow();
  });
});
