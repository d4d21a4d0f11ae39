import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '../host/cache.mjs';
import { shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

/** A reference tool that `npm run peers` built, or one on the PATH. @param {string} name @returns {string | undefined} */
export function findPeer(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, file));
  return [join(cacheFolder(), 'peers', 'bin', file), ...onPath].find((path) => existsSync(path));
}

/** @param {string} name @returns {Row} */
export function notMeasured(name) {
  return shown(`against ${name}: not measured, there is no ${name} here (npm run peers)`, '–');
}

/**
 * Runs a tool to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ input?: string, env?: Record<string, string> }} [given]
 * @returns {string} what it wrote to stdout
 */
export function runTool(program, args, { input = '', env = {} } = {}) {
  const done = spawnSync(program, args, { input, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  if (done.status !== 0) throw new Error(`${args[0]}: ${done.stderr?.toString().slice(0, 400)}`);
  return done.stdout.toString();
}
