import { readFile, rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

const options = /** @satisfies {import('esbuild').BuildOptions} */ ({
  metafile: true,
  bundle: true,
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  chunkNames: 'chunks/[name]-[hash]',
  minify: production,
  sourcemap: production ? false : 'linked',
  // THIRD_PARTY_NOTICES.txt holds the licences.
  legalComments: 'none',
  // yaml and tweetnacl ask for Node's own modules by require(), which an ES module does not have.
  banner: { js: 'const require = (id) => process.getBuiltinModule(id);' },
  logLevel: 'warning',
});

/**
 * What an entry imports statically, and which modules of ours are imported lazily, from anywhere below it.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 */
function graph({ inputs }, entry) {
  const eager = new Set([entry]);
  for (const path of eager) {
    for (const { path: target, kind } of inputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && inputs[target] !== undefined) eager.add(target);
    }
  }
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  const lazy = new Set(imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path));
  return { eager: [...eager].filter((path) => path !== entry), lazy };
}

/**
 * esbuild makes a chunk of what the same entries and lazy modules share: here about thirty small files at start, of
 * which each costs a millisecond. When every lazy module imports all that the entry loads anyway, it is one file.
 * @param {{ eager: string[], more: string[], after: string | undefined, lazy: Set<string> }} graph `more` is loaded by then
 *   wherever a lazy module is, but in `after` itself
 * @returns {import('esbuild').Plugin}
 */
function oneEagerChunk({ eager, more, after, lazy }) {
  return {
    name: 'one-eager-chunk',
    setup(plugin) {
      plugin.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
        const own = relative(process.cwd(), path).replaceAll('\\', '/');
        if (!lazy.has(own)) return undefined;
        const loaded = own === after ? eager : [...eager, ...more];
        const imports = loaded.map((target) => `import ${JSON.stringify(resolve(target))};`);
        return { contents: `${await readFile(path, 'utf8')}\n${imports.join('\n')}`, loader: 'ts' };
      });
    },
  };
}

/**
 * @param {string} entry
 * @param {string} [after] a lazy module that the entry loads when it has started: its chunk is one file, too
 */
async function bundle(entry, after) {
  const { metafile } = await build({ ...options, entryPoints: [entry], write: false });
  const { eager, lazy } = graph(metafile, entry);
  const more = after === undefined ? [] : [after, ...graph(metafile, after).eager];
  return build({ ...options, entryPoints: [entry], plugins: [oneEagerChunk({ eager, more, after, lazy })] });
}

await rm('dist', { recursive: true, force: true });
// A build each, so that none loads anything for another's sake.
const built = [
  await bundle('src/extension.ts', 'src/looking.ts'),
  await bundle('src/scan-worker.ts'),
  await bundle('src/cli.ts'),
];

if (process.argv.includes('--metafile')) {
  const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs));
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }));
}
