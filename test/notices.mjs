// Writes THIRD_PARTY_NOTICES.txt: the licences of the packages whose code is in the bundle, and of no others.
// `--check` writes nothing and fails where the file is stale.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './host/pack.mjs';
import { packagesIn, readBundle } from './package/bundle.mjs';

/** @import { Metafile } from 'esbuild' */

export const noticesPath = join(root, 'THIRD_PARTY_NOTICES.txt');

/** Licences under which code may be shipped inside the extension. */
const SHIPPED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'Unlicense']);

/** Packages that ship without the licence they name, and who holds the rights by their repositories. */
const WITHOUT_FILE = new Map([['@vscode/l10n', 'Copyright (c) Microsoft Corporation.']]);

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

const RULE = '='.repeat(80);

/**
 * @param {Metafile} bundle
 * @returns {Promise<string>} the text of THIRD_PARTY_NOTICES.txt
 * @throws {Error} for a package without a licence text, or under a licence that is not known to be fit
 */
export async function noticesOf(bundle) {
  const packages = packagesIn(bundle, Object.keys(bundle.outputs));
  const sections = await Promise.all(packages.map(noticeOf));
  const head = 'Purser is made with the packages below. Each is followed by its licence.\n';
  return [head, ...sections].join(`\n${RULE}\n`);
}

/** @param {string} name */
async function noticeOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!SHIPPED.has(license)) throw new Error(`${name}: nobody has said that ${license} may be shipped`);
  return `${name} ${version} (${license})\n\n${await licenceOf(name, folder, license)}\n`;
}

/** @param {string} name @param {string} folder @param {string} license */
async function licenceOf(name, folder, license) {
  const holder = WITHOUT_FILE.get(name);
  if (holder !== undefined && license === 'MIT') return `MIT License\n\n${holder}\n\n${MIT}`;
  const file = (await readdir(folder)).find((entry) =>
    /^(?:licen[cs]e|unlicense|copying)(?:\.|$)/i.test(entry),
  );
  if (file === undefined) throw new Error(`${name}: it has no licence file`);
  return (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n').trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await noticesOf(await readBundle());
  if (process.argv.includes('--check')) {
    const fresh = text === (await readFile(noticesPath, 'utf8').catch(() => ''));
    if (!fresh) console.error('THIRD_PARTY_NOTICES.txt is stale: run node test/notices.mjs');
    process.exitCode = fresh ? 0 : 1;
  } else await writeFile(noticesPath, text);
}
