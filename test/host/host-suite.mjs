import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { launchBrowser, newContext } from './browser.mjs';
import { temporaryFolder } from './cache.mjs';
import { root } from './pack.mjs';
import { progress } from './process.mjs';
import { startServer } from './server.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Editor } from './install.mjs' */

const MARK = 'purser-host-result ';
const NOTE = 'purser-host-note ';
const LIMIT_MS = 300_000;

/** @typedef {{ name: string, ok: boolean, error?: string, milliseconds: number }} HostResult */

/**
 * @typedef {object} HostSuite
 * @property {string} tests a bundled CommonJS file with `run()`, see `bundleHostTests`
 * @property {string} extension the folder of the built extension
 * @property {string} folder the folder to open
 * @property {Readonly<Record<string, unknown>>} [settings]
 * @property {Readonly<Record<string, string>>} [env] such as `NODE_V8_COVERAGE`
 * @property {Readonly<Record<string, string>>} [keys] files for Purser's key folder
 * @property {boolean} [trust]
 */

/**
 * Bundles every `*.host.ts` of `test/e2e/host`, in the order of their names, into one file for the extension host.
 *
 * @param {string} outfile ends with `.cjs`
 * @param {readonly string[]} [files] absolute paths, to run others
 */
export async function bundleHostTests(outfile, files) {
  const folder = join(root, 'test', 'e2e', 'host');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.host.ts')).sort();
  const entries = files ?? names.map((name) => join(folder, name));
  const imports = entries.map((path) => `import ${JSON.stringify(path)};`);
  await build({
    stdin: {
      contents: [...imports, `export { run } from ${JSON.stringify(join(folder, 'harness.ts'))};`].join('\n'),
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode'],
    logLevel: 'silent',
  });
}

/**
 * Runs the tests of `test/e2e/host` in a real extension host against the extension in the repository, which must be built.
 *
 * @param {Editor} editor
 * @param {Omit<HostSuite, 'tests' | 'folder'> & { files?: readonly string[], folder?: string }} suite `files`: other test
 *   files than those of the repository; without `folder`, an empty one
 * @returns {Promise<HostResult[]>}
 */
export async function runHostTests(editor, suite) {
  const temporary = await temporaryFolder();
  try {
    const tests = join(temporary.path, 'host-tests.cjs');
    await bundleHostTests(tests, suite.files);
    return await runHostSuite(editor, { folder: temporary.path, ...suite, tests });
  } finally {
    await temporary.remove();
  }
}

/**
 * Runs one bundled suite and returns a result for each of its tests.
 *
 * @param {Editor} editor
 * @param {HostSuite} suite
 * @returns {Promise<HostResult[]>}
 * @throws {Error} with the host's console, when the suite did not come to its end
 */
export async function runHostSuite(editor, suite) {
  const server = await startServer(editor, { ...suite, mode: 'host' });
  try {
    const browser = await launchBrowser(editor);
    try {
      const remote = (/** @type {string} */ path) => `vscode-remote://${server.authority}${encodeURI(path)}`;
      const payload = [
        ['extensionDevelopmentPath', remote(suite.extension)],
        ['extensionTestsPath', remote(suite.tests)],
      ];
      const query = new URLSearchParams({ folder: suite.folder, payload: JSON.stringify(payload) });
      const page = await (await newContext(browser)).newPage();
      return resultsOf(await consoleUntilExit(page, `${server.origin}/?${query.toString()}`));
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** @param {Page} page @param {string} address */
async function consoleUntilExit(page, address) {
  /** @type {string[]} */
  const lines = [];
  const exit = new Promise((/** @type {(value: void) => void} */ resolve) => {
    const timer = setTimeout(() => {
      lines.push(`no end within ${LIMIT_MS} ms`);
      resolve();
    }, LIMIT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    page.once('crash', done);
    void page.exposeFunction('codeAutomationExit', done);
  });
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
      lines.push(args.map(String).join(' '));
    },
  );
  await page.goto(address);
  await exit;
  return lines;
}

/** @param {readonly string[]} lines @returns {HostResult[]} */
function resultsOf(lines) {
  for (const line of lines.filter((text) => text.includes(NOTE)))
    progress(line.slice(line.indexOf(NOTE) + NOTE.length));
  const reports = lines
    .filter((line) => line.includes(MARK))
    .map((line) => JSON.parse(line.slice(line.indexOf(MARK) + MARK.length)));
  const total = reports.find((report) => report.total !== undefined)?.total;
  const results = reports.filter((report) => report.name !== undefined);
  if (total !== results.length) {
    throw new Error(`the host suite did not end: ${results.length} results\n${lines.slice(-40).join('\n')}`);
  }
  return results;
}
