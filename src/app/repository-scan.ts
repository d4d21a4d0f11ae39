import type { PolicyFacts } from '../audit/audited-file.ts';
import { mayGenerateSecrets } from '../audit/generator-references.ts';
import { Failure } from '../core/errors.ts';
import { LineIndex } from '../core/span.ts';
import { emptyPolicy, type Policy } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { fluxReport } from './flux-report.ts';
import { type FollowedFile, followGenerators } from './follow-generators.ts';
import { isSealed } from './is-sealed.ts';
import type { KeyRing } from './key-ring.ts';
import { sentenceOf } from './messages.ts';
import { movedSince } from './moved-since.ts';
import { PolicyFactsFinder } from './policy-facts.ts';
import type { FolderPolicy, PolicyAnswer, PolicyFinder } from './policy-finder.ts';
import type { Files, Repository } from './ports.ts';
import {
  emptyReport,
  type FileReport,
  type FoundElsewhere,
  isConcerned,
  isKeyFile,
  type LookedThrough,
  lookAgain,
  lookThrough,
  nothing,
  type ReportedProblem,
  report,
  reportFindings,
  reportKeyFile,
  reportProblems,
  type ScannedFile,
} from './scan-file.ts';
import { onOneLine } from './sentence.ts';

/** A file that a scan came upon. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** Why it cannot be looked into, where it cannot. */
  readonly problem: string | undefined;
  /**
   * Set for what stands below a path that was named: whether it is looked into only where policy wants it sealed as a
   * whole, because its name tells nothing. What policy ignores has no problems then.
   */
  readonly onlyWhole?: boolean;
  /** The file's bytes. Throws `file.unreadable`, `file.too-large` and the like. */
  read(): Uint8Array;
  /** What the last commit has in its place, where it is looked at as part of a commit. */
  before?(): Uint8Array | undefined;
}

/** A folder as a scan passes through it. */
interface ScannedFolder extends FolderPolicy {
  readonly path: string;
}

/** What a look over many files works with. */
export interface ScanContext {
  /** Where files that manifests point to are read. */
  readonly files: Files;
  readonly policies: PolicyFinder;
  readonly keys: Pick<KeyRing, 'resolve'>;
  readonly registry: SchemeRegistry;
  readonly repository: Repository;
  /** How reports call a file. */
  readonly shownPath: (path: string) => string;
}

/** One look over many files: each policy is read once, and a bad file never stops it. */
export class RepositoryScan {
  readonly #context: ScanContext;
  readonly #policies: PolicyFinder;
  readonly #facts: PolicyFactsFinder;
  /** The policies whose problems were told. */
  readonly #told = new Set<string>();
  /** Those of the problems that reports tell of which stand in a `.purser.yaml`: not all that it asks for is looked for. */
  readonly policyProblems = new Set<ReportedProblem>();
  /** What holds in the folder that the last file was in: files come folder by folder. */
  #folder: ScannedFolder | undefined;

  constructor(context: ScanContext) {
    this.#context = context;
    this.#policies = context.policies.remembering();
    this.#facts = new PolicyFactsFinder(this.#policies, context.keys, context.registry);
  }

  /**
   * What is found in a file; undefined for one that policy ignores. It is there at once for a file in which there is
   * nothing to find and that no policy is about, as nearly all are: waiting for each would cost more than reading it.
   */
  look(file: FoundFile): FileReport | undefined | Promise<FileReport | undefined> {
    if (file.problem !== undefined && file.onlyWhole === undefined)
      return this.#unread(file.path, file.problem);
    const folder = this.#folder?.path === folderOf(file.path) ? this.#folder : undefined;
    if (file.onlyWhole === true && folder !== undefined && isPassedOver(file, folder.answer(file.path)))
      return undefined;
    if (folder?.isFree !== true || file.problem !== undefined) return this.#look(file, undefined);
    try {
      const bytes = file.read();
      const scanned = this.#scanned(file.path, undefined, emptyPolicy);
      return isConcerned(scanned, bytes) ? this.#look(file, bytes) : emptyReport(bytes);
    } catch (error) {
      return this.#failed(file, error);
    }
  }

