import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../host/cache.mjs';

/** @typedef {{ cpuSeconds: number, seconds: number, rssMegabytes: number, output: string }} Cost `seconds` by the clock */

/** The path of a script beside this one. @param {string} name */
export function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What running a script in a process of its own costs. @param {string} program @param {string[]} args @returns {Promise<Cost>} */
export async function costOf(program, args) {
  const temporary = await temporaryFolder();
  try {
    const report = join(temporary.path, 'cost.json');
    const command = [script('child.mjs'), report, program, ...args];
    const { stdout } = await output(process.execPath, command);
    return { ...JSON.parse(await readFile(report, 'utf8')), output: stdout };
  } finally {
    await temporary.remove();
  }
}

/** What finds something ends with 1. @param {string} program @param {string[]} args */
export async function output(program, args) {
  return promisify(execFile)(program, args, { maxBuffer: 2 ** 28 }).catch((error) => {
    if (error.code === 1) return { stdout: String(error.stdout) };
    throw error;
  });
}
