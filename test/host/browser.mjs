import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { cacheFolder } from './cache.mjs';

/** @import { Browser, BrowserContext, Page } from 'playwright-core' */
/** @import { Editor } from './install.mjs' */

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
];
const OUTSIDE = /open-vsx|\.microsoft\.com|vscode-cdn\.net\/insider/;

/** @param {Editor} editor @returns {Promise<Browser>} */
export function launchBrowser(editor) {
  return chromium.launch({ executablePath: editor.chromium, args: ARGS });
}

/**
 * A fresh browser profile that reaches nothing but the loopback's server.
 *
 * @param {Browser} browser
 * @param {{ language?: string, viewport?: { width: number, height: number } }} [options] `language` is what
 *   `vscode.env.language` says, such as `de`
 * @returns {Promise<BrowserContext>}
 */
export async function newContext(browser, { language, viewport = { width: 1400, height: 900 } } = {}) {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(30_000);
  await context.route(OUTSIDE, (route) => route.abort());
  // The plain server has no such address, and VS Code then keeps SecretStorage for one page load only.
  const body = Buffer.alloc(32, 7);
  await context.route('**/mint-key', (route) =>
    route.fulfill({ contentType: 'application/octet-stream', body }),
  );
  if (language !== undefined) {
    const get = `get: () => ${JSON.stringify(language)}, set() {}, configurable: true`;
    await context.addInitScript(`Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { ${get} })`);
  }
  return context;
}

/**
 * Writes what the page shows to `PURSER_SHOTS`, else to `shots` in the cache folder.
 *
 * @param {Page} page
 * @param {string} name without the ending
 * @returns {Promise<string>} the path of the PNG
 */
export async function screenshot(page, name) {
  const folder = process.env['PURSER_SHOTS'] ?? join(cacheFolder(), 'shots');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
  // A box that fades in would look as if nothing in it could be chosen.
  await page.screenshot({ path, animations: 'disabled' });
  return path;
}
