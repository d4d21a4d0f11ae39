import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * Which layers each layer imports, and which packages; `node:*` is all of Node's own. Purser's layers, as ARCHITECTURE.md
 * draws them. `test` looks at one import of one file more closely.
 */
interface Layer {
  readonly layers: readonly string[];
  readonly packages: readonly string[];
}
const everythingBelowApp = ['core', 'crypto', 'manifest', 'schemes', 'policy', 'audit'];
const layers: Readonly<Record<string, Layer>> = {
  core: { layers: [], packages: [] },
  crypto: {
    layers: ['core'],
    packages: [
      'jose',
      'tweetnacl',
      'age-encryption',
      '@noble/ciphers/chacha.js',
      '@noble/curves/ed25519.js',
      'node:crypto',
      'node:util',
    ],
  },
  manifest: { layers: ['core'], packages: ['yaml'] },
  schemes: { layers: ['core', 'crypto', 'manifest'], packages: [] },
  policy: { layers: ['core', 'manifest', 'schemes'], packages: ['@vscode/l10n', 'yaml', 're2js'] },
  audit: { layers: ['core', 'manifest', 'schemes', 'policy'], packages: ['@vscode/l10n'] },
  app: { layers: everythingBelowApp, packages: ['@vscode/l10n'] },
  cluster: {
    layers: [...everythingBelowApp, 'app'],
    packages: ['@kubernetes/client-node', '@vscode/l10n', 'yaml', 'node:*'],
  },
  node: { layers: [...everythingBelowApp, 'app'], packages: ['@vscode/l10n', 'node:*'] },
  vscode: { layers: [...everythingBelowApp, 'app'], packages: ['vscode'] },
};
/** The files that construct: they may import from everywhere, but `vscode` only in the extension's. */
const roots: Readonly<Record<string, readonly string[]>> = {
  'extension.ts': ['vscode', '@vscode/l10n'],
  // The parts of the extension's that activation does not wait for.
  'looking.ts': ['vscode', 'node:*'],
  'watching.ts': ['vscode', 'node:*'],
  'cli.ts': ['node:*'],
  // A thread has a program of its own: it shares no objects with the editor's side.
  'scan-worker.ts': ['@vscode/l10n', 'node:*'],
};

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}
interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  for (const [whole, specifier = ''] of code.matchAll(/^(?:import|export)\s[^;'"]*?from\s*'([^']+)'/gm))
    found.push({ target: resolveImport(path, specifier), typeOnly: isTypeOnly(whole), dynamic: false });
  for (const [, specifier = ''] of code.matchAll(/^import\s*'([^']+)'/gm))
    found.push({ target: resolveImport(path, specifier), typeOnly: false, dynamic: false });
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*'([^']+)'/g))
    found.push({ target: resolveImport(path, specifier), typeOnly: false, dynamic: true });
  return found;
}

/** `import type …`, or braces in which every name is marked `type`. */
function isTypeOnly(statement: string): boolean {
  if (/^(?:import|export)\s+type\s/.test(statement)) return true;
  const names = /^import\s*\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined) return false;
  return names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

function resolveImport(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

function file(path: string, text: string): SourceFile {
  return { path, text, imports: importsOf(path, text) };
}

function readSources(folder = ''): SourceFile[] {
  return readdirSync(join(source, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return readSources(path);
    return entry.name.endsWith('.ts') ? [file(path, readFileSync(join(source, path), 'utf8'))] : [];
  });
}

const layerOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : path);
const isOurs = (target: string) => target.endsWith('.ts');

/** Every import that the table does not allow. */
function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter((one) => !isAllowed(path, one)).map(({ target }) => `${path} imports ${target}`),
  );
}

function isAllowed(path: string, { target, typeOnly, dynamic }: Import): boolean {
  const own = layerOf(path);
  const rootPackages = roots[own];
  if (rootPackages !== undefined) return isOurs(target) || isPackageIn(target, rootPackages);
  const layer = layers[own];
  if (layer === undefined) return false;
  if (!isOurs(target)) return isPackageIn(target, layer.packages);
  const other = layerOf(target);
  if (other === own) return own !== 'schemes' || typeOnly || dynamic || !entersFolder(path, target);
  if (!layer.layers.includes(other)) return false;
  // Finding never loads crypto: what opens and seals is imported when it is first used.
  const recognition = /^crypto\/(?:recognition|[a-z-]+-token)\.ts$/.test(target);
  if (other !== 'crypto' || own !== 'schemes' || typeOnly || dynamic || recognition) return true;
  // A folder of a scheme is the half that needs keys: what `load` imports.
  return /^schemes\/[^/]+\//.test(path);
}

