import { spawn } from 'node:child_process';

/** Runs a program to its end while others work, and gives its stdout; throws with what it wrote to stderr where it fails. */
export function runProgram(file: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const run = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    run.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    run.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    run.on('error', reject);
    // It may have ended without reading.
    run.stdin.on('error', () => undefined);
    run.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(Buffer.concat(err).toString()));
    });
    run.stdin.end(input);
  });
}
