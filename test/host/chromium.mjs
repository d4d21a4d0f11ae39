import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { exists } from './cache.mjs';
import { progress, run } from './process.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A Chromium that runs: `PURSER_CHROMIUM`, one the system has, Playwright's own, else one that is installed now (by apt
 * for root, else by Playwright's download).
 *
 * @returns {Promise<string | { missing: string }>} its path
 */
export async function findChromium() {
  const chosen = process.env['PURSER_CHROMIUM'];
  if (chosen !== undefined) {
    return (await works(chosen)) ? chosen : { missing: `PURSER_CHROMIUM (${chosen}) does not run` };
  }
  const candidates = [...INSTALLED, chromium.executablePath()];
  const found = await firstWorking(candidates);
  if (found !== undefined) return found;
  await installWithApt();
  const installed = await firstWorking(candidates);
  if (installed !== undefined) return installed;
  await downloadWithPlaywright();
  return (
    (await firstWorking(candidates)) ?? {
      missing: 'there is no Chromium; install one or set PURSER_CHROMIUM',
    }
  );
}

/** @param {readonly string[]} candidates */
async function firstWorking(candidates) {
  for (const path of candidates) if (await works(path)) return path;
  return undefined;
}

/** Ubuntu's `chromium-browser` is a script that only works with snap, so being there is not enough. @param {string} path */
async function works(path) {
  if (!(await exists(path))) return false;
  // On Windows `--version` opens a window instead of printing.
  if (process.platform === 'win32') return true;
  return run(path, ['--version'], { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );
}

async function installWithApt() {
  if (process.getuid?.() !== 0 || !(await exists('/usr/bin/apt-get'))) return;
  progress('installing chromium with apt-get (once)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await attempt('apt-get', ['update', '-qq'], env);
  await attempt('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], env);
}

async function downloadWithPlaywright() {
  progress('downloading Chromium with Playwright (once)');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await attempt(process.execPath, [cli, 'install', 'chromium'], process.env);
}

/** What an attempt has brought is judged afterwards, by looking for a browser that runs. */
async function attempt(
  /** @type {string} */ program,
  /** @type {string[]} */ args,
  /** @type {NodeJS.ProcessEnv} */ env,
) {
  await run(program, args, { env }).catch((error) =>
    progress(String(error instanceof Error ? error.message : error)),
  );
}
