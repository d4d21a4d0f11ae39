import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../host/cache.mjs';
import { root } from '../host/pack.mjs';
import { noticesOf, noticesPath } from '../notices.mjs';
import { loadedWith, packagesIn } from './bundle.mjs';
import { expectNone } from './check.mjs';

/** @import { Metafile } from 'esbuild' */
/** @import { Check } from './check.mjs' */

/** A packed extension. @typedef {{ size: number, files: ReadonlyMap<string, Buffer> }} Vsix */

const SIZE_LIMIT = 1024 * 1024;
const LOADED_LIMIT = 150 * 1024;

/** Every file of the package but the lazily loaded parts of the bundle, whose names carry a hash. */
const FILES = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/THIRD_PARTY_NOTICES.txt',
  'extension/changelog.md',
  'extension/dist/cli.js',
  'extension/dist/extension.js',
  'extension/dist/packages/age-encryption.js',
  'extension/dist/packages/chacha.js',
  'extension/dist/packages/ed25519.js',
  'extension/dist/packages/re2js.js',
  'extension/dist/packages/tweetnacl.js',
  'extension/dist/packages/yaml.js',
  'extension/dist/scan-worker.js',
  'extension/docs/rules/at-rest/aescbc.md',
  'extension/docs/rules/at-rest/aesgcm.md',
  'extension/docs/rules/at-rest/identity-first.md',
  'extension/docs/rules/at-rest/invalid-configuration.md',
  'extension/docs/rules/at-rest/kms-v1.md',
  'extension/docs/rules/at-rest/masked-rule.md',
  'extension/docs/rules/at-rest/sample-key.md',
  'extension/docs/rules/copied-ciphertext.md',
  'extension/docs/rules/flux/comment-rule.md',
  'extension/docs/rules/flux/cross-namespace-reference.md',
  'extension/docs/rules/flux/encrypted-metadata.md',
  'extension/docs/rules/flux/file-too-large.md',
  'extension/docs/rules/flux/missing-decryption.md',
  'extension/docs/rules/flux/unknown-decryption-secret.md',
  'extension/docs/rules/kkp/failed.md',
  'extension/docs/rules/kkp/feature-switched-off.md',
  'extension/docs/rules/kkp/invalid-encryption.md',
  'extension/docs/rules/kkp/resources-changed.md',
  'extension/docs/rules/kkp/reused-key-name.md',
  'extension/docs/rules/malformed-ciphertext.md',
  'extension/docs/rules/moved-ciphertext.md',
  'extension/docs/rules/no-cluster-opener.md',
  'extension/docs/rules/plaintext-in-template.md',
  'extension/docs/rules/plaintext-in-values.md',
  'extension/docs/rules/plaintext-kubeconfig.md',
  'extension/docs/rules/plaintext-secret.md',
  'extension/docs/rules/private-key-in-repo.md',
  'extension/docs/rules/secret-generator-literal.md',
  'extension/docs/rules/unencrypted-by-policy.md',
  'extension/docs/rules/value-pitfall.md',
  'extension/docs/rules/wrong-recipient.md',
  'extension/docs/rules/wrong-scheme.md',
  'extension/l10n/bundle.l10n.de.json',
  'extension/media/icon.png',
  'extension/media/purser.svg',
  'extension/package.json',
  'extension/package.nls.de.json',
  'extension/package.nls.json',
  'extension/readme.md',
  'extension/syntaxes/encryption-configuration.schema.json',
  'extension/syntaxes/envelopes.tmLanguage.json',
  'extension/syntaxes/purser.schema.json',
];
const CHUNK = /^extension\/dist\/chunks\/[a-z][a-z0-9-]*-[A-Z0-9]{8}\.js$/;

/** Import statements, exports from, and require() calls, as esbuild writes them with and without minifying. */
const STATIC = /(?:^|[;}\n])\s*(?:import|export)(?:[\w$\s{},*]+?from)?\s*["']([^"'\n]+)["']/g;
const DYNAMIC = /\bimport\(\s*["']([^"'\n]+)["']\s*\)/g;
const REQUIRE = /\brequire\(\s*["']([^"'\n]+)["']\s*\)/g;

/** What could hide code from a reader: characters that are not seen, or that reorder the others. */
const INVISIBLE =
  /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u2000-\u200a\u2800\u3164\uffa0\p{Variation_Selector}]/u;
