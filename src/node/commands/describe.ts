import { createHash } from 'node:crypto';
import { describeFile } from '../../app/describe-file.ts';
import { Failure } from '../../core/errors.ts';
import { decodeFile } from '../../manifest/file-text.ts';
import type { CliContext, ExitCode } from './context.ts';
import { readInput } from './file-io.ts';
import { report } from './report.ts';

/**
 * `purser describe`: what is in a file, without a key. What is too large or no text is no error: git would show no diff of
 * any file.
 */
export async function describe(path: string, context: CliContext): Promise<ExitCode> {
  const { terminal, registry } = context;
  try {
    const { bytes } = await readInput(path, context);
    terminal.out(
      linesOf(bytes, registry)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return 0;
  } catch (error) {
    // Of stdin, only what was read by then is known.
    if (path !== '-' && Failure.is(error, 'file.too-large')) {
      terminal.out(`the file: too large, ${error.details.bytes} B\n`);
      return 0;
    }
    return report(error, terminal, path);
  }
}

/** The ciphertext is there for everybody to read, so its digest gives nothing away. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 8);
}

function linesOf(bytes: Uint8Array, registry: CliContext['registry']): readonly string[] {
  try {
    return describeFile(decodeFile(bytes).text, registry, digestOf);
  } catch (error) {
    if (Failure.is(error, 'file.not-text')) return [`the file: no text, ${bytes.byteLength} B`];
    throw error;
  }
}
