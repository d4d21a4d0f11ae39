import type { LogOutputChannel } from 'vscode';

/** Writes what should not have happened to the log, for whoever mends it. */
export function tellBugTo(log: Pick<LogOutputChannel, 'error'>): (error: unknown) => void {
  return (error) => log.error(error instanceof Error ? (error.stack ?? error.name) : 'an unknown error');
}