/** A call of eval, not a method of that name; and functions made of text. */
const EVALUATED =
  /(?<![.\w$])eval\s*\((?![\w$,\s=!]*\)\s*\{)|\bnew\s+Function\b|(?<![\w$.])Function\s*\(\s*["'`]/;

/** @param {Vsix} vsix @param {Metafile} bundle @returns {Check[]} */
export function packageChecks(vsix, bundle) {
  return [
    { name: 'the package holds exactly the files it is meant to', check: () => exactFiles(vsix) },
    { name: 'the package is 1 MB at most', check: () => smallPackage(vsix) },
    { name: 'the package is made of these sources', check: () => sameFiles(vsix, bundle) },
    { name: 'activation loads 150 KB at most', check: () => smallActivation(vsix) },
    {
      name: 'activation loads no package but that of translations, and no cryptography',
      check: () => leanActivation(vsix, bundle),
    },
    { name: 'the bundle needs only Node and VS Code', check: () => selfContained(vsix) },
    { name: 'the packed command line runs on its own', check: () => commandLineRuns(vsix) },
    {
      name: 'the manifest asks for nothing that is installed or enabled with it',
      check: () => manifest(vsix),
    },
    { name: 'nothing in the bundle makes code from text', check: () => noEvaluation(vsix) },
    { name: 'no file holds invisible characters', check: () => noInvisibleCharacters(vsix) },
    { name: 'no packed file holds a path of this computer', check: () => noLocalPaths(vsix) },
    { name: 'THIRD_PARTY_NOTICES.txt says what is in the bundle', check: () => freshNotices(bundle) },
  ];
}

/** @param {Vsix} vsix */
function exactFiles({ files }) {
  const names = [...files.keys()];
  assert.deepEqual(names.filter((name) => !CHUNK.test(name)).sort(), FILES);
  assert.notEqual(names.filter((name) => CHUNK.test(name)).length, 0, 'there are no lazily loaded parts');
}

/** @param {Vsix} vsix */
function smallPackage({ size }) {
  assert.ok(size <= SIZE_LIMIT, `it has ${size} bytes`);
}

/** Names of built files hold a hash of their content. @param {Vsix} vsix @param {Metafile} bundle */
function sameFiles({ files }, bundle) {
  const built = Object.keys(bundle.outputs).filter((path) => path.endsWith('.js'));
  const packed = [...files.keys()].filter((name) => name.endsWith('.js'));
  assert.deepEqual(packed.sort(), built.map((path) => `extension/${path}`).sort());
}

/** @param {Vsix} vsix */
function smallActivation(vsix) {
  const bytes = loaded(vsix).reduce((sum, name) => sum + (vsix.files.get(name)?.byteLength ?? 0), 0);
  assert.ok(bytes <= LOADED_LIMIT, `it loads ${bytes} bytes`);
}

/** @param {Vsix} vsix @param {Metafile} bundle */
function leanActivation(vsix, bundle) {
  const names = loaded(vsix);
  // A table and a function, which are set before anything is said.
  assert.deepEqual(packagesIn(bundle, loadedWith(bundle, 'dist/extension.js')), ['@vscode/l10n']);
  const shared = names.filter((name) => name.startsWith('extension/dist/packages/'));
  assert.deepEqual(shared, [], 'these are npm packages');
  const crypto = names.filter((name) =>
    [...imports(vsix, name, STATIC), ...imports(vsix, name, REQUIRE)].some((specifier) =>
      /^(?:node:)?crypto$/.test(specifier),
    ),
  );
  assert.deepEqual(crypto, [], 'these files import node:crypto');
}

/** The files of the package that are loaded with dist/extension.js, found by following its static imports. @param {Vsix} vsix */
function loaded(vsix) {
  const found = new Set(['extension/dist/extension.js']);
  for (const name of found) {
    for (const specifier of imports(vsix, name, STATIC)) {
      if (specifier.startsWith('.')) found.add(posix.join(posix.dirname(name), specifier));
    }
  }
  assert.ok(
    [...found].every((name) => vsix.files.has(name)),
    `a file is missing: ${[...found].join(', ')}`,
  );
  return [...found];
}

/** @param {Vsix} vsix @param {string} name @param {RegExp} pattern @returns {string[]} specifiers */
function imports({ files }, name, pattern) {
  const code = files.get(name)?.toString('utf8') ?? '';
  return [...code.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** @param {Vsix} vsix */
function selfContained(vsix) {
  const known = new Set(['vscode', ...builtinModules]);
  expectNone(
    scripts(vsix).flatMap((name) =>
      [STATIC, DYNAMIC, REQUIRE]
        .flatMap((pattern) => imports(vsix, name, pattern))
        .filter((specifier) => !specifier.startsWith('.') && !known.has(specifier.replace(/^node:/, '')))
        .map((specifier) => `${name} imports ${specifier}`),
    ),
  );
}

/** With nothing around it but its package.json: no node_modules to fall back to. @param {Vsix} vsix */
async function commandLineRuns({ files }) {
  const temporary = await temporaryFolder();
  try {
    for (const [name, content] of files) {
      const path = join(temporary.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    const manifestFile = join(temporary.path, 'secret.yaml');
    await writeFile(
      manifestFile,
      'apiVersion: v1\nkind: Secret\nstringData:\n  password: correct-horse-42\n',
    );
    const cli = join(temporary.path, 'extension', 'dist', 'cli.js');
    const run = (/** @type {string[]} */ ...args) => promisify(execFile)(process.execPath, [cli, ...args]);
    assert.match((await run('--help')).stdout, /purser scan/);
    const { version } = JSON.parse(files.get('extension/package.json')?.toString('utf8') ?? '{}');
    assert.equal((await run('--version')).stdout, `purser ${version}\n`);
    const found = await run('scan', manifestFile).catch((error) => error);
    assert.equal(found.code, 1, found.stderr);
    assert.match(found.stdout, /plaintext-secret/);
  } finally {
    await temporary.remove();
  }
}

/** @param {Vsix} vsix */
function manifest({ files }) {
  const content = JSON.parse(files.get('extension/package.json')?.toString('utf8') ?? '{}');
  for (const name of ['dependencies', 'extensionPack', 'extensionDependencies', 'enabledApiProposals']) {
    assert.equal(content[name], undefined, `package.json has ${name}`);
  }
  const hooks = Object.keys(content.scripts ?? {}).filter((name) => /install|^vscode:|^prepare$/.test(name));
  assert.deepEqual(hooks, [], 'package.json has scripts that run by themselves');
  assert.equal(content.capabilities?.untrustedWorkspaces?.supported, 'limited');
  assert.ok(!content.activationEvents.some((/** @type {string} */ event) => /^(?:\*|onStartup)/.test(event)));
}

/** @param {Vsix} vsix */
function noEvaluation(vsix) {
  expectNone(
    scripts(vsix).flatMap((name) => {
      const found = EVALUATED.exec(vsix.files.get(name)?.toString('utf8') ?? '');
      return found === null ? [] : [`${name}: ${found[0]}`];
    }),
  );
}

/** @param {Vsix} vsix */
async function noInvisibleCharacters({ files }) {
  const texts = new Map([...files].filter(([name]) => !name.endsWith('.png')));
  for (const path of await sources(join(root, 'src'))) texts.set(path, await readFile(path));
  expectNone([...texts].flatMap(([name, content]) => invisibleIn(name, content.toString('utf8'))));
}

/** @param {string} name @param {string} text */
function invisibleIn(name, text) {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const found = INVISIBLE.exec(line)?.[0]?.codePointAt(0);
    return found === undefined ? [] : [`${name}:${index + 1}: U+${found.toString(16).padStart(4, '0')}`];
  });
}

/** @param {string} folder @returns {Promise<string[]>} */
async function sources(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** @param {Vsix} vsix */
function noLocalPaths({ files }) {
  const paths = [root.replace(/[\\/]$/, ''), homedir()].filter((path) => path.length > 1);
  expectNone(
    [...files].flatMap(([name, content]) =>
      paths.some((path) => content.includes(`${path}/`) || content.includes(`${path}\\`)) ? [name] : [],
    ),
  );
}

/** @param {Metafile} bundle */
async function freshNotices(bundle) {
  const now = await readFile(noticesPath, 'utf8').catch(() => '');
  assert.ok(now === (await noticesOf(bundle)), 'it is stale: run node test/notices.mjs');
}

/** @param {Vsix} vsix */
function scripts({ files }) {
  return [...files.keys()].filter((name) => name.endsWith('.js'));
}
