import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../host/pack.mjs';
import { expectNone } from './check.mjs';

/** @import { Check } from './check.mjs' */

/** @typedef {{ license?: string, integrity?: string, optionalDependencies?: Record<string, string> }} LockedPackage */

/** Licences of tools; what is shipped is judged more strictly, in test/notices.mjs. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'Artistic-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** Packages whose licence npm cannot name, and why they are here all the same. None is shipped. */
const EXCEPTIONS = [
  {
    name: /^@vscode\/vsce-sign(?:-|$)/,
    why: "Microsoft's own licence; a part of vsce that packing does not run",
  },
  { name: /^urlsafe-base64$/, why: 'MIT by its readme alone; fernet, a cross-check of the tests, needs it' },
];

/** @returns {Promise<Check[]>} */
export async function lockfileChecks() {
  const lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  /** @type {[string, LockedPackage][]} */
  const packages = Object.entries(lockfile.packages).filter(([path]) => path !== '');
  return [
    { name: 'every locked package has an integrity hash', check: () => integrity(packages) },
    {
      name: 'the packages of every platform are locked, without which npm ci refuses',
      check: () => platforms(packages),
    },
    { name: 'every locked package has a licence that is allowed', check: () => licences(packages) },
    { name: 'install scripts are never run', check: ignoresScripts },
  ];
}

/** @param {[string, LockedPackage][]} packages */
function integrity(packages) {
  expectNone(packages.flatMap(([path, { integrity: hash }]) => (hash?.startsWith('sha512-') ? [] : [path])));
}

/** npm leaves out of the lockfile, without a word, what a registry does not have. @param {[string, LockedPackage][]} packages */
function platforms(packages) {
  const locked = new Set(packages.map(([path]) => path));
  expectNone(
    packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !locked.has(`node_modules/${name}`) && !locked.has(`${path}/node_modules/${name}`))
        .map((name) => `${name}, which ${path} names`),
    ),
  );
}

/** @param {[string, LockedPackage][]} packages */
function licences(packages) {
  expectNone(
    packages.flatMap(([path, { license = 'no licence' }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const excepted = EXCEPTIONS.some((exception) => exception.name.test(name));
      return excepted || allowed(license) ? [] : [`${name}: ${license}`];
    }),
  );
}

/** An SPDX expression of `OR`s of `AND`s; nothing locked nests deeper. @param {string} expression */
function allowed(expression) {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => LICENCES.has(licence.trim())));
}

async function ignoresScripts() {
  assert.match(await readFile(join(root, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
}
