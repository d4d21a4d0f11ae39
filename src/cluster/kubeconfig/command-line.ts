import type { Exec } from './kubeconfig.ts';

const masked = '••••';
const secretWord = /secret|token|passw|passphrase|pwd|credential|assertion|api-?key|access-?key|private/i;
const flag = /^(--?[A-Za-z][^=]*)(?:=([^]*))?$/;
const assignment = /^([A-Za-z_][A-Za-z0-9_.-]*)=([^]+)$/;

/**
 * A command as a person reads it, with what the kubeconfig sets in its environment: `LD_PRELOAD` and `PATH` decide what runs, too.
 * What looks like a secret is masked.
 */
export function commandLineOf({ command, args, env }: Exec): string {
  return [...env.map(maskedVariable), command, ...maskedArgs(args)].map(quoted).join(' ');
}

function maskedVariable([name, value]: Exec['env'][number]): string {
  return value !== '' && secretWord.test(name) ? `${name}=${masked}` : maskedArg(`${name}=${value}`);
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
      .replaceAll(/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, masked)
      .replaceAll(/\b(Bearer|Basic)\s+[^\s'"]+/gi, `$1 ${masked}`)
  );
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./•-]+$/.test(arg) ? arg : JSON.stringify(arg);
}