  async #look(file: FoundFile, bytes: Uint8Array | undefined): Promise<FileReport | undefined> {
    const problems: ReportedProblem[] = [];
    try {
      const answer = (await this.#enter(file.path)).answer(file.path);
      const ofPolicy = this.#problemsOf(answer);
      for (const problem of ofPolicy) this.policyProblems.add(problem);
      problems.push(...ofPolicy, ...(await this.#problemsOfSops(file.path, answer)));
      if (isPassedOver(file, answer)) return problems.length === 0 ? undefined : { ...nothing, problems };
      const report =
        file.problem === undefined
          ? await this.#scan(file, bytes ?? file.read(), answer)
          : this.#unread(file.path, file.problem);
      return problems.length === 0 ? report : { ...report, problems: [...problems, ...report.problems] };
    } catch (error) {
      return { ...nothing, problems: [...problems, ...this.#failed(file, error).problems] };
    }
  }

  /** A bad file is a problem; everything else is a bug. */
  #failed({ path }: FoundFile, error: unknown): FileReport {
    if (!(error instanceof Failure)) throw error;
    return this.#unread(path, sentenceOf(error), error.place.line);
  }

  async #enter(path: string): Promise<ScannedFolder> {
    const folder = folderOf(path);
    if (this.#folder?.path !== folder)
      this.#folder = { path: folder, ...(await this.#policies.ofFolder(path)) };
    return this.#folder;
  }

  #scanned(path: string, policy: PolicyFacts | undefined, { severity }: Policy): ScannedFile {
    return { path: () => this.#context.shownPath(path), name: path.slice(nameStart(path)), policy, severity };
  }

  async #scan(found: FoundFile, bytes: Uint8Array, answer: PolicyAnswer): Promise<FileReport> {
    const { path } = found;
    const policy = await this.#facts.of(path, answer);
    const scanned = this.#scanned(path, policy, answer.policy ?? emptyPolicy);
    if (!isConcerned(scanned, bytes)) return emptyReport(bytes);
    if (isKeyFile(scanned)) return reportKeyFile(scanned, bytes);
    const looked = await this.#withRecipients(
      lookThrough(scanned, bytes, this.#context.registry),
      path,
      answer,
    );
    const followed = await this.#withFollowed(looked, path, answer.root);
    const moved = movedSince(looked, () => found.before?.());
    return moved.length === 0 ? followed : { ...followed, findings: [...followed.findings, ...moved] };
  }

  /** Whom ciphertext should be sealed to is worked out only where there is ciphertext. */
  async #withRecipients(looked: LookedThrough, path: string, answer: PolicyAnswer): Promise<LookedThrough> {
    if (!isSealed(looked)) return looked;
    const policy = await this.#facts.ofSealed(path, answer);
    return policy === looked.file.policy ? looked : lookAgain(looked, policy, this.#context.registry);
  }

  async #withFollowed(looked: LookedThrough, path: string, root: string): Promise<FileReport> {
    const { files, registry, repository } = this.#context;
    const own = { ...report(looked, registry), flux: fluxReport(looked, path, root, files) };
    if (!mayGenerateSecrets(looked.manifest.text)) return own;
    const isCommitted = (one: string) => repository.holds(one, root);
    const followed = await followGenerators(looked.manifest, path, { files, registry, root, isCommitted });
    const { file, lines } = looked;
    return {
      ...own,
      elsewhere: followed.files.map((one) => this.#elsewhere(one, file.severity)),
      problems: [...own.problems, ...reportProblems(followed.problems, file, lines)],
    };
  }

  #elsewhere({ path, text, findings }: FollowedFile, severity: ScannedFile['severity']): FoundElsewhere {
    const file = { path: () => this.#context.shownPath(path), severity };
    return { path, findings: reportFindings(findings, file, new LineIndex(text)) };
  }

  #unread(path: string, message: string, line?: number): FileReport {
    return { ...nothing, problems: [{ path: this.#context.shownPath(path), line, message }] };
  }

  /** Of the creation rules that count for a file. */
  async #problemsOfSops(path: string, { file, rule }: PolicyAnswer): Promise<readonly ReportedProblem[]> {
    if (file !== undefined && rule?.scheme !== 'sops') return [];
    const answer = await this.#policies.findSops(path);
    return answer === undefined ? [] : this.#problemsOf(answer);
  }

  #problemsOf({ file, problems }: Pick<PolicyAnswer, 'file' | 'problems'>): readonly ReportedProblem[] {
    if (file === undefined || this.#told.has(file)) return [];
    this.#told.add(file);
    return problems.map(({ line, message }) => ({
      path: this.#context.shownPath(file),
      line,
      message: onOneLine(message),
    }));
  }
}

function isPassedOver({ onlyWhole }: FoundFile, { ignored, rule }: PolicyAnswer): boolean {
  return ignored || (onlyWhole === true && rule?.whole !== true);
}

function folderOf(path: string): string {
  return path.slice(0, nameStart(path));
}

/** Where a path's last part begins, whatever its separators are. */
function nameStart(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}
