import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A server or a controller that runs until it is ended. */
export interface BackgroundProgram {
  readonly name: string;
  readonly process: ChildProcess;
  /** The last lines of what it wrote. */
  readonly lastLines: () => string;
}

interface Start {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Its home, and where its log is written. */
  readonly folder: string;
  /** All the environment that it gets, besides its home. */
  readonly env?: Readonly<Record<string, string>>;
  /** For servers that refuse to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export function startProgram({ name, file, args, folder, env = {}, user }: Start): BackgroundProgram {
  const path = join(folder, `${name}.log`);
  // A file, not a pipe, which blocks the program when nobody reads it.
  const log = openSync(path, 'w');
  const process = spawn(file, args, {
    stdio: ['ignore', log, log],
    env: { HOME: folder, ...env },
    ...user,
  });
  closeSync(log);
  const lastLines = () => readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n');
  return { name, process, lastLines };
}

/** Asks it to end, and after three seconds does not ask. */
export async function endProgram({ process }: BackgroundProgram): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGTERM');
  const late = setTimeout(() => process.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(late);
}

/** Ports of the loopback that nobody listens at: held until all are known, so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
