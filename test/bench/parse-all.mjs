// What a scan would cost with a YAML parser: node parse-all.mjs FOLDER parses every manifest below it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const MANIFEST = /\.(?:ya?ml|json)$/i;

/** @param {string} folder @returns {number} how many files do not parse */
function parseBelow(folder) {
  let broken = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '.git' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) broken += parseBelow(path);
    else if (entry.isFile() && MANIFEST.test(entry.name) && !parses(readFileSync(path, 'utf8'))) broken += 1;
  }
  return broken;
}

/** @param {string} text */
function parses(text) {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  return Array.isArray(documents) && documents.every(({ errors }) => errors.length === 0);
}

console.log(parseBelow(process.argv[2] ?? '.'));
