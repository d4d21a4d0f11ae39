import { relative, resolve, sep } from 'node:path';
import type { PolicyFinder } from '../../app/policy-finder.ts';
import { Rotation } from '../../app/rotate.ts';
import type { RotationPlan } from '../../app/rotation-plan.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits } from '../../core/span.ts';
import { encodeFile, textOf } from '../../manifest/file-text.ts';
import { noSuchFile, walk } from '../walk.ts';
import type { CliContext, ExitCode } from './context.ts';
import { documentWish, sayNotes } from './document-wish.ts';
import { editableText, type InputFile, unverified, usage, writeResult } from './file-io.ts';
import { report } from './report.ts';

export interface RotateOptions {
  readonly paths: readonly string[];
  readonly keys: readonly string[];
  readonly accepted: readonly string[];
  readonly dryRun: boolean;
}

/** `purser rotate`: seals again what is not sealed to today's first key of its policy, in files and below folders. */
export async function rotate(options: RotateOptions, context: CliContext): Promise<ExitCode> {
  if (options.paths.length === 0) throw usage('name a file or a folder');
  const run = new RotationRun(options, context);
  let worst: ExitCode = 0;
  for (const { path, problem, onlyWhole } of filesOf(options.paths, context)) {
    const code =
      problem === undefined
        ? await run.one(path, onlyWhole !== undefined).catch((error: unknown) => run.refused(error, path))
        : run.failed(path, problem);
    if (code > worst) worst = code;
  }
  run.sayWaiting();
  if (worst === 0) run.sayTotals();
  return worst;
}

function worstOf(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (code > worst ? code : worst), 0);
}

/** A file that two of the paths hold is looked at once. */
function* filesOf(paths: readonly string[], { files, terminal }: CliContext) {
  const seen = new Set<string>();
  for (const path of paths) {
    for (const found of walk(resolve(terminal.cwd, path), (folder, names) => files.listed(folder, names))) {
      if (!seen.has(found.path)) yield found;
      seen.add(found.path);
    }
  }
}

class RotationRun {
  readonly #options: RotateOptions;
  readonly #context: CliContext;
  readonly #rotation: Rotation;
  readonly #policies: PolicyFinder;
  /** How many more files wait for what was not accepted. */
  readonly #waiting = new Map<string, number>();
  #current = 0;
  #renewed = 0;

  constructor(options: RotateOptions, context: CliContext) {
    this.#options = options;
    this.#context = context;
    this.#rotation = new Rotation(context);
    this.#policies = context.policies.remembering();
  }

  /** @param found not named itself, so that policy may leave it out */
  async one(path: string, found: boolean): Promise<ExitCode> {
    const { files } = this.#context;
    const answer = await this.#policies.find(path);
    if (found && answer.ignored) return 0;
    const bytes = await files.read(path);
    const text = textOf(bytes);
    if (text === undefined) return 0;
    const wish = documentWish(this.#options, this.#context);
    const plan = await this.#rotation.plan({ path, text, answer }, wish, new AbortController().signal);
    if (plan === undefined) return 0;
    const named = this.named(path);
    await this.#write({ path, bytes }, plan);
    sayNotes(named, plan.notes, this.#context);
    const codes = plan.left.map((failure) => this.refused(failure, path));
    return worstOf(codes);
  }

  async #write(input: InputFile, plan: RotationPlan): Promise<void> {
    this.#current += plan.current;
    if (plan.renewed === 0) return;
    this.#renewed += plan.renewed;
    const { dryRun } = this.#options;
    const content = editableText(input);
    const after = encodeFile(applyEdits(content.text, plan.edits), content);
    if (!dryRun) await writeResult(input, after, true, { inPlace: true, output: undefined }, this.#context);
    const done = `${plan.renewed} ${dryRun ? 'to be sealed' : 'sealed'} again`;
    this.#context.terminal.say(`purser: ${this.named(input.path)}: ${done}${unverified(plan.verification)}`);
  }

  /** That a key was not accepted is said once: it is the same for every file that is to be sealed to it. */
  refused(error: unknown, path: string): ExitCode {
    const awaited = awaitedIn(error);
    const waiting = awaited === undefined ? undefined : this.#waiting.get(awaited);
    if (awaited !== undefined) this.#waiting.set(awaited, waiting === undefined ? 0 : waiting + 1);
    return waiting === undefined ? report(error, this.#context.terminal, this.named(path)) : 2;
  }

  failed(path: string, problem: string): ExitCode {
    this.#context.terminal.say(`purser: ${this.named(path)}: ${problem}`);
    return problem === noSuchFile() ? 2 : 1;
  }

  named(path: string): string {
    return shown(relative(this.#context.terminal.cwd, path).split(sep).join('/')) || '.';
  }

  sayWaiting(): void {
    for (const [awaited, files] of this.#waiting) {
      if (files === 0) continue;
      const which = files === 1 ? '1 more file waits' : `${files} more files wait`;
      this.#context.terminal.say(`purser: ${which} for ${awaited}`);
    }
  }

  sayTotals(): void {
    if (this.#renewed === 0)
      this.#context.terminal.say(`purser: nothing to seal again (${this.#current} sealed to today's keys)`);
  }
}

/** What the person has yet to accept, where that is what keeps a file from being sealed again. */
function awaitedIn(error: unknown): string | undefined {
  if (Failure.is(error, 'key.untrusted'))
    return `the key ${shown(error.details.ref)} (${error.details.fingerprint})`;
  if (!Failure.is(error, 'recipients.untrusted')) return undefined;
  const { file, recipients } = error.details;
  return `recipients of ${shown(file)}: ${recipients.map(shown).join(', ')}`;
}
