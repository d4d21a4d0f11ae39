import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

/** The modules that translated something, and what. */
const translated = vi.hoisted((): string[] => []);

vi.mock('@vscode/l10n', () => ({
  t: (message: string) => {
    const [, module] =
      /[/\\](src[/\\](?:app|audit|cluster|node|policy)[/\\][^:?()]+)/.exec(new Error().stack ?? '') ?? [];
    translated.push(`${module}: ${message}`);
    return message;
  },
}));

async function modulesIn(layer: string): Promise<readonly string[]> {
  const paths = await readdir(join(source, layer), { recursive: true });
  return paths.filter((path) => path.endsWith('.ts')).map((path) => join(source, layer, path));
}

describe('the sentences below the editor', () => {
  // The translations are set when the program begins, which is after its modules were loaded.
  it('are not translated while their modules are loaded', async () => {
    const modules = (await Promise.all(['policy', 'audit', 'app', 'cluster', 'node'].map(modulesIn))).flat();
    for (const path of modules) await import(pathToFileURL(path).href);
    expect(modules.length).toBeGreaterThan(100);
    expect(translated).toEqual([]);
  }, 60_000);

  it('are translated when they are said', async () => {
    const { Failure } = await import('../../../src/core/errors.ts');
    const { sentenceOf } = await import('../../../src/app/messages.ts');
    sentenceOf(new Failure('file.exists', {}));
    expect(translated).toContainEqual(expect.stringMatching(/messages\.ts: it exists already$/));
  });
});
