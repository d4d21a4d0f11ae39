import { type Disposable, type Event, EventEmitter, Uri } from 'vscode';
import type { SealedKubeconfig } from '../app/clusters/kubeconfig-source.ts';
import type { FluxReport } from '../app/flux-report.ts';
import type { ReportedFinding } from '../app/scan-file.ts';
import { isWorthKeeping, isWorthTelling, type PlaintextCount } from '../app/workspace-scan.ts';
import { type FileFindings, nothingFound, withMore } from './file-findings.ts';

/** How much there is in all files. */
export interface FindingTotals {
  readonly findings: number;
  readonly plaintext: PlaintextCount;
  /** How many files there is ciphertext in. */
  readonly sealed: number;
}

/** Findings by URI. */
type More = ReadonlyMap<string, readonly ReportedFinding[]>;

/**
 * What is known of every file, open or not: squiggles, badges, the view and the status bar all read it here. What an open
 * document holds counts before what stands on disk.
 */
export class Findings implements Disposable {
  readonly #onDisk = new Map<string, FileFindings>();
  readonly #inEditor = new Map<string, FileFindings>();
  #across: More = new Map();
  #followed: More = new Map();
  readonly #changed = new EventEmitter<readonly Uri[]>();
  /** Tells which files' findings changed. */
  readonly onDidChange: Event<readonly Uri[]> = this.#changed.event;
  #totals: FindingTotals | undefined;

  get(uri: Uri): FileFindings {
    const id = uri.toString();
    const own = this.#inEditor.get(id) ?? this.#onDisk.get(id) ?? nothingFound(uri);
    return this.#withMore(own);
  }

  /** The kubeconfigs that stand encrypted in a file, whatever is open of it: they are read from disk. */
  kubeconfigsIn(uri: Uri): readonly SealedKubeconfig[] {
    return this.#onDisk.get(uri.toString())?.kubeconfigs ?? [];
  }

  /** What files on disk add to what Flux applies, by URI. */
  flux(): ReadonlyMap<string, { readonly flux: FluxReport }> {
    const all = [...this.#onDisk].flatMap(([id, { flux }]) =>
      flux === undefined ? [] : [[id, { flux }] as const],
    );
    return new Map(all);
  }

  /** Every file of which there is something to say, in order of name. */
  files(): readonly FileFindings[] {
    const all = new Map([...this.#onDisk, ...this.#inEditor]);
    for (const id of this.#followed.keys()) if (!all.has(id)) all.set(id, nothingFound(Uri.parse(id, true)));
    return [...all.values()]
      .map((file) => this.#withMore(file))
      .filter(isWorthTelling)
      .toSorted((a, b) => (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : 0));
  }

  totals(): FindingTotals {
    this.#totals ??= totalsOf(this.files());
    return this.#totals;
  }

  /** What a document holds; undefined when it is closed, or when it is none of ours. */
  setInEditor(uri: Uri, found: FileFindings | undefined): void {
    if (found === undefined && !this.#inEditor.has(uri.toString())) return;
    if (found === undefined) this.#inEditor.delete(uri.toString());
    else this.#inEditor.set(uri.toString(), found);
    this.#tell([uri]);
  }

  /** What files on disk hold, as they were just looked into. */
  setOnDisk(files: readonly FileFindings[]): void {
    for (const file of files) {
      if (isWorthKeeping(file)) this.#onDisk.set(file.uri.toString(), file);
      else this.#onDisk.delete(file.uri.toString());
    }
    this.#tell(files.map(({ uri }) => uri));
    this.#follow();
  }

  /** Forgets the files on disk that this is not true of. */
  keepOnDisk(isKept: (uri: Uri) => boolean): void {
    const gone = [...this.#onDisk.values()].map(({ uri }) => uri).filter((uri) => !isKept(uri));
    for (const uri of gone) this.#onDisk.delete(uri.toString());
    this.#tell(gone);
    this.#follow();
  }

  /** What only a look across files finds, by URI. */
  setAcross(across: More): void {
    const before = this.#across;
    this.#across = across;
    this.#tell(changedBetween(before, across));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Collects what kustomizations on disk say of other files. Two that point to the same file say the same. */
  #follow(): void {
    const before = this.#followed;
    const followed = new Map<string, readonly ReportedFinding[]>();
    for (const { elsewhere } of this.#onDisk.values())
      for (const { path, findings } of elsewhere) followed.set(Uri.file(path).toString(), findings);
    this.#followed = followed;
    this.#tell(changedBetween(before, followed));
  }

  #withMore(file: FileFindings): FileFindings {
    const id = file.uri.toString();
    return withMore(file, [...(this.#followed.get(id) ?? []), ...(this.#across.get(id) ?? [])]);
  }

  #tell(uris: readonly Uri[]): void {
    if (uris.length === 0) return;
    this.#totals = undefined;
    this.#changed.fire(uris);
  }
}

function changedBetween(before: More, after: More): readonly Uri[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return ids
    .filter((id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id)))
    .map((id) => Uri.parse(id, true));
}

function totalsOf(files: readonly FileFindings[]): FindingTotals {
  let findings = 0;
  let errors = 0;
  let others = 0;
  let sealed = 0;
  for (const { total, plaintext, sealed: isSealed } of files) {
    findings += total;
    if (isSealed) sealed++;
    errors += plaintext.errors;
    others += plaintext.others;
  }
  return { findings, plaintext: { errors, others }, sealed };
}
