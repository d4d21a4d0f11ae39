import { type Event, extensions, type Uri } from 'vscode';

/** As much of the interface of VS Code's own git extension as is used here (extensions/git/src/api/git.d.ts). */
export interface GitRepository {
  readonly rootUri: Uri;
  readonly state: {
    readonly indexChanges: readonly { readonly uri: Uri }[];
    readonly workingTreeChanges: readonly { readonly uri: Uri }[];
    readonly onDidChange: Event<void>;
  };
  add(paths: readonly string[]): Promise<void>;
}

export interface GitApi {
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: Event<GitRepository>;
  readonly onDidCloseRepository: Event<GitRepository>;
}

interface GitExports {
  getAPI(version: 1): GitApi;
}

/** Undefined where git support is switched off, or there is no git. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = extensions.getExtension<GitExports>('vscode.git');
  if (extension === undefined) return undefined;
  try {
    return (await extension.activate()).getAPI(1);
  } catch {
    // It throws while `git.enabled` is off.
    return undefined;
  }
}
