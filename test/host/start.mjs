import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureServerProgram } from './install.mjs';
import { packVsix } from './pack.mjs';
import { run } from './process.mjs';
import { makeSample } from './sample.mjs';
import { startServer } from './server.mjs';

/** @import { Sample } from './sample.mjs' */

const HELP = `npm start [-- OPTIONS]: try Purser in a sample workspace, in your VS Code or, without one, in the browser

  --browser   in the browser even where VS Code is installed
  --fresh     throw the sample and its keys away first
  --port N    the browser's port (default: a free one)
  --check     only see that it starts in the browser, then stop
`;

async function main() {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const vsix = await packVsix();
  const sample = await makeSample({ fresh: values.fresh });
  if (!values.browser && !values.check && (await openDesktop(sample, vsix))) return undefined;
  return openBrowser(sample, vsix, Number(values.port), values.check);
}

/**
 * Opens the sample in the installed VS Code, with user data and extensions of its own.
 *
 * @param {Sample} sample
 * @param {string} vsix
 * @returns {Promise<boolean>} false where there is no VS Code or no screen
 */
async function openDesktop({ home, folder }, vsix) {
  const screen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  // In a terminal inside VS Code's server, `code` opens a window elsewhere and knows no user data folder.
  if (!screen || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return false;
  const own = ['--user-data-dir', join(home, 'desktop'), '--extensions-dir', join(home, 'extensions')];
  const config = join(home, 'config');
  const darwin = process.platform === 'darwin' ? { HOME: join(home, 'home') } : {};
  const env = { ...process.env, XDG_CONFIG_HOME: config, APPDATA: config, ...darwin };
  try {
    await run('code', [...own, '--install-extension', vsix, '--force'], { env });
    await run('code', [...own, '--new-window', folder], { env });
  } catch {
    return false;
  }
  console.log(`Purser is open in VS Code, with the sample workspace ${folder}`);
  return true;
}

/**
 * Starts VS Code's server, and stays until it is ended.
 *
 * @param {Sample} sample
 * @param {string} vsix
 * @param {number} port
 * @param {boolean} check
 */
async function openBrowser({ home, folder }, vsix, port, check) {
  const program = await ensureServerProgram();
  if ('missing' in program) throw new Error(program.missing);
  // Without a token, any page and any user of this computer could take over an editor on the loopback.
  const token = randomBytes(16).toString('hex');
  const server = await startServer(program, { dir: home, vsix: [vsix], port, token });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => void server.stop());
  }
  const address = `${server.origin}/?folder=${encodeURI(folder)}&tkn=${token}`;
  console.log(`\nPurser is ready; open this address:\n\n  ${address}\n`);
  if (check) {
    try {
      await expectPage(address);
    } finally {
      await server.stop();
    }
  } else console.log(`The sample workspace is ${folder}\nCtrl+C ends it.`);
  await server.ended;
}

/**
 * Does what a browser does: takes the token as a cookie and loads the address without it.
 *
 * @param {string} address
 * @throws {Error} when that is not answered with 200
 */
async function expectPage(address) {
  const first = await fetch(address, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie().map((text) => text.split(';')[0]);
  const location = new URL(first.headers.get('location') ?? '', address);
  const page = await fetch(location, { headers: { cookie: cookie.join('; ') } });
  if (page.status !== 200) throw new Error(`the address answers ${page.status}`);
}

try {
  await main();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
