import { parentPort, workerData } from 'node:worker_threads';
import { config } from '@vscode/l10n';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFinder } from './app/policy-finder.ts';
import type { Files } from './app/ports.ts';
import { type FoundFile, RepositoryScan, type ScanContext } from './app/repository-scan.ts';
import type { ScanOrder } from './app/workspace-scan.ts';
import { BlockingFiles } from './node/blocking-files.ts';
import { gitHolds } from './node/git-holds.ts';
import { KeyFolder } from './node/key-folder.ts';
import type { FromScanThread, ScanThreadData, ToScanThread } from './node/scan-protocol.ts';
import { filesOnDisk, scanInSlices } from './node/sliced-scan.ts';
import { WantedFiles } from './node/wanted-files.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { sealedSecretsScheme } from './schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { sopsScheme } from './schemes/sops/scheme.ts';

/** What an order comes to: files, and what is beside them. */
interface Source extends Pick<ScanContext, 'files' | 'repository'> {
  readonly found: Iterable<FoundFile> | AsyncIterable<FoundFile>;
}

const { keyFolder, translations } = workerData as ScanThreadData;
config({ contents: translations });
const registry = new SchemeRegistry(
  [jweScheme(), fernetScheme(() => new Date()), secretboxScheme()],
  [sealedSecretsScheme, sopsScheme],
);
const stops = new Map<number, AbortController>();

parentPort?.on('message', (message: ToScanThread) => {
  if (message.tell === 'stop') stops.get(message.id)?.abort();
  else void scan(message.id, message.order);
});

async function scan(id: number, order: ScanOrder): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  const source = await sourceOf(order);
  await scanInSlices(
    source.found,
    new RepositoryScan(contextOf(order, source)),
    (files) => post({ tell: 'found', id, files }),
    stop.signal,
  );
  stops.delete(id);
  post({ tell: 'done', id });
}

async function sourceOf(order: ScanOrder): Promise<Source> {
  if (order.of === 'disk') {
    const files = new BlockingFiles();
    const holds = async (path: string, root: string) => gitHolds(path, root);
    return { files, repository: { holds }, found: filesOnDisk(order.roots, order.paths, files) };
  }
  const [{ Git }, { stagedFiles }, { IndexFiles }] = await Promise.all([
    import('./node/git.ts'),
    import('./node/git-staged.ts'),
    import('./node/git-index-files.ts'),
  ]);
  const git = Git.around(order.repository, process.env);
  const index = new IndexFiles(git);
  const wanted = new WantedFiles(policiesOf(order, index), (path) => index.has(path));
  return { files: index, repository: index, found: stagedFiles(git, (path) => wanted.has(path)) };
}

/** Made anew for each order: policies, keys and folders may have changed since the last. */
function contextOf(order: ScanOrder, { files, repository }: Source): ScanContext {
  const local = new KeyFolder(() => keyFolder, new BlockingFiles());
  // Nobody is asked for a variable because a file is looked at.
  const keys = new KeyRing(files, local, { read: async () => undefined });
  const policies = policiesOf(order, files);
  return { files, policies, keys, registry, repository, shownPath: (path) => path };
}

function policiesOf(order: ScanOrder, files: Files): PolicyFinder {
  return new PolicyFinder(files, (path) => rootOf(path, order, files));
}

/** The open folder, or the work tree, that a path is in. */
function rootOf(path: string, order: ScanOrder, files: Files): string {
  if (order.of === 'index') return order.repository;
  return order.roots.find(({ folder }) => files.contains(folder, path))?.folder ?? path;
}

function post(message: FromScanThread): void {
  parentPort?.postMessage(message);
}
