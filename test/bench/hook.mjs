import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, root } from '../host/pack.mjs';
import { scanCorpus } from './corpus.mjs';
import { atMost, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

const ROUNDS = 3;

/**
 * What the pre-commit hook adds to a commit of 10,000 staged files, against git reading the same blobs. Wall-clock, for
 * that is what a person waits.
 *
 * @returns {Promise<Row[]>}
 */
export async function hook() {
  await build({ production: true });
  const { folder } = await scanCorpus();
  const cli = join(root, 'dist', 'cli.js');
  const read = 'git ls-files --stage | cut -d" " -f2 | git cat-file --batch >/dev/null';
  const reads = [];
  const hooks = [];
  for (let round = 0; round < ROUNDS; round++) {
    reads.push(await wallSeconds('sh', ['-c', read], folder));
    hooks.push(await wallSeconds(process.execPath, [cli, 'scan', '--staged', '--format', 'json'], folder));
  }
  const [git, purser] = [Math.min(...reads), Math.min(...hooks)];
  return [
    shown('git reading 10,000 staged files', `${git.toFixed(2)} s`),
    shown('purser scan --staged on them', `${purser.toFixed(2)} s`),
    atMost('purser scan --staged, against that', purser / git, 2.5, ' ×'),
  ];
}

/** @param {string} program @param {readonly string[]} args @param {string} cwd */
async function wallSeconds(program, args, cwd) {
  const start = performance.now();
  await promisify(execFile)(program, args, { cwd, maxBuffer: 2 ** 28 }).catch((error) => {
    // A scan that finds something ends with 1.
    if (error.code !== 1) throw error;
  });
  return (performance.now() - start) / 1000;
}
