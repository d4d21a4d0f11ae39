import type { CliContext, ExitCode } from './commands/context.ts';
import { usage } from './commands/file-io.ts';
import { flag, list, read, text } from './read-arguments.ts';

/** `purser atrest lint|read|audit`. Throws `usage`. */
export async function runAtRest(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const [action, ...rest] = args;
  if (action === 'lint') return runLint(rest, context);
  if (action === 'read') return runRead(rest, context);
  if (action === 'audit') return runAudit(rest, context);
  throw usage('atrest takes lint, read or audit');
}

async function runLint(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { reload: flag, 'kms-v1': flag });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw usage('atrest lint takes one file');
  const { lint } = await import('./commands/at-rest-lint.ts');
  return lint({ path, reload: values.reload ?? false, kmsV1: values['kms-v1'] ?? false }, context);
}

async function runRead(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { config: text, key: list, 'etcd-key': text });
  const [path = '-', ...others] = positionals;
  if (others.length > 0) throw usage('atrest read takes one value');
  if (path === '-' && values.config === '-') throw usage('only one of the two can be stdin');
  const { readStored } = await import('./commands/at-rest-read.ts');
  return readStored(
    { path, config: values.config, keys: values.key ?? [], etcdKey: values['etcd-key'] },
    context,
  );
}

async function runAudit(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { config: text, key: list, format: text });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw usage('atrest audit takes one snapshot');
  const { auditStored } = await import('./commands/at-rest-audit.ts');
  return auditStored(
    { path, config: values.config, keys: values.key ?? [], format: values.format ?? 'text' },
    context,
  );
}
