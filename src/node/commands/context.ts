import type { DocumentWorks } from '../../app/documents/document-work.ts';
import type { KeyRing } from '../../app/key-ring.ts';
import type { PolicyFinder } from '../../app/policy-finder.ts';
import type { Files, History, Repository, Trust } from '../../app/ports.ts';
import type { ScanContext } from '../../app/repository-scan.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { BlockingFiles } from '../blocking-files.ts';

/** What the terminal gives a command. */
export interface Terminal {
  readonly cwd: string;
  readonly interactive: boolean;
  /** All of stdin, exactly. */
  readStdin(): Promise<Uint8Array>;
  /** Stdin piece by piece, however long it is. */
  chunks(): AsyncIterable<Uint8Array>;
  /** One line typed without being shown. */
  readMasked(prompt: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  out(content: string | Uint8Array): void;
  /** To stdout; done when whoever reads it has taken it. */
  write(content: Uint8Array): Promise<void>;
  /** One line to stderr. */
  say(line: string): void;
}

/** What every command works with. */
export interface CliContext {
  /** The file that is run as the command line. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly files: BlockingFiles;
  readonly keys: KeyRing;
  readonly policies: PolicyFinder;
  /** The same over other files than those on disk. */
  over(files: Files): Pick<ScanContext, 'files' | 'keys' | 'policies'>;
  readonly trust: Trust;
  readonly repository: Repository;
  readonly history: History;
  readonly registry: SchemeRegistry;
  /** What is done with documents that are sealed as a whole. */
  readonly documents: DocumentWorks;
}

/** 0 done, 1 found or could not open, 2 could not run or was refused. */
export type ExitCode = 0 | 1 | 2;
