import { fileURLToPath } from 'node:url';
import { config } from '@vscode/l10n';
import { type ExtensionContext, l10n, Uri, window, workspace } from 'vscode';
import { PolicyFinder } from './app/policy-finder.ts';
import type { History, Repository } from './app/ports.ts';
import type { WorkspaceScanner } from './app/workspace-scan.ts';
import { defaultKeyFolder } from './node/default-key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { registerCommands } from './vscode/commands.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { Disposables } from './vscode/disposables.ts';
import { FileBadges } from './vscode/file-badges.ts';
import { Findings } from './vscode/findings.ts';
import { FindingsView } from './vscode/findings-view.ts';
import { LazyScanner } from './vscode/lazy-scanner.ts';
import { Policies } from './vscode/policies.ts';
import type { CommitHooks, Services, Started } from './vscode/services.ts';
import { readSetting } from './vscode/settings.ts';
import { StagedSecrets } from './vscode/staged-secrets.ts';
import { Status } from './vscode/status.ts';
import { WorkspaceScan } from './vscode/workspace-scan.ts';

/**
 * Constructs and registers what must be there at once; reads no file and waits for nothing. What looks into documents
 * comes right after.
 */
export function activate(context: ExtensionContext): void {
  // What is said outside of vscode/ is translated by the same bundle.
  config({ contents: l10n.bundle ?? {} });
  const own = new Disposables();
  context.subscriptions.push(own);
  const started = start(context, own);
  const { log } = started;
  let services: Promise<Services> | undefined;
  const look = () => (services ??= startLooking(context, own, started));
  own.add(registerCommands(look, log));
  const soon = setImmediate(() => void look().catch((error: unknown) => log.error(reasonOf(error))));
  own.add({ dispose: () => clearImmediate(soon) });
}

function start(context: ExtensionContext, own: Disposables): Started {
  const log = own.add(window.createOutputChannel('Purser', { log: true }));
  const tellFailure = (error: unknown) => log.error(reasonOf(error));
  const files = new NodeFiles();
  const finder = new PolicyFinder(files, workspaceFolderOf);
  const policies = own.add(new Policies(finder));
  const findings = own.add(new Findings());
  own.add(new Diagnostics(findings, context.extensionUri));
  own.add(new Status(findings));
  own.add(window.registerFileDecorationProvider(own.add(new FileBadges(findings))));
  const view = own.add(new FindingsView(findings, context.workspaceState));
  const scanner = own.add(new LazyScanner(startScanner));
  const scan = own.add(new WorkspaceScan(scanner, findings, policies, tellFailure));
  const staged = own.add(new StagedSecrets(scanner, tellFailure));
  const versionControl = { hooks: commitHooks(), repository: repositoryOnDisk(), history: historyOnDisk() };
  return { log, files, finder, policies, findings, view, scan, staged, ...versionControl };
}

async function startLooking(
  context: ExtensionContext,
  own: Disposables,
  started: Started,
): Promise<Services> {
  const looking = await import('./looking.ts');
  return looking.startLooking(context, own, keyFolder, started);
}

/** A thread of its own, made when there is something to look through. */
async function startScanner(): Promise<WorkspaceScanner> {
  const { ScanThread } = await import('./node/scan-thread.ts');
  return new ScanThread(new URL('scan-worker.js', import.meta.url), {
    keyFolder: keyFolder(),
    translations: l10n.bundle ?? {},
  });
}

function keyFolder(): string {
  return readSetting('keys.folder') || defaultKeyFolder(process.env, process.platform);
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

function commitHooks(): CommitHooks {
  const load = () => import('./node/hook/install-hook.ts');
  const { env, execPath: runtime } = process;
  const commandLine = fileURLToPath(new URL('cli.js', import.meta.url));
  return {
    install: async (repository) => (await load()).installHook({ repository, env, commandLine, runtime }),
    remove: async (repository) => (await load()).removeHook({ repository, env }),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.name) : 'an unknown error';
}

function workspaceFolderOf(path: string): string {
  return workspace.getWorkspaceFolder(Uri.file(path))?.uri.fsPath ?? path;
}
