import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

await rm('dist', { recursive: true, force: true });

// ESM with splitting: what is imported lazily stays out of the entry files, and both entries share one core.
const result = await build({
  entryPoints: ['src/extension.ts', 'src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  chunkNames: 'chunks/[name]-[hash]',
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'linked',
  metafile: true,
  // tweetnacl asks for node:crypto by require(), which an ES module does not have.
  banner: {
    js: "import { createRequire as __purserRequire } from 'node:module';const require = __purserRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

if (process.argv.includes('--metafile')) {
  const { writeFile } = await import('node:fs/promises');
  await writeFile('dist/meta.json', JSON.stringify(result.metafile));
}
