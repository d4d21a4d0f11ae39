import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Failure } from '../core/errors.ts';
import { fileSizeLimit } from '../manifest/file-text.ts';
import type { Terminal } from './commands/context.ts';

/** The process's own terminal. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endProcess);
  return {
    cwd: process.cwd(),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    readStdin,
    chunks: () => process.stdin,
    readMasked,
    confirm,
    out: (content) => void process.stdout.write(content),
    write: (content) => new Promise((resolve) => process.stdout.write(content, () => resolve())),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** What was to be printed cannot be: a reader that has seen enough ends the process quietly, a full disk tells why. */
function endProcess(error: NodeJS.ErrnoException): never {
  if (error.code !== 'EPIPE') {
    const todo = error.code === 'ENOSPC' ? 'make room where it goes, or' : 'check where it goes, or';
    tell(
      `purser: the output cannot be written (${error.code ?? 'an unknown error'}); ${todo} send it elsewhere`,
    );
  }
  process.exit(2);
}

function tell(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Where even that cannot be printed, the exit code has to do.
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > fileSizeLimit)
      throw new Failure('file.too-large', { bytes: size, limit: fileSizeLimit }, { path: '-' });
    chunks.push(bytes);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

async function confirm(question: string): Promise<boolean> {
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`${question} [y/N] `);
  line.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

/** One line in raw mode: typed characters are not echoed, backspace works, Ctrl+C ends the process as ever. */
async function readMasked(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  // First of all, so that nothing typed at the prompt is shown.
  stdin.setRawMode(true);
  stderr.write(prompt);
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** What is typed up to Enter. The stream stays open: another question may follow. */
function typedLine(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve) => {
    let typed = '';
    const done = () => {
      stdin.off('data', read).off('end', done);
      resolve(typed);
    };
    const read = (chunk: Buffer | string) => {
      for (const char of String(chunk)) {
        if (char === '\r' || char === '\n') return done();
        if (char === '\u0003') process.exit(130);
        else if (char === '\u007f' || char === '\b') typed = typed.replace(/[^]$/u, '');
        else typed += char;
      }
    };
    stdin.on('data', read).on('end', done).resume();
  });
}
