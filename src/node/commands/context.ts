import type { KeyRing } from '../../app/key-ring.ts';
import type { PolicyFinder } from '../../app/policy-finder.ts';
import type { Trust } from '../../app/ports.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { BlockingFiles } from '../blocking-files.ts';

/** What the terminal gives a command. */
export interface Terminal {
  readonly cwd: string;
  readonly interactive: boolean;
  /** All of stdin, exactly. */
  readStdin(): Promise<Uint8Array>;
  /** One line typed without being shown. */
  readMasked(prompt: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  out(content: string | Uint8Array): void;
  /** One line to stderr. */
  say(line: string): void;
}

/** What every command works with. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly files: BlockingFiles;
  readonly keys: KeyRing;
  readonly policies: PolicyFinder;
  readonly trust: Trust;
  readonly registry: SchemeRegistry;
}

/** 0 done, 1 found or could not open, 2 could not run or was refused. */
export type ExitCode = 0 | 1 | 2;
