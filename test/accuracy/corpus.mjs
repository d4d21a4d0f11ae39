import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../host/pack.mjs';
import { expand } from './parts.mjs';

/**
 * The labelled corpus, test/corpus/*.txt: its README.md says how it is written. Reading it strips the labels and makes
 * the key material and ciphertexts it names.
 *
 * @typedef {(typeof SILENT)[number]} Silent why nothing is to be said
 * @typedef {object} Label
 * @property {readonly string[]} rules of which one is expected; none where nothing is to be said, or either is right
 * @property {Silent | 'ambiguous' | undefined} silent
 * @property {number} first line, from 1
 * @property {number} last line of the value, where it ends on another
 * @property {string} why
 *
 * @typedef {{ first: number, last: number, labels: readonly Label[] }} Document
 * @typedef {{ path: string, text: string, documents: readonly Document[] }} CorpusFile
 * @typedef {{ kind: string, name: string, flags: readonly string[], files: readonly CorpusFile[] }} Case
 */

const SILENT = /** @type {const} */ ([
  'encrypted',
  'placeholder',
  'empty',
  'reference',
  'non-sensitive',
  'look-alike',
]);
const FLAGS = ['templated', 'broken', 'crlf', 'utf-8-bom', 'utf-16le', 'utf-16be', 'no-final-newline'];
/** The rules that the corpus is about, by the names its labels have for them. @type {Readonly<Record<string, string>>} */
const RULE_OF = {
  secret: 'plaintext-secret',
  kubeconfig: 'plaintext-kubeconfig',
  template: 'plaintext-in-template',
  generator: 'secret-generator-literal',
  values: 'plaintext-in-values',
  key: 'private-key-in-repo',
  'sample-key': 'at-rest/sample-key',
};
export const RULES = Object.values(RULE_OF);

const LABEL = /\s*◀(?:\+(\d+))? ([a-z|-]+): (\S.*)$/;
const folder = join(root, 'test', 'corpus');

/** @returns {Promise<Case[]>} */
export async function readCorpus() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const cases = names.flatMap((name, index) => readKind(name.replace(/\.txt$/, ''), texts[index] ?? ''));
  const seen = new Set();
  for (const { kind, name } of cases) {
    if (seen.has(`${kind}/${name}`)) throw new Error(`test/corpus/${kind}.txt has two cases ${name}`);
    seen.add(`${kind}/${name}`);
  }
  return cases;
}

/** @param {string} kind @param {string} text @returns {Case[]} */
function readKind(kind, text) {
  const [, ...parts] = text.split(/^▶ /m);
  return parts.map((part) => {
    const [head = '', ...rest] = part.split(/^▷ /m);
    const [name = '', ...flags] = head.trim().split(/\s+/);
    const unknown = flags.find((flag) => !FLAGS.includes(flag));
    if (unknown !== undefined) throw new Error(`${kind}/${name}: there is no flag ${unknown}`);
    if (rest.length === 0) throw new Error(`${kind}/${name} has no file`);
    return { kind, name, flags, files: rest.map((file) => readFileOf(`${kind}/${name}`, file)) };
  });
}

/** @param {string} where @param {string} part @returns {CorpusFile} */
function readFileOf(where, part) {
  const end = part.indexOf('\n');
  const path = part.slice(0, end).trim();
  /** @type {string[]} */
  const lines = [];
  /** @type {{ match: RegExpExecArray, first: number, last: number }[]} */
  const marks = [];
  const source = part
    .slice(end + 1)
    .replace(/\n+$/, '')
    .split('\n');
  for (const [index, raw] of source.entries()) {
    const match = LABEL.exec(raw);
    if (match === null && raw.includes('◀')) throw new Error(`${where}: cannot read the label of: ${raw}`);
    const first = lines.length + 1;
    lines.push(...expand(match === null ? raw : raw.slice(0, match.index), `${where} ${path} ${index}`));
    if (match !== null) marks.push({ match, first, last: lines.length });
  }
  const labels = marks.map(({ match, first, last }) => {
    const [, more, names = '', why = ''] = match;
    const ends = more === undefined ? Math.max(last, blockEnd(lines, first)) : first + Number(more);
    return { ...readNames(where, names), first, last: ends, why };
  });
  const documents = documentsOf(path, lines).map(([first, last]) => ({
    first,
    last,
    labels: labels.filter((label) => label.first >= first && label.first <= last),
  }));
  const bare = documents.find((document) => document.labels.length === 0);
  if (bare !== undefined) throw new Error(`${where} ${path}: no label in the document at line ${bare.first}`);
  return { path, text: `${lines.join('\n')}\n`, documents };
}

/** @param {string} where @param {string} names @returns {Pick<Label, 'rules' | 'silent'>} */
function readNames(where, names) {
  if (names === 'ambiguous') return { rules: [], silent: 'ambiguous' };
  const silent = SILENT.find((name) => name === names);
  if (silent !== undefined) return { rules: [], silent };
  const rules = names.split('|').map((name) => RULE_OF[name] ?? '');
  if (rules.includes('')) throw new Error(`${where}: there is no label ${names}`);
  return { rules, silent: undefined };
}

/** The last line of the block scalar that begins on a line, or that line. @param {readonly string[]} lines @param {number} first */
function blockEnd(lines, first) {
  const [own = '', ...below] = lines.slice(first - 1);
  if (!/[|>][-+0-9]*$/.test(own)) return first;
  const [dashes = ''] = /^\s*(?:- )*/.exec(own) ?? [];
  const depth = /- [|>]\S*$/.test(own) ? dashes.length - 2 : dashes.length;
  const outside = below.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= depth);
  return first + (outside === -1 ? below.length : outside);
}

/**
 * The documents of a file, by first and last line: between the `---` of YAML, and only those that hold anything.
 *
 * @param {string} path
 * @param {readonly string[]} lines
 * @returns {[number, number][]}
 */
function documentsOf(path, lines) {
  if (!/\.(?:ya?ml|tpl|j2)$/.test(path)) return [[1, lines.length]];
  const starts = lines.flatMap((line, index) => (/^---(?:\s|$)/.test(line) ? [index + 1] : []));
  const all = [1, ...starts].map(
    (first, index) => /** @type {[number, number]} */ ([first, (starts[index] ?? lines.length + 1) - 1]),
  );
  const content = (/** @type {string} */ line) =>
    !/^\s*(?:#.*|---.*|\.{3}|\{\{[^}]*\}\}|\{%.*%\}|)$/.test(line);
  return all.filter(([first, last]) => lines.slice(first - 1, last).some(content));
}
