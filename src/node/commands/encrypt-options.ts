import type { OutputOptions } from './file-io.ts';

/** What a command line says about encrypting. */
export interface EncryptOptions extends OutputOptions {
  readonly paths: readonly string[];
  readonly scheme: string | undefined;
  readonly keys: readonly string[];
  readonly entries: readonly string[];
  readonly all: boolean;
  readonly whole: boolean;
  readonly accepted: readonly string[];
}
