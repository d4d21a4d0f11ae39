import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { root } from '../host/pack.mjs';
import { expectNone } from './check.mjs';

/** @import { Check } from './check.mjs' */

/** A Markdown file of the repository. @typedef {{ path: string, text: string }} Document `path` relative, with `/` */

/** @returns {Promise<Check[]>} */
export async function documentChecks() {
  const texts = JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'), (_, value) =>
    typeof value === 'string' && /^%[^%]+%$/.test(value) ? (texts[value.slice(1, -1)] ?? value) : value,
  );
  const documents = await readDocuments();
  const readme = textOf(documents, 'README.md');
  return [
    { name: 'README.md lists every setting as the manifest has it', check: () => settings(readme, manifest) },
    { name: 'README.md lists every command of the palette', check: () => commands(readme, manifest) },
    { name: 'README.md has pictures a reader can load, and no SVG', check: () => pictures(readme) },
    { name: 'every relative link of a document leads somewhere', check: () => links(documents) },
    { name: 'every rule that Purser reports has a page', check: rulePages },
    { name: 'docs/cli.md shows the help that the command line prints', check: () => help(documents) },
    { name: 'ARCHITECTURE.md fits in 250 lines', check: () => shortArchitecture(documents) },
    { name: 'CHANGELOG.md has a section for what is not released', check: () => unreleased(documents) },
  ];
}

/** @returns {Promise<Document[]>} those at the top, and those below docs/ and examples/ */
async function readDocuments() {
  const top = (await readdir(root)).map((name) => join(root, name));
  const below = await Promise.all(
    ['docs', 'examples'].map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true });
      return entries.map((name) => join(root, folder, name));
    }),
  );
  const paths = [...top, ...below.flat()].filter((path) => path.endsWith('.md'));
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(root, path).split(sep).join('/'),
      text: await readFile(path, 'utf8'),
    })),
  );
}

/** @param {readonly Document[]} documents @param {string} path */
function textOf(documents, path) {
  const found = documents.find((document) => document.path === path);
  assert.ok(found, `there is no ${path}`);
  return found.text;
}

/** The cells of every table row below a heading. @param {string} text @param {string} heading */
function rowsBelow(text, heading) {
  const start = text.indexOf(`\n${heading}\n`);
  assert.notEqual(start, -1, `there is no heading ${heading}`);
  const body = text.slice(start + heading.length + 2);
  const [section = ''] = body.split(/^## /m);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

/** @param {string} readme @param {{ contributes: any }} manifest */
function settings(readme, { contributes }) {
  const declared = Object.entries(contributes.configuration.properties).map(([id, setting]) => [
    `\`${id}\``,
    setting.default === '' ? '(empty)' : `\`${JSON.stringify(setting.default)}\``,
    setting.markdownDescription ?? setting.description,
  ]);
  assert.deepEqual(rowsBelow(readme, '## Settings'), declared);
}

/** @param {string} readme @param {{ contributes: any }} manifest */
function commands(readme, { contributes }) {
  const hidden = contributes.menus.commandPalette.flatMap(
    (/** @type {{ command: string, when: string }} */ { command, when }) =>
      when === 'false' ? [command] : [],
  );
  const titles = contributes.commands.flatMap(
    (/** @type {{ command: string, title: string }} */ { command, title }) =>
      hidden.includes(command) ? [] : [`*${title}*`],
  );
  assert.deepEqual(
    rowsBelow(readme, '## Commands').flatMap(([first = '']) => first.split(', ')),
    titles,
  );
}

/** @param {string} readme */
async function pictures(readme) {
  const sources = [...readme.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  assert.notEqual(sources.length, 0, 'there is no picture');
  assert.deepEqual(
    sources.filter((source) => /^http:|\.svg(?:$|\?)/i.test(source)),
    [],
  );
  assert.ok(!/<svg|<img/i.test(readme), 'there is HTML for a picture');
}

/** @param {readonly Document[]} documents */
async function links(documents) {
  /** @type {string[]} */
  const broken = [];
  for (const { path, text } of documents) {
    const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (!(await leadsSomewhere(path, text, target))) broken.push(`${path}: ${target}`);
    }
  }
  expectNone(broken);
}

/** @param {string} from @param {string} text @param {string} target */
async function leadsSomewhere(from, text, target) {
  if (/^[a-z]+:/i.test(target)) return true;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? join(root, from) : join(root, dirname(from), file);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there || anchor === undefined) return there;
  const content = file === '' ? text : await readFile(path, 'utf8');
  return [...content.matchAll(/^#+ (.+)$/gm)].some((match) => slug(match[1] ?? '') === anchor);
}

/** A heading as GitHub and VS Code name its anchor. @param {string} heading */
function slug(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

async function rulePages() {
  const source = await readFile(join(root, 'src', 'policy', 'rule-ids.ts'), 'utf8');
  const ids = /const ids = \[([^\]]+)\]/.exec(source)?.[1]?.match(/[a-z0-9/-]+(?=')/g) ?? [];
  assert.notEqual(ids.length, 0, 'the rules are not found in src/policy/rule-ids.ts');
  const names = await readdir(join(root, 'docs', 'rules'), { recursive: true });
  const pages = names.flatMap((name) => (name.endsWith('.md') ? name.slice(0, -3).split(sep).join('/') : []));
  assert.deepEqual(pages.sort(), ids.sort());
}

/** @param {readonly Document[]} documents */
async function help(documents) {
  const source = await readFile(join(root, 'src', 'node', 'arguments.ts'), 'utf8');
  const usage = /export const help = `([^`]+)`/.exec(source)?.[1];
  assert.ok(usage, 'the help is not found in src/node/arguments.ts');
  assert.ok(textOf(documents, 'docs/cli.md').includes(`\`\`\`text\n${usage}\`\`\``), 'it is another text');
}

/** @param {readonly Document[]} documents */
function shortArchitecture(documents) {
  assert.ok(textOf(documents, 'ARCHITECTURE.md').split('\n').length <= 250);
}

/** @param {readonly Document[]} documents */
function unreleased(documents) {
  assert.match(textOf(documents, 'CHANGELOG.md'), /^## \[Unreleased\]$/m);
}