/** From finding to the half of a scheme that needs keys. */
function entersFolder(path: string, target: string): boolean {
  return !/^schemes\/[^/]+\//.test(path) && /^schemes\/[^/]+\//.test(target);
}

function isPackageIn(target: string, packages: readonly string[]): boolean {
  return packages.includes(target) || (target.startsWith('node:') && packages.includes('node:*'));
}

/** Import circles, type-only imports included: they too make a pair of files one. */
function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((one) => [one.path, one]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const { target } of byPath.get(path)?.imports ?? [])
      if (isOurs(target)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  return found;
}

/** What is loaded when a file is, its lazy imports left out. */
function loadedBy(path: string, files: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(files.map((one) => [one.path, one]));
  const loaded = new Set<string>();
  const todo = [path];
  while (todo.length > 0) {
    const next = todo.pop() ?? '';
    if (loaded.has(next)) continue;
    loaded.add(next);
    for (const { target, typeOnly, dynamic } of byPath.get(next)?.imports ?? [])
      if (!typeOnly && !dynamic) todo.push(target);
  }
  return loaded;
}

const barrel = /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?from\s/m;
/** Tables of constants: what is typed as read-only, a table written out, a table of numbers, or a RegExp. */
const constant =
  /^(?:export )?const \w+(?:: Readonly(?:Set|Map)<.*)? =\s*new (?:Set|Map|RegExp|Int32Array)(?:<[^>]*>)?\(\s*(?:\[|\S)/;
const emptyTable = /= new (?:Set|Map)(?:<[^>]*>)?\(\)/;

/** Statements at the margin that keep or make something when a module is loaded. */
function moduleState({ path, text }: SourceFile): string[] {
  const code = withoutComments(text);
  const mutable = [...code.matchAll(/^(?:export )?(?:let|var)\s+\w+/gm)].map(([found]) => found);
  const made = [...code.matchAll(/^(?:export )?const [^\n=]*=\s*new\s[^\n]*(?:\n {2}\S[^\n]*)?/gm)]
    .map(([found]) => found)
    .filter(
      (statement) =>
        !constant.test(statement) || emptyTable.test(statement) || /: (?:Set|Map)</.test(statement),
    );
  return [...mutable, ...made].map((found) => `${path}: ${found.split('\n')[0]}`);
}

const sources = readSources();
const inner = sources.filter(({ path }) => !(path in roots));

describe('the layers', () => {
  it('import only what the table allows', () => {
    expect(layerViolations(sources)).toEqual([]);
  });

  it('have every file of src in one of them', () => {
    const known = new Set([...Object.keys(layers), ...Object.keys(roots)]);
    expect(sources.map(({ path }) => path).filter((path) => !known.has(layerOf(path)))).toEqual([]);
    expect(sources.length).toBeGreaterThan(50);
  });

  it.each([
    ['core/a.ts', "import { b } from '../manifest/b.ts';"],
    ['core/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['manifest/a.ts', "import type { K } from '../crypto/jwe-key.ts';"],
    ['manifest/a.ts', "export { sealJwe } from '../crypto/jwe.ts';"],
    ['schemes/a.ts', "import { sealJwe } from '../crypto/jwe.ts';"],
    ['schemes/a.ts', "import { type K, sealJwe } from '../crypto/jwe.ts';"],
    ['schemes/a.ts', "import { parse } from 'yaml';"],
    ['schemes/a.ts', "import { openSops } from './sops/open.ts';"],
    ['audit/a.ts', "import '../crypto/jwe.ts';"],
    ['app/a.ts', "import { join } from 'node:path';"],
    ['app/a.ts', "const { x } = await import('../node/node-files.ts');"],
    ['vscode/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['node/a.ts', "import {\n  window,\n} from 'vscode';"],
    ['cluster/a.ts', "import { window } from 'vscode';"],
    ['cluster/a.ts', "import { x } from '../node/node-files.ts';"],
    ['vscode/a.ts', "import { x } from '../cluster/connector.ts';"],
    ['app/a.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
    ['cli.ts', "import { window } from 'vscode';"],
    ['elsewhere/a.ts', "import { b } from '../core/b.ts';"],
  ])('would not allow %s to say %j', (path, text) => {
    expect(layerViolations([file(path, text)])).toHaveLength(1);
  });

  it.each([
    ['schemes/a.ts', "import type { K } from '../crypto/jwe-key.ts';"],
    ['schemes/a.ts', "import { type A, type B } from '../crypto/jwe-key.ts';"],
    ['schemes/a.ts', "const { sealJwe } = await import('../crypto/jwe.ts');"],
    ['schemes/a.ts', "import { recogniseJwe } from '../crypto/jwe-token.ts';"],
    ['schemes/a.ts', "const { openSops } = await import('./sops/open.ts');"],
    ['schemes/sops/a.ts', "import { SopsMac } from '../../crypto/sops/mac.ts';"],
    ['core/a.ts', "// import { b } from '../manifest/b.ts';"],
  ])('do allow %s to say %j', (path, text) => {
    expect(layerViolations([file(path, text)])).toEqual([]);
  });
});

describe('the modules', () => {
  it('have no circles', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('would be caught in a circle', () => {
    const planted = [
      file('core/a.ts', "import { b } from './b.ts';"),
      file('core/b.ts', "import { c } from './c.ts';"),
      file('core/c.ts', "import type { a } from './a.ts';"),
    ];
    expect(cycles(planted)).toEqual(['core/a.ts → core/b.ts → core/c.ts → core/a.ts']);
  });

  it('are no barrels and have no default export', () => {
    const allowedHere = (text: string) => !/^export \* from/m.test(text) && !/^export default/m.test(text);
    expect(sources.filter(({ text }) => !allowedHere(text)).map(({ path }) => path)).toEqual([]);
    const all = sources.filter(
      ({ text }) =>
        barrel.test(text) &&
        !/^(?:import|const|function|class|async)/m.test(withoutComments(text).replace(barrel, '')),
    );
    expect(all.map(({ path }) => path)).toEqual([]);
    expect(sources.map(({ path }) => path).filter((path) => path.endsWith('index.ts'))).toEqual([]);
  });

  it('keep no state: nothing mutable and nothing constructed but constant tables', () => {
    expect(inner.flatMap(moduleState)).toEqual([]);
  });

  it.each([
    'let count = 0;',
    'export let count = 0;',
    'const cache = new Map<string, number>();',
    'const cache: Map<string, number> = new Map([[1, 2]]);',
    'export const registry = new Registry();',
    'const seen = new WeakMap();',
  ])('would be caught with %s', (text) => {
    expect(moduleState(file('core/a.ts', text))).toHaveLength(1);
  });

  it.each([
    "const names: ReadonlySet<string> = new Set(['a']);",
    "export const names: ReadonlyMap<string, string> = new Map([\n  ['a', 'b'],\n]);",
    'function f() {\n  let i = 0;\n}',
  ])('may have %j', (text) => {
    expect(moduleState(file('core/a.ts', text))).toEqual([]);
  });
});

describe('starting the extension', () => {
  it.each(['extension.ts', 'watching.ts'])('loads no YAML parser, no cryptography and no RE2: %s', (root) => {
    const loaded = loadedBy(root, sources);
    const heavy = ['yaml', 'jose', 'tweetnacl', 're2js', 'node:crypto'].filter((name) => loaded.has(name));
    expect(heavy).toEqual([]);
    expect(
      [...loaded].filter((path) =>
        /^crypto\/(?!recognition|[a-z-]+-token|jwe-(?:header|json|shape|algorithms))/.test(path),
      ),
    ).toEqual([]);
  });

  it('would be caught loading one through another file', () => {
    const planted = [
      file('extension.ts', "import { a } from './core/a.ts';"),
      file(
        'core/a.ts',
        "import type { T } from 'jose';\nimport { parse } from 'yaml';\nconst x = await import('re2js');",
      ),
    ];
    expect([...loadedBy('extension.ts', planted)]).toEqual(['extension.ts', './core/a.ts'.slice(2), 'yaml']);
  });
});
