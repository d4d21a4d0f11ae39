import type { CliContext, ExitCode } from './commands/context.ts';
import { usage } from './commands/file-io.ts';
import { flag, list, read, text } from './read-arguments.ts';

/** The `version` of package.json, put here by whoever bundles the command line. */
declare const PURSER_VERSION: string;

export const help = `purser keeps the secrets in Kubernetes manifests.

  purser scan [PATH…] [--staged | --since REV] [--format text|json|sarif] [--level error|warning|information]
  purser encrypt FILE… [--scheme ID] [--key REF]… [--entry E]… [--all] [--whole] [--accept-key FP]… [-i | -o FILE]
  purser decrypt FILE… [--key REF]… [--entry E]… [-i | -o FILE]
  purser set FILE E [--key REF]… [--accept-key FP]…
  purser describe FILE
  purser rotate PATH… [--key REF]… [--accept-key FP]… [--dry-run]
  purser rotate --lines [--migrate] [--key REF]…
  purser keygen jwe|fernet|secretbox|age [--name N] [-o FILE] [--public-out FILE]
  purser atrest lint FILE [--reload] [--kms-v1]
  purser atrest read [--config FILE] [--key REF]… [--etcd-key PATH] [FILE|-]
  purser atrest audit SNAPSHOT [--config FILE] [--key REF]… [--format text|json]
  purser hook install|remove
  purser --version

E is [Kind/namespace/name#]data.KEY, stringData.KEY or encryptedData.KEY, in a SOPS file any path. REF is a path
(path#SHA256:… pins a public key), env:NAME, local:NAME, or NAME=FILE for a symmetric key. FP is SHA256:…, or an age
recipient. FILE may be - for stdin. Exit codes: 0 done, 1 found or could not open, 2 could not run or was refused.
`;

const output = { 'in-place': { ...flag, short: 'i' }, output: { ...text, short: 'o' } } as const;

/** Runs one command line. Throws `usage`; commands are imported when they are run. */
export async function runCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const [command, ...rest] = args;
  if (asksForHelp(rest)) return sayHelp(context);
  switch (command) {
    case 'scan':
      return runScan(rest, context);
    case 'encrypt':
      return runEncrypt(rest, context);
    case 'decrypt':
      return runDecrypt(rest, context);
    case 'set':
      return runSet(rest, context);
    case 'describe':
      return runDescribe(rest, context);
    case 'rotate':
      return runRotate(rest, context);
    case 'keygen':
      return runKeygen(rest, context);
    case 'hook':
      return runHook(rest, context);
    case 'atrest':
      return (await import('./at-rest-arguments.ts')).runAtRest(rest, context);
    case '--help':
    case '-h':
    case 'help':
      return sayHelp(context);
    case '--version':
      context.terminal.out(`purser ${PURSER_VERSION}\n`);
      return 0;
    case undefined:
      throw usage('name a command');
    default:
      throw usage(`there is no command ${command}`);
  }
}

/** Behind a command too, but not behind `--`, where it is the name of a file. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

function sayHelp({ terminal }: CliContext): ExitCode {
  terminal.out(help);
  return 0;
}

async function runScan(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const options = { format: text, level: text, staged: flag, since: text } as const;
  const { values, positionals } = read(args, options);
  const { scan } = await import('./commands/scan.ts');
  return scan(
    {
      paths: positionals,
      staged: values.staged ?? false,
      since: values.since,
      format: values.format ?? 'text',
      level: values.level ?? 'information',
    },
    context,
  );
}

async function runEncrypt(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const options = {
    ...output,
    scheme: text,
    key: list,
    entry: list,
    all: flag,
    whole: flag,
    'accept-key': list,
  } as const;
  const { values, positionals } = read(args, options);
  const { encrypt } = await import('./commands/encrypt.ts');
  return encrypt(
    {
      paths: positionals,
      scheme: values.scheme,
      keys: values.key ?? [],
      entries: values.entry ?? [],
      all: values.all ?? false,
      whole: values.whole ?? false,
      accepted: values['accept-key'] ?? [],
      inPlace: values['in-place'] ?? false,
      output: values.output,
    },
    context,
  );
}

async function runDecrypt(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { ...output, key: list, entry: list });
  const { decrypt } = await import('./commands/decrypt.ts');
  return decrypt(
    {
      paths: positionals,
      keys: values.key ?? [],
      entries: values.entry ?? [],
      inPlace: values['in-place'] ?? false,
      output: values.output,
    },
    context,
  );
}

async function runSet(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { key: list, 'accept-key': list });
  const [path, entry, ...others] = positionals;
  if (path === undefined || entry === undefined || others.length > 0)
    throw usage('set takes a file and an entry');
  if (path === '-') throw usage('set reads the value from stdin, so the file needs a name');
  const { set } = await import('./commands/set.ts');
  return set({ path, entry, keys: values.key ?? [], accepted: values['accept-key'] ?? [] }, context);
}

async function runDescribe(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { positionals } = read(args, {});
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw usage('describe takes a file');
  const { describe } = await import('./commands/describe.ts');
  return describe(path, context);
}

async function runRotate(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const options = { key: list, 'accept-key': list, 'dry-run': flag, lines: flag, migrate: flag } as const;
  const { values, positionals } = read(args, options);
  if (values.lines === true) return runRotateLines(values, positionals, context);
  if (values.migrate === true) throw usage('--migrate goes with --lines');
  const { rotate } = await import('./commands/rotate.ts');
  return rotate(
    {
      paths: positionals,
      keys: values.key ?? [],
      accepted: values['accept-key'] ?? [],
      dryRun: values['dry-run'] ?? false,
    },
    context,
  );
}

interface LineValues {
  readonly key?: string[];
  readonly 'accept-key'?: string[];
  readonly 'dry-run'?: boolean;
  readonly migrate?: boolean;
}

async function runRotateLines(
  values: LineValues,
  paths: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  if (paths.length > 0) throw usage('--lines reads stdin, and takes no path');
  if (values['accept-key'] !== undefined || values['dry-run'] !== undefined)
    throw usage('--lines takes --key and --migrate only');
  const { rotateLines } = await import('./commands/rotate-lines.ts');
  return rotateLines({ keys: values.key ?? [], migrate: values.migrate ?? false }, context);
}

async function runKeygen(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = read(args, { name: text, output: output.output, 'public-out': text });
  const [kind, ...others] = positionals;
  if (kind === undefined || others.length > 0) throw usage('keygen takes jwe, fernet, secretbox or age');
  const { keygen } = await import('./commands/keygen.ts');
  return keygen(
    { kind, name: values.name, output: values.output, publicOutput: values['public-out'] },
    context,
  );
}

async function runHook(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { positionals } = read(args, {});
  const [action, ...others] = positionals;
  if ((action !== 'install' && action !== 'remove') || others.length > 0)
    throw usage('hook takes install or remove');
  const { hook } = await import('./commands/hook.ts');
  return hook(action, context);
}
