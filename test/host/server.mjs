import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, temporaryFolder } from './cache.mjs';
import { endTree, run } from './process.mjs';

/** @import { ServerProgram } from './install.mjs' */

/**
 * @typedef {object} ServerOptions
 * @property {'ui' | 'host'} [mode] `ui` (default): what a person sees. `host`: the server takes a development extension and
 *   its tests; toasts are suppressed then and modals refused. One excludes the other
 * @property {boolean} [trust] `false` leaves Workspace Trust on, so that a folder opens in Restricted Mode
 * @property {readonly string[]} [vsix] extensions to install first
 * @property {Readonly<Record<string, unknown>>} [settings] user settings over the defaults of the tests
 * @property {Readonly<Record<string, string>>} [env] environment variables of the server and the extension host
 * @property {Readonly<Record<string, string>>} [keys] files for Purser's key folder, such as `prod.pem`
 * @property {string} [dir] where user data stays, settings too; without it a temporary folder that goes when the server stops
 * @property {number} [port] 0 (default) takes a free one
 * @property {string} [token] what a browser must show as `tkn`; without one the server takes whoever reaches it
 */

/**
 * @typedef {object} EditorServer
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {string} authority `127.0.0.1:PORT`, as it stands in `vscode-remote:` URIs
 * @property {string} dir everything the server and the extension host write: user data, home, temporary files
 * @property {string} keys the key folder of the extension host
 * @property {number} pid
 * @property {() => string} log what the server has printed so far
 * @property {Promise<void>} ended settles when the process has ended
 * @property {() => Promise<void>} stop ends the process it started, then removes a temporary `dir`
 */

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Starts VS Code's server on the loopback and waits until it answers.
 *
 * The extension host gets a home, a configuration folder and a temporary folder of its own below `dir`, so that no key,
 * git setting or leftover of the person running the tests reaches it, and one search of `dir` sees all that was written.
 *
 * @param {ServerProgram} program
 * @param {ServerOptions} [options]
 * @returns {Promise<EditorServer>}
 * @throws {Error} with the server's output, when an extension cannot be installed or the server does not start
 */
export async function startServer(program, options = {}) {
  const temporary = options.dir === undefined ? await temporaryFolder() : undefined;
  const dir = options.dir ?? temporary?.path ?? '';
  try {
    const env = await prepare(dir, options);
    const folders = ['--user-data-dir', join(dir, 'user'), '--server-data-dir', join(dir, 'server')];
    folders.push('--extensions-dir', join(dir, 'extensions'));
    for (const vsix of options.vsix ?? []) {
      await run(program.node, [program.server, '--install-extension', vsix, '--force', ...folders], { env });
    }
    const process = spawn(program.node, [program.server, ...flags(options), ...folders], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return await listening(process, dir, temporary?.remove);
  } catch (error) {
    await temporary?.remove();
    throw error;
  }
}

/** @param {ServerOptions} options */
function flags({ mode = 'ui', trust = true, port = 0, token }) {
  const list = ['--host', '127.0.0.1', '--port', String(port)];
  list.push(...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]));
  list.push('--accept-server-license-terms', '--telemetry-level', 'off');
  // Without it, the extension host of every closed page lives on for three hours.
  list.push('--reconnection-grace-time', '1');
  if (trust) list.push('--disable-workspace-trust');
  if (mode === 'host') list.push('--enable-smoke-test-driver');
  return list;
}

/**
 * @param {string} dir
 * @param {ServerOptions} options
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function prepare(dir, options) {
  const own = { HOME: join(dir, 'home'), XDG_CONFIG_HOME: join(dir, 'config'), TMPDIR: join(dir, 'tmp') };
  for (const folder of [...Object.values(own), join(dir, 'user', 'User'), join(dir, 'extensions')]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(
    join(own.HOME, '.gitconfig'),
    '[user]\n\tname = Purser\n\temail = purser@example.invalid\n',
  );
  const keyFolder = keyFolderIn(dir);
  for (const [name, content] of Object.entries(options.keys ?? {})) {
    await mkdir(keyFolder, { recursive: true, mode: 0o700 });
    await writeFile(join(keyFolder, name), content, { mode: 0o600 });
  }
  const settings = join(dir, 'user', 'User', 'settings.json');
  if (!(await exists(settings))) {
    await writeFile(settings, JSON.stringify({ ...SETTINGS, ...options.settings }, null, 2));
  }
  return { ...inherited(), ...own, ...options.env };
}

/** The key folder of a Purser whose home and configuration are below `dir`. @param {string} dir */
export function keyFolderIn(dir) {
  const parts = process.platform === 'darwin' ? ['home', 'Library', 'Application Support'] : ['config'];
  return join(dir, ...parts, 'purser', 'keys');
}

/** The environment without what a test runner, a git hook or a surrounding VS Code has put there, and without keys. */
function inherited() {
  const foreign =
    /^(VSCODE_|ELECTRON_|VITEST|NODE_OPTIONS$|NODE_ENV$|npm_|XDG_|GIT_|SOPS_|GNUPGHOME$|KUBECONFIG$|SSH_AUTH_SOCK$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @param {string} dir
 * @param {(() => Promise<void>) | undefined} remove
 * @returns {Promise<EditorServer>}
 */
async function listening(child, dir, remove) {
  let output = '';
  const ended = new Promise((/** @type {(value: void) => void} */ resolve) =>
    child.once('close', () => resolve()),
  );
  const stop = async () => {
    await endTree(child, ended);
    await remove?.();
  };
  const port = await new Promise((/** @type {(port: string) => void} */ resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the editor's server did not start in time\n${output}`));
    }, 60_000);
    const read = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString('utf8');
      const found = /agent listening on (\d+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the editor's server ended with ${code}\n${output}`)));
  });
  const authority = `127.0.0.1:${port}`;
  await answering(`http://${authority}/version`);
  return {
    origin: `http://${authority}`,
    authority,
    dir,
    keys: keyFolderIn(dir),
    pid: /** @type {number} */ (child.pid),
    log: () => output,
    ended,
    stop,
  };
}

/** @param {string} address */
async function answering(address) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const response = await fetch(address).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${address} does not answer`);
}
