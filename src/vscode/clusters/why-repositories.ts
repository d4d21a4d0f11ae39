import { Uri, workspace } from 'vscode';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import type { SealedFile } from '../../app/clusters/why-file.ts';
import { FluxRepository, mayMatter } from '../../app/clusters/why-repository.ts';
import { fluxSizeLimit } from '../../audit/flux-file-size.ts';
import type { Services } from '../services.ts';
import { findManifests } from './manifest-search.ts';
import { eachText } from './workspace-texts.ts';

type FileServices = Pick<Services, 'files' | 'policies'>;

/** A repository that is open, and its folder. */
export interface OpenRepository {
  readonly root: string;
  readonly repository: FluxRepository;
}

/**
 * The repository that has a Kustomization's `spec.path`: first where the Kustomization itself is written, since most apply the
 * repository they are in. Undefined where no open folder has it.
 */
export async function repositoryFor(
  ref: ObjectRef,
  path: string,
  services: FileServices,
  signal: AbortSignal,
): Promise<OpenRepository | undefined> {
  const written = await findManifests(ref, signal);
  const uris = [...written.map(({ uri }) => uri), ...folders()];
  for (const root of await rootsOf(uris, services)) {
    const folder = services.files.join(root, path);
    if (!services.files.contains(root, folder) && folder !== root) continue;
    if (await exists(folder)) return readRepository(root, services, signal);
  }
  return undefined;
}

/** Every repository of the workspace, that of a file first. */
export async function openRepositories(
  file: Uri,
  services: FileServices,
  signal: AbortSignal,
): Promise<readonly OpenRepository[]> {
  const found: OpenRepository[] = [];
  for (const root of await rootsOf([file, ...folders()], services))
    found.push(await readRepository(root, services, signal));
  return found;
}

async function readRepository(
  root: string,
  { files }: FileServices,
  signal: AbortSignal,
): Promise<OpenRepository> {
  const found: SealedFile[] = [];
  const wanted = {
    folder: Uri.file(root),
    largest: fluxSizeLimit,
    mayMatter: (uri: Uri, bytes: Uint8Array) => mayMatter(uri.path, bytes),
  };
  await eachText(wanted, signal, (uri, text) => {
    found.push({ path: files.relative(root, uri.fsPath), text });
  });
  return { root, repository: new FluxRepository(found) };
}

/** A file of each folder stands for it. */
function folders(): readonly Uri[] {
  return (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => Uri.joinPath(uri, 'kustomization.yaml'));
}

async function rootsOf(uris: readonly Uri[], { policies }: FileServices): Promise<readonly string[]> {
  const answers = await Promise.all(uris.map((uri) => policies.find(uri)));
  return [...new Set(answers.flatMap((answer) => answer?.root ?? []))];
}

async function exists(folder: string): Promise<boolean> {
  try {
    await workspace.fs.stat(Uri.file(folder));
    return true;
  } catch {
    return false;
  }
}
