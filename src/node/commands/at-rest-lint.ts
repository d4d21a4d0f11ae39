import { lintConfiguration } from '../../app/at-rest/lint.ts';
import { shown } from '../../app/sentence.ts';
import { judgeConfiguration, type ServerOptions } from '../../audit/at-rest/judge-configuration.ts';
import { Failure } from '../../core/errors.ts';
import { LineIndex } from '../../core/span.ts';
import { tellDocument } from '../../manifest/parse.ts';
import type { CliContext, ExitCode } from './context.ts';
import { editableText, readInput } from './file-io.ts';
import { inFull } from './scan-text.ts';

export interface LintOptions extends ServerOptions {
  readonly path: string;
}

/** `purser atrest lint`: what kube-apiserver says to an EncryptionConfiguration, in its words, and advice. */
export async function lint(options: LintOptions, context: CliContext): Promise<ExitCode> {
  const { path } = options;
  const text = await textOf(path, context);
  const lines = new LineIndex(text);
  const findings = lintConfiguration(text, options);
  for (const { span, level, rule, message } of findings) {
    const { line, column } = lines.positionAt(span.start);
    context.terminal.out(
      `${shown(path)}:${line}:${column}: ${level} ${rule}: ${inFull(message.replace(/\s*\n\s*/g, ' '))}\n`,
    );
  }
  const takes = judgeConfiguration(text, options, tellDocument).stage === undefined;
  context.terminal.say(
    `purser: ${shown(path)}: kube-apiserver ${takes ? 'takes it' : 'does not start with it'}`,
  );
  return findings.some(({ level }) => level === 'error') ? 1 : 0;
}

async function textOf(path: string, context: CliContext): Promise<string> {
  try {
    return editableText(await readInput(path, context)).text;
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}
