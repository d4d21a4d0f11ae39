import { type ChildProcess, spawn } from 'node:child_process';
import * as l10n from '@vscode/l10n';

/** How long a program may take, in milliseconds, and how much it may say, in bytes. */
export interface RunLimits {
  readonly timeout: number;
  readonly output: number;
}

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** What a program said, or why that is nothing. */
export type Said = { readonly stdout: Buffer } | { readonly reason: string };

/**
 * Runs a program without a shell and without input. What it says on stderr is dropped: it may hold secrets. After too long a time,
 * after too much output and when the signal is aborted, it is ended with what it started in its process group. Throws the signal's
 * reason.
 */
export async function runProgram(run: Run, limits: RunLimits, signal: AbortSignal): Promise<Said> {
  signal.throwIfAborted();
  const child = start(run);
  if (child === undefined) return { reason: cannotStart() };
  const said = await outcomeOf(child, limits, signal);
  signal.throwIfAborted();
  return said;
}

const cannotStart = () => l10n.t('it cannot be started');

function start({ program, args, env, folder }: Run): ChildProcess | undefined {
  try {
    return spawn(program, args, {
      env,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      // A process group of its own, so that all of it can be ended.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch {
    // Arguments that the system does not take, say for their length; Node's error holds them.
    return undefined;
  }
}

function outcomeOf(child: ChildProcess, limits: RunLimits, signal: AbortSignal): Promise<Said> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (said: Said) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(said);
    };
    // What a program leaves behind that ends by itself is meant to stay; of one that is stopped, nothing is.
    const stopFor = (reason: string) => {
      kill(child);
      finish({ reason });
    };
    const stop = () => stopFor(l10n.t('it does not end'));
    const timer = setTimeout(stop, limits.timeout);
    signal.addEventListener('abort', stop, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limits.output) stopFor(l10n.t('it says too much'));
      else chunks.push(chunk);
    });
    child.on('error', () => finish({ reason: cannotStart() }));
    child.on('close', (status, killer) => {
      if (status === 0) finish({ stdout: Buffer.concat(chunks) });
      else if (status === null) finish({ reason: l10n.t('{0} ended it', String(killer)) });
      else finish({ reason: l10n.t('it ended with status {0}', status) });
    });
  });
}

function kill(child: ChildProcess): void {
  child.stdout?.destroy();
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
