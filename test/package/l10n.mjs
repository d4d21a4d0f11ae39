// Writes l10n/bundle.l10n.json: every sentence that the code says through `l10n.t`, for translators to begin with.
// VS Code's own exporter finds the same, with a hundred packages of its own, and does not tell what can never be translated.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../host/pack.mjs';

/** @import { Check } from './check.mjs' */

export const bundlePath = join(root, 'l10n', 'bundle.l10n.json');

/** What stands after `l10n.t(`: a literal without substitutions, as the formatter writes it. */
const LITERAL = /^\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")\s*[,)]/;

/**
 * What one source file says.
 *
 * @param {string} source
 * @returns {string[]} in the order of the file
 * @throws {Error} where something else than a literal is to be translated, which no translator could find
 */
export function messagesIn(source) {
  return [...source.matchAll(/\bl10n\.t\(/g)].map(({ index, 0: call }) => {
    const rest = source.slice(index + call.length);
    const literal = LITERAL.exec(rest);
    if (literal === null) {
      const line = source.slice(0, index).split('\n').length;
      throw new Error(`line ${line}: l10n.t takes a literal, which translators can be given`);
    }
    return unquoted(literal[1] ?? literal[2] ?? '');
  });
}

/** @param {string} text between the quotes of a literal */
function unquoted(text) {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|(.))/gi, (_, long, short, plain) => {
    if (plain !== undefined) return plain === 'n' ? '\n' : plain;
    return String.fromCodePoint(Number.parseInt(long ?? short, 16));
  });
}

/** @returns {Promise<string>} the text of the bundle as the sources are */
export async function bundleOfSources() {
  const folder = join(root, 'src');
  const paths = await readdir(folder, { recursive: true });
  /** @type {Set<string>} */
  const messages = new Set();
  for (const path of paths.filter((name) => name.endsWith('.ts')).sort()) {
    try {
      for (const message of messagesIn(await readFile(join(folder, path), 'utf8'))) messages.add(message);
    } catch (error) {
      throw new Error(`src/${path}: ${error instanceof Error ? error.message : 'it cannot be read'}`, {
        cause: error,
      });
    }
  }
  const sorted = [...messages].sort().map((message) => [message, message]);
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}

/** The languages that Purser speaks besides English. */
const LANGUAGES = ['de'];

/** @returns {Promise<Check[]>} */
export async function translationChecks() {
  const wanted = await bundleOfSources();
  const found = await readFile(bundlePath, 'utf8');
  const sentences = JSON.parse(wanted);
  const titles = await readTexts('package.nls.json');
  const translations = await Promise.all(
    LANGUAGES.map(async (language) => ({
      language,
      sentences: await readTexts(`l10n/bundle.l10n.${language}.json`),
      titles: await readTexts(`package.nls.${language}.json`),
    })),
  );
  return [
    {
      name: 'l10n/bundle.l10n.json holds what the sources say',
      check: () => assert.ok(found === wanted, 'it is stale: run npm run l10n'),
    },
    ...translations.map((translation) => ({
      name: `everything is said in ${translation.language}, with the same placeholders, links and settings`,
      check: () => {
        sameTexts(sentences, translation.sentences);
        sameTexts(titles, translation.titles);
      },
    })),
  ];
}

/** @param {string} path @returns {Promise<Record<string, string>>} */
async function readTexts(path) {
  return JSON.parse(await readFile(join(root, path), 'utf8'));
}

/** What a translation keeps as it is: placeholders, code, icons, and where links lead. */
const KEPT = /\{\d+\}|`[^`]*`|\$\([\w~-]+\)|\]\([^)]*\)/g;

/** @param {Readonly<Record<string, string>>} english @param {Readonly<Record<string, string>>} translated */
function sameTexts(english, translated) {
  const missing = Object.keys(english).filter((key) => !translated[key]);
  const left = Object.keys(translated).filter((key) => !(key in english));
  assert.deepEqual({ missing, left }, { missing: [], left: [] });
  const kept = (/** @type {string} */ text) => (text.match(KEPT) ?? []).toSorted();
  for (const [key, text] of Object.entries(english))
    assert.deepEqual(kept(translated[key] ?? ''), kept(text), key);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(bundlePath, await bundleOfSources());
}
