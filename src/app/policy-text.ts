import * as l10n from '@vscode/l10n';
import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { PolicyProblem } from '../policy/policy.ts';
import type { Files } from './ports.ts';

/**
 * In bytes. Parsing YAML takes seconds a megabyte, and policies come from the repository: no honest one comes near it.
 */
export const policySizeLimit = 256 * 1024;

/** The text of a policy file, or why it cannot be read. */
export async function readPolicyText(file: string, files: Files): Promise<string | PolicyProblem> {
  try {
    const bytes = await files.read(file);
    if (bytes.byteLength > policySizeLimit) return { line: 1, message: tooLarge() };
    return utf8(bytes) ?? { line: 1, message: l10n.t('it is not UTF-8') };
  } catch (error) {
    if (error instanceof Failure) return { line: 1, message: reasonOf(error) };
    throw error;
  }
}

function reasonOf({ details }: Failure): string {
  return 'reason' in details ? details.reason : tooLarge();
}

function tooLarge(): string {
  return l10n.t('it is far too large');
}
