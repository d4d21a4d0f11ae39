import { howToSeal } from '../../app/how-to-seal.ts';
import { type LineKeys, type LineOutcome, LineRotation } from '../../app/rotate-lines.ts';
import { sealingKey } from '../../app/sealing-key.ts';
import { Failure } from '../../core/errors.ts';
import { readFernetKey } from '../../crypto/fernet.ts';
import { fileSizeLimit } from '../../manifest/file-text.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import { linesOf, type StreamLine } from '../lines.ts';
import type { CliContext, ExitCode } from './context.ts';
import { policyPath, usage } from './file-io.ts';
import { report } from './report.ts';

export interface RotateLinesOptions {
  readonly keys: readonly string[];
  readonly migrate: boolean;
}

const stdin = '-';
/** A wrong key fails for every row of a table. */
const toldAtMost = 20;
/** Output is written in pieces of this many bytes, or one line. */
const pieceBytes = 65_536;

const words: Readonly<Record<LineOutcome, string>> = {
  rotated: 'sealed again',
  migrated: 'encrypted',
  current: "sealed to today's key already",
  empty: 'empty',
};

/**
 * `purser rotate --lines`: stdin to stdout, line by line. From the first line that fails nothing more is written, so what
 * comes out is never out of step with what went in; the lines after it are checked, so that all are told of at once.
 */
export async function rotateLines(options: RotateLinesOptions, context: CliContext): Promise<ExitCode> {
  const { registry, terminal } = context;
  const rotation = new LineRotation(await lineKeys(options, context), {
    migrate: options.migrate,
    now: () => new Date(),
    isCiphertext: (text) => registry.ofToken(text) !== undefined || registry.isDamaged(text),
  });
  return new LineRun(rotation, context).all(linesOf(terminal.chunks(), fileSizeLimit));
}

/** The first key that is named, else the rule's, seals. The others, and the person's own, open. */
async function lineKeys({ keys }: RotateLinesOptions, context: CliContext): Promise<LineKeys> {
  const { terminal, policies, registry, trust, repository } = context;
  const site = { base: terminal.cwd, root: undefined };
  const named = keys.map(readKeyArgument);
  const answer = await policies.find(policyPath(stdin, { inPlace: false, output: undefined }, context));
  const how = await howToSeal(answer, { scheme: 'fernet', keys: named, site }, context.keys);
  if (how.unit === 'document') throw usage('a line is one Fernet token');
  const scheme = registry.byId(how.scheme);
  const today = await sealingKey({ ...how, scheme, accepted: [] }, context.keys, trust, repository);
  const others = await Promise.all(named.map((reference) => context.keys.resolve(reference, 'fernet', site)));
  const references = answer.rule?.scheme === 'fernet' && named.length === 0 ? answer.rule.keys : [];
  const own = await context.keys.openingKeys(references, 'fernet', { base: answer.base, root: answer.root });
  return {
    today: readKey(today.material),
    others: [...others.map(readKey), ...own.flatMap(readUsable)],
  };
}

function readKey({ bytes, ref }: KeyMaterial) {
  return readFernetKey(bytes.expose(), ref);
}

/** That one key in the key folder is none is no reason not to try the others. */
function readUsable(material: KeyMaterial) {
  try {
    return [readKey(material)];
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return [];
    throw error;
  }
}

class LineRun {
  readonly #rotation: LineRotation;
  readonly #context: CliContext;
  readonly #counts = new Map<LineOutcome, number>();
  #ready: Uint8Array[] = [];
  #readyBytes = 0;
  #failed = 0;

  constructor(rotation: LineRotation, context: CliContext) {
    this.#rotation = rotation;
    this.#context = context;
  }

  async all(lines: AsyncIterable<StreamLine>): Promise<ExitCode> {
    let number = 0;
    for await (const line of lines) {
      const content = this.#one(line, ++number);
      if (content === undefined || this.#failed > 0) continue;
      this.#ready.push(content, ...(line.ended ? [newline] : []));
      this.#readyBytes += content.length + 1;
      if (this.#readyBytes >= pieceBytes) await this.#write();
    }
    await this.#write();
    this.#sayTotals();
    return this.#failed > 0 ? 1 : 0;
  }

  /** Undefined where the line fails, which is told. */
  #one({ content, bytes }: StreamLine, line: number): Uint8Array | undefined {
    try {
      if (content === undefined) throw new Failure('file.too-large', { bytes, limit: fileSizeLimit });
      const rotated = this.#rotation.rotate(content);
      this.#counts.set(rotated.outcome, (this.#counts.get(rotated.outcome) ?? 0) + 1);
      return rotated.content;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (++this.#failed <= toldAtMost)
        report(error.at({ path: stdin, line }), this.#context.terminal, stdin);
      return undefined;
    }
  }

  async #write(): Promise<void> {
    const piece = Buffer.concat(this.#ready);
    [this.#ready, this.#readyBytes] = [[], 0];
    if (piece.length > 0) await this.#context.terminal.write(piece);
  }

  #sayTotals(): void {
    const { terminal } = this.#context;
    if (this.#failed > 0) {
      const lines = this.#failed === 1 ? '1 line' : `${this.#failed} lines`;
      terminal.say(
        `purser: ${lines} failed, and from the first of them on nothing was written: do not commit this`,
      );
      return;
    }
    const parts = [...this.#counts].map(([outcome, count]) => `${count} ${words[outcome]}`);
    terminal.say(`purser: ${parts.length === 0 ? 'no lines' : parts.join(', ')}`);
  }
}

const newline: Uint8Array = Buffer.from('\n');
