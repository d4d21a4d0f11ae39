import { parseArgs } from 'node:util';
import { usage } from './commands/file-io.ts';

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

export const text = { type: 'string' } as const;
export const list = { type: 'string', multiple: true } as const;
export const flag = { type: 'boolean' } as const;

/** Tells options from names. Throws `usage`. */
export function read<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(
      error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : 'the options cannot be read',
    );
  }
}
