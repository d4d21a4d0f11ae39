import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launchBrowser, newContext } from './browser.mjs';
import { temporaryFolder } from './cache.mjs';
import { startServer } from './server.mjs';
import { Workbench } from './workbench.mjs';

/** @import { EditorServer, ServerOptions } from './server.mjs' */
/** @import { Editor } from './install.mjs' */

/**
 * @typedef {Omit<ServerOptions, 'mode' | 'dir' | 'port'> & {
 *   files?: Readonly<Record<string, string | Uint8Array>>,
 *   folder?: string,
 *   language?: string,
 *   viewport?: { width: number, height: number },
 * }} SessionOptions
 * `files` (path → content) are written into a new folder, or into `folder` if that is given; only a folder made here is
 * removed in the end.
 */

/**
 * @typedef {object} Session
 * @property {Workbench} workbench
 * @property {string} folder the real path of the opened folder
 * @property {EditorServer} server
 * @property {string[]} roots every folder plaintext could reach: what the server wrote, and the opened folder; for `canary`
 * @property {() => Promise<void>} close ends browser and server and removes what was made
 */

/**
 * Starts VS Code with a folder open, as a person would see it.
 *
 * @example
 * const { workbench, close } = await openEditor(editor, { vsix: [await packVsix()], files: { 'a.yaml': text } });
 * await workbench.openFile('a.yaml');
 * await workbench.run('Purser: Encrypt Secret');
 *
 * @param {Editor} editor
 * @param {SessionOptions} [options]
 * @returns {Promise<Session>}
 */
export async function openEditor(editor, options = {}) {
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const folder = await workFolder(options, undo);
    const server = await startServer(editor, options);
    undo.push(server.stop);
    const browser = await launchBrowser(editor);
    undo.push(() => browser.close());
    const page = await (await newContext(browser, options)).newPage();
    const workbench = new Workbench(page, folder);
    await page.goto(`${server.origin}/?folder=${encodeURI(folder)}`);
    await workbench.ready();
    return { workbench, folder, server, roots: [server.dir, folder], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {SessionOptions} options @param {(() => Promise<unknown>)[]} undo */
async function workFolder({ folder, files = {} }, undo) {
  let path = folder;
  if (path === undefined) {
    const temporary = await temporaryFolder();
    undo.push(temporary.remove);
    path = temporary.path;
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return realpath(path);
}
