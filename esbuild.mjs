import { readFile, rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

/** Marks what `onlyWhatIsUsed` resolves itself. */
const asked = Symbol('asked');

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

const options = /** @satisfies {import('esbuild').BuildOptions} */ ({
  metafile: true,
  bundle: true,
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  define: { PURSER_VERSION: JSON.stringify(version) },
  // node-fetch, which client-node asks for a class of, brings a URL parser for Nodes that have none: half the chunk.
  alias: { 'whatwg-url': 'node:url' },
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
 * Which modules of ours an entry imports statically, and which are imported lazily, from anywhere below it.
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
  const ours = [...eager].filter((path) => path !== entry && !path.startsWith('node_modules/'));
  return { eager: ours, lazy };
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
 * client-node does not say that its modules do nothing when they are loaded, so all of them were kept: exec, attach, copying and
 * port forwarding with their WebSockets and archives. We use its kubeconfigs alone.
 * @type {import('esbuild').Plugin}
 */
const onlyWhatIsUsed = {
  name: 'only-what-is-used',
  setup(plugin) {
    plugin.onResolve(
      { filter: /^@kubernetes\/client-node$|^\.{1,2}\// },
      async ({ path, pluginData, ...how }) => {
        const mayBe = path.startsWith('@') || /[/\\]@kubernetes[/\\]client-node[/\\]/.test(how.importer);
        if (pluginData === asked || !mayBe) return undefined;
        return { ...(await plugin.resolve(path, { ...how, pluginData: asked })), sideEffects: false };
      },
    );
  },
};

/**
 * hpagent speaks to the proxy of a kubeconfig, which VS Code's own must not come between.
 * @type {import('esbuild').Plugin}
 */
const straightToProxies = {
  name: 'straight-to-proxies',
  setup(plugin) {
    plugin.onResolve({ filter: /^https?$/ }, ({ path, importer }) =>
      /[/\\]hpagent[/\\]/.test(importer) ? { path, namespace: 'unpatched' } : undefined,
    );
    plugin.onLoad({ filter: /./, namespace: 'unpatched' }, ({ path }) => ({
      contents: `import { unpatched } from './src/cluster/api/unpatched.ts';
        export { Agent } from 'node:${path}';
        export const request = unpatched.${path};`,
      resolveDir: process.cwd(),
    }));
  },
};

/** The packages that more than one of the three programs loads when it first needs them, each by the name of its file. */
const shared = new Map([
  ['yaml', 'yaml'],
  ['re2js', 're2js'],
  ['tweetnacl', 'tweetnacl'],
  ['age-encryption', 'age-encryption'],
  ['@noble/ciphers/chacha.js', 'chacha'],
  ['@noble/curves/ed25519.js', 'ed25519'],
]);

/**
 * Leaves shared packages out of a program: they are built once, beside it. Whatever imports them is loaded lazily, and so in a chunk.
 * @type {import('esbuild').Plugin}
 */
const withoutShared = {
  name: 'without-shared',
  setup(plugin) {
    plugin.onResolve({ filter: /^[@a-z]/ }, ({ path, importer }) => {
      const file = shared.get(path);
      if (file === undefined || /[/\\]node_modules[/\\]/.test(importer)) return undefined;
      return { path: `../packages/${file}.js`, external: true };
    });
  },
};

/** What a package exports, by name: `export *` has nothing to go by in CommonJS. @type {import('esbuild').Plugin} */
const sharedEntries = {
  name: 'shared-entries',
  setup(plugin) {
    plugin.onResolve({ filter: /^shared:/ }, ({ path }) => ({
      path: path.slice('shared:'.length),
      namespace: 'shared',
    }));
    plugin.onLoad({ filter: /./, namespace: 'shared' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'module.exports');
      return {
        contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
        resolveDir: process.cwd(),
      };
    });
  },
};

function bundleShared() {
  const entries = [...shared].map(([path, file]) => [`packages/${file}`, `shared:${path}`]);
  return build({ ...options, entryPoints: Object.fromEntries(entries), plugins: [sharedEntries] });
}

/**
 * @param {string} entry
 * @param {{ after?: string, beside?: string }} [more] `after`: a lazy module that the entry loads when it has started: its chunk is
 *   one file, too. `beside`: another entry, which shares what it can with this one
 */
async function bundle(entry, { after, beside } = {}) {
  const entryPoints = beside === undefined ? [entry] : [entry, beside];
  const { metafile } = await build({
    ...options,
    entryPoints,
    plugins: [withoutShared, onlyWhatIsUsed, straightToProxies],
    write: false,
  });
  const { eager, lazy } = graph(metafile, entry);
  const more = after === undefined ? [] : [after, ...graph(metafile, after).eager];
  return build({
    ...options,
    entryPoints,
    plugins: [withoutShared, onlyWhatIsUsed, straightToProxies, oneEagerChunk({ eager, more, after, lazy })],
  });
}

await rm('dist', { recursive: true, force: true });
// Each by itself, so that none loads anything for another's sake.
const built = [
  await bundleShared(),
  await bundle('src/extension.ts', { after: 'src/looking.ts' }),
  // What the thread does is what `purser scan` does.
  await bundle('src/cli.ts', { beside: 'src/scan-worker.ts' }),
];

if (process.argv.includes('--metafile')) {
  const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs));
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }));
}
