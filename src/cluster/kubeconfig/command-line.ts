import type { Exec } from './kubeconfig.ts';

const masked = '••••';
const secretWord = /secret|token|passw|passphrase|pwd|credential|assertion|api-?key|access-?key|private/i;
const flag = /^(--?[A-Za-z][^=]*)(?:=([^]*))?$/;
const assignment = /^([A-Za-z_][A-Za-z0-9_.-]*)=([^]+)$/;

/** A command as a person reads it: arguments that look like secrets are masked, of variables only the names are told. */
export function commandLineOf({ command, args, env }: Exec): string {
  const variables = env.map(([name]) => `${name}=${masked}`);
  return [...variables, quoted(command), ...maskedArgs(args).map(quoted)].join(' ');
}

function maskedArgs(args: readonly string[]): readonly string[] {
  return args.map((arg, index) => (isNamedSecret(args[index - 1], arg) ? masked : maskedArg(arg)));
}

/** Whether the argument before it is a flag that is about a secret and has no value of its own. */
function isNamedSecret(before: string | undefined, arg: string): boolean {
  const [, name, value] = flag.exec(before ?? '') ?? [];
  return name !== undefined && value === undefined && secretWord.test(name) && !arg.startsWith('--');
}

function maskedArg(arg: string): string {
  const [, name = '', value] = flag.exec(arg) ?? assignment.exec(arg) ?? [];
  if (value !== undefined && secretWord.test(name)) return `${name}=${masked}`;
  return (
    arg
      // Credentials in an address.
      .replaceAll(/(\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${masked}@`)
      // A JWT, and what an Authorization header says.
      .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, masked)
      .replaceAll(/\b(Bearer|Basic)\s+[^\s'"]+/gi, `$1 ${masked}`)
  );
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./•-]+$/.test(arg) ? arg : JSON.stringify(arg);
}
