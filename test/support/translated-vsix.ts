import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../host/cache.mjs';
import { pack, packVsix } from '../host/pack.mjs';
import { readZip } from '../package/zip.mjs';

/** Everything that is translated stands between these, which no text of Purser's and no data of a test holds. */
export const marks = ['⟦', '⟧'] as const;

/** A packed extension that speaks a language which differs from English in nothing but {@link marks}, as `de`. */
export interface TranslatedVsix {
  readonly path: string;
  remove(): Promise<void>;
}

export async function packTranslated(): Promise<TranslatedVsix> {
  const { path: folder, remove } = await temporaryFolder();
  const files = readZip(await readFile(await packVsix()));
  const prefix = 'extension/';
  for (const [name, content] of files) {
    if (name.startsWith(prefix)) await write(join(folder, name.slice(prefix.length)), content);
  }
  const texts = files.get(`${prefix}package.nls.json`)?.toString('utf8') ?? '{}';
  await write(join(folder, 'package.nls.de.json'), marked(texts));
  const sentences = await readFile(new URL('../../l10n/bundle.l10n.json', import.meta.url), 'utf8');
  await write(join(folder, 'l10n/bundle.l10n.de.json'), marked(sentences));
  const path = join(folder, 'purser.vsix');
  await pack(folder, path);
  return { path, remove };
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function marked(texts: string): string {
  const entries = Object.entries(JSON.parse(texts) as Record<string, string>);
  return JSON.stringify(Object.fromEntries(entries.map(([key, text]) => [key, marks.join(text)])));
}

/** What of a text is not translated: what stands outside of all marks, icons left out. */
export function untranslated(text: string): string {
  const [open, close] = marks;
  let rest = text;
  const innermost = new RegExp(`${open}[^${open}${close}]*${close}`, 'g');
  while (innermost.test(rest)) rest = rest.replace(innermost, ' ');
  return rest
    .replace(/\$\([\w~-]+\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
