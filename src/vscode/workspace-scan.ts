import { commands, type Disposable, type Uri, type WorkspaceFolder, window, workspace } from 'vscode';
import { isAtOrBelow, type ScanOrder, type ScanRoot, type WorkspaceScanner } from '../app/workspace-scan.ts';
import { ChangedFiles } from './changed-files.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { findingsOnDisk } from './file-findings.ts';
import type { Findings } from './findings.ts';
import type { Policies } from './policies.ts';
import { readSetting } from './settings.ts';

/** VS Code and other extensions have enough to do when a window opens. */
const patience = 1500;
/** Changes of settings and policies come in twos and threes. */
const settling = 500;

/**
 * Looks through the open folders: all of them once, then whatever changes on disk. It only reads, so it works in
 * Restricted Mode too.
 */
export class WorkspaceScan implements Disposable {
  readonly #own = new Disposables();
  readonly #scanner: WorkspaceScanner;
  readonly #findings: Findings;
  readonly #tellFailure: (error: unknown) => void;
  readonly #starting = this.#own.add(new Debounce(patience));
  readonly #settling = this.#own.add(new Debounce(settling));
  #stop = new AbortController();
  /** One look at a time; the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    scanner: WorkspaceScanner,
    findings: Findings,
    policies: Policies,
    tellFailure: (error: unknown) => void,
  ) {
    this.#scanner = scanner;
    this.#findings = findings;
    this.#tellFailure = tellFailure;
    const allChanged = () => this.#settling.schedule(() => this.scanAll());
    const changed = (paths: readonly string[]) => this.#scanSome(paths);
    const isKnown = (uri: Uri) => {
      const { total, sealed } = findings.get(uri);
      return total > 0 || sealed;
    };
    this.#own.add(new ChangedFiles({ changed, isKnown, allChanged }));
    this.#own.add(policies.onDidChange(allChanged));
    this.#own.add(workspace.onDidChangeWorkspaceFolders(allChanged));
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) =>
          (event.affectsConfiguration('purser.scan') || event.affectsConfiguration('files.exclude')) &&
          allChanged(),
      ),
    );
    this.#starting.schedule(() => this.scanAll());
  }

  dispose(): void {
    this.#stop.abort();
    this.#own.dispose();
  }

  /** Looks through every open folder for which that is switched on. */
  async scanAll(): Promise<void> {
    this.#starting.cancel();
    this.#stop.abort();
    this.#stop = new AbortController();
    const roots = scannedFolders().map(rootOf);
    if (roots.length === 0) {
      tellState('off');
      return this.#findings.keepOnDisk(() => false);
    }
    tellState('running');
    const done = this.#scan({ of: 'disk', roots, paths: undefined }, () => true);
    void window.withProgress({ location: { viewId: 'purser.findings' } }, () => done);
    tellState((await done) ? 'done' : 'failed');
  }

  #scanSome(paths: readonly string[]): void {
    const roots = scannedFolders().map(rootOf);
    const ends = new Set(paths);
    const isAmong = ({ fsPath }: Uri) => isAtOrBelow(fsPath, ends);
    if (roots.length > 0) void this.#scan({ of: 'disk', roots, paths }, isAmong);
  }

  /**
   * Whether it came to its end.
   *
   * @param isAmong which files the order is about: what was known of them and is not found again is forgotten
   */
  #scan(order: ScanOrder, isAmong: (uri: Uri) => boolean): Promise<boolean> {
    const { signal } = this.#stop;
    const done = this.#last.then(() => this.#look(order, signal, isAmong));
    const told = done.then(
      () => true,
      (error: unknown) => {
        this.#tellFailure(error);
        return false;
      },
    );
    this.#last = told;
    return told;
  }

  async #look(order: ScanOrder, signal: AbortSignal, isAmong: (uri: Uri) => boolean): Promise<void> {
    if (signal.aborted) return;
    const seen = new Set<string>();
    await this.#scanner.scan(order, signal, (files) => {
      const found = files.map(findingsOnDisk);
      for (const { uri } of found) seen.add(uri.toString());
      this.#findings.setOnDisk(found);
    });
    if (!signal.aborted) this.#findings.keepOnDisk((uri) => seen.has(uri.toString()) || !isAmong(uri));
  }
}

/** `purser.scan` is what the view says where it has nothing to list. */
function tellState(state: 'off' | 'running' | 'done' | 'failed'): void {
  void commands.executeCommand('setContext', 'purser.scan', state);
}

/** The open folders that are looked through. */
export function scannedFolders(): readonly WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === 'file' && readSetting('scan.workspace', uri),
  );
}

function rootOf({ uri }: WorkspaceFolder): ScanRoot {
  const globs: unknown = workspace.getConfiguration('files', uri).get('exclude');
  const entries = typeof globs === 'object' && globs !== null ? Object.entries(globs) : [];
  return { folder: uri.fsPath, exclude: entries.flatMap(([glob, on]) => (on === true ? [glob] : [])) };
}
