import { spawn } from 'node:child_process';

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<string>} stdout and stderr, in the order they came
 * @throws {Error} with the end of that output, when the program cannot start, fails or takes too long
 */
export function run(program, args, { cwd, env, timeoutMs = 300_000 } = {}) {
  const shell = process.platform === 'win32' && /^(npm|npx)$/.test(program);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${program} ${args[0] ?? ''} ended with ${signal ?? code}: ${output.trim().slice(-2000)}`,
          ),
        );
    });
  });
}

/** One line about slow work, on stderr, so that a result on stdout stays clean. @param {string} text */
export function progress(text) {
  process.stderr.write(`purser: ${text}\n`);
}

/**
 * Ends a program that was started here together with all it has started, and waits until they are gone: an extension host
 * outlives its server by a moment, and writes.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<void>} ended settles when the child's own process has ended
 */
export async function endTree(child, ended) {
  const descendants = await descendantsOf(child.pid);
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.kill();
  await ended;
  clearTimeout(force);
  const deadline = Date.now() + 5000;
  while (descendants.some(alive) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const pid of descendants.filter(alive)) process.kill(pid, 'SIGKILL');
}

/** @param {number | undefined} root @returns {Promise<number[]>} empty where there is no `ps` */
async function descendantsOf(root) {
  const table = await run('ps', ['-A', '-o', 'pid=,ppid=']).catch(() => '');
  const pairs = table.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set([root]);
  // Children may stand before their parents in the table.
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [pid, parent] of pairs) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found].filter((pid) => pid !== undefined);
}

/** @param {number} pid */
function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
