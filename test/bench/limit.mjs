// The least a scan can cost: node limit.mjs FOLDER reads every manifest below it and looks for one word in its bytes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = /\.(?:ya?ml|json)$/i;

/** @param {string} folder @returns {number} how many manifests hold the word */
function search(folder) {
  let found = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '.git' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found += search(path);
    else if (entry.isFile() && MANIFEST.test(entry.name) && readFileSync(path).includes('Secret')) found += 1;
  }
  return found;
}

console.log(search(process.argv[2] ?? '.'));
