import { pathToFileURL } from 'node:url';
import { type ExtensionContext, type LogOutputChannel, l10n, Uri, window, workspace } from 'vscode';
import { PolicyFinder } from './app/policy-finder.ts';
import type { History, Repository } from './app/ports.ts';
import type { WorkspaceScanner } from './app/workspace-scan.ts';
import { defaultKeyFolder } from './node/default-key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import type { Disposables } from './vscode/disposables.ts';
import { FileBadges } from './vscode/file-badges.ts';
import { Findings } from './vscode/findings.ts';
import { FindingsView } from './vscode/findings-view.ts';
import { LazyScanner } from './vscode/lazy-scanner.ts';
import { Policies } from './vscode/policies.ts';
import type { CommitHooks, Watching } from './vscode/services.ts';
import { readSetting } from './vscode/settings.ts';
import { StagedSecrets } from './vscode/staged-secrets.ts';
import { Status } from './vscode/status.ts';
import { tellBugTo } from './vscode/tell-bug.ts';
import { WorkspaceScan } from './vscode/workspace-scan.ts';

/** Constructs what finds secrets anywhere in the workspace and shows them, and what this is found with. */
export function startWatching(context: ExtensionContext, own: Disposables, log: LogOutputChannel): Watching {
  const tellBug = tellBugTo(log);
  const built = (program: string) => Uri.joinPath(context.extensionUri, 'dist', program).fsPath;
  const files = new NodeFiles();
  const finder = new PolicyFinder(files, workspaceFolderOf);
  const policies = own.add(new Policies(finder));
  const findings = own.add(new Findings());
  own.add(new Diagnostics(findings, context.extensionUri));
  own.add(new Status(findings));
  own.add(window.registerFileDecorationProvider(own.add(new FileBadges(findings))));
  const view = own.add(new FindingsView(findings, context.workspaceState));
  const scanner = own.add(new LazyScanner(() => startScanner(built('scan-worker.js'))));
  const scan = own.add(new WorkspaceScan(scanner, findings, policies, tellBug));
  const staged = own.add(new StagedSecrets(scanner, tellBug));
  const versionControl = {
    hooks: commitHooks(built('cli.js')),
    repository: repositoryOnDisk(),
    history: historyOnDisk(),
  };
  return { log, files, finder, policies, findings, view, scan, staged, ...versionControl };
}

/** Where the person's own keys are. */
export function keyFolder(): string {
  return readSetting('keys.folder') || defaultKeyFolder(process.env, process.platform);
}

/** A thread of its own, made when there is something to look through. */
async function startScanner(program: string): Promise<WorkspaceScanner> {
  const { ScanThread } = await import('./node/scan-thread.ts');
  return new ScanThread(pathToFileURL(program), {
    keyFolder: keyFolder(),
    translations: l10n.bundle ?? {},
  });
}

function repositoryOnDisk(): Repository {
  return { holds: async (path, root) => (await import('./node/git-holds.ts')).gitHolds(path, root) };
}

function historyOnDisk(): History {
  return {
    async find(path, values, signal) {
      const { GitHistory } = await import('./node/git-history.ts');
      return new GitHistory(process.env).find(path, values, signal);
    },
  };
}

function commitHooks(commandLine: string): CommitHooks {
  const load = () => import('./node/hook/install-hook.ts');
  const { env, execPath: runtime } = process;
  return {
    install: async (repository) => (await load()).installHook({ repository, env, commandLine, runtime }),
    remove: async (repository) => (await load()).removeHook({ repository, env }),
  };
}

function workspaceFolderOf(path: string): string {
  return workspace.getWorkspaceFolder(Uri.file(path))?.uri.fsPath ?? path;
}
