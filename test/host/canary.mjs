import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files under `roots` that hold `secret`: as UTF-8, as UTF-16 (either order is met by looking for the low one), or
 * anywhere inside base64. An empty list is the proof that no plaintext has reached the disk.
 *
 * @param {readonly string[]} roots folders; one that does not exist holds nothing
 * @param {string} secret unique, and 9 characters or longer
 * @param {{ except?: readonly string[] }} [options] paths that are meant to hold it
 * @returns {Promise<string[]>}
 */
export async function canary(roots, secret, { except = [] } = {}) {
  const needles = [Buffer.from(secret), Buffer.from(secret, 'utf16le'), ...insideBase64(Buffer.from(secret))];
  const found = [];
  for (const root of roots) {
    for await (const path of files(root)) {
      if (!except.includes(path) && (await holds(path, needles))) found.push(path);
    }
  }
  return found;
}

/** The part of the base64 text that stands for `bytes` wherever they begin in the encoded data. @param {Buffer} bytes */
function insideBase64(bytes) {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const firstOwn = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return Buffer.from(encoded.slice(firstOwn, end));
  });
}

/** @param {string} folder @returns {AsyncGenerator<string>} regular files only: sockets and links are no places for bytes */
async function* files(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

/** A file that goes away while it is looked for holds nothing. @param {string} path @param {readonly Buffer[]} needles */
async function holds(path, needles) {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const bytes = await file.readFile();
    return needles.some((needle) => bytes.includes(needle));
  } finally {
    await file.close();
  }
}
