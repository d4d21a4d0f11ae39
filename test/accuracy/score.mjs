import { RULES } from './corpus.mjs';

/** @import { Case, CorpusFile, Document, Label } from './corpus.mjs' */

/**
 * Findings against labels. A finding stands for the label whose lines hold its first line, the shortest such label; it is
 * right where the label names its rule. What is labelled ambiguous counts neither way.
 *
 * @typedef {{ path: string, rule: string, level: string, line: number }} Reported `path` is `kind/case/path`
 * @typedef {'found' | 'missed' | 'false' | 'other rule'} Verdict
 * @typedef {object} Judged one value, or one document, that counts
 * @property {Verdict} verdict
 * @property {string} kind
 * @property {boolean} hard whether the case is templated or broken
 * @property {string} rule the finding's, else the first the label names
 * @property {string} where `kind/case path:line`
 * @property {string} why
 * @property {string} level
 *
 * @typedef {{ values: readonly Judged[], documents: readonly Judged[], forbidden: readonly string[], total: Total }} Score
 * @typedef {{ cases: number, documents: number, hard: number, silent: number, ambiguous: number, forbidden: number }} Total of documents
 */

/** Stands for the rule of another tool's finding, which is right wherever there is something to find. */
export const ANY_RULE = 'any';

/** @param {Case} corpusCase @param {CorpusFile} file */
export const pathOf = ({ kind, name }, { path }) => `${kind}/${name}/${path}`;

/** Documents labelled so must have no finding at all: they are the promise of the design. */
const FORBIDDEN = ['encrypted', 'empty', 'reference'];

/** @param {readonly Case[]} cases @param {readonly Reported[]} findings @returns {Score} */
export function score(cases, findings) {
  const about = findings.filter(({ rule }) => rule === ANY_RULE || RULES.includes(rule));
  /** @type {Judged[]} */
  const values = [];
  /** @type {Judged[]} */
  const documents = [];
  /** @type {string[]} */
  const forbidden = [];
  const total = { cases: cases.length, documents: 0, hard: 0, silent: 0, ambiguous: 0, forbidden: 0 };
  for (const corpusCase of cases) {
    const hard = corpusCase.flags.some((flag) => flag !== 'no-final-newline');
    const base = { kind: corpusCase.kind, hard };
    /** @type {Map<Label, Reported>} */
    const hits = new Map();
    for (const file of corpusCase.files) {
      const path = pathOf(corpusCase, file);
      const here = about.filter((finding) => finding.path === path);
      const labels = file.documents.flatMap((document) => document.labels);
      for (const finding of here) {
        const label = labelAt(labels, finding.line);
        if (label?.silent === 'ambiguous') continue;
        const right = label !== undefined && isRight(label, finding);
        if (label !== undefined && right && !hits.has(label)) hits.set(label, finding);
        if (right) continue;
        const verdict = label === undefined || label.rules.length === 0 ? 'false' : 'other rule';
        const why = label?.why ?? 'not labelled';
        values.push({
          ...base,
          verdict,
          rule: finding.rule,
          where: `${path}:${finding.line}`,
          why,
          level: finding.level,
        });
      }
      for (const document of file.documents) {
        total.documents += 1;
        if (hard) total.hard += 1;
        const found = here.filter(({ line }) => line >= document.first && line <= document.last);
        const judged = judgeDocument(document, found);
        if (judged === 'ambiguous') total.ambiguous += 1;
        else if (judged !== undefined)
          documents.push({ ...base, ...judged, where: `${path}:${document.first}` });
        if (!isExpected(document)) total.silent += 1;
        const only = document.labels.every(
          ({ silent }) => silent !== undefined && FORBIDDEN.includes(silent),
        );
        if (only) total.forbidden += 1;
        if (only && found.length > 0) forbidden.push(`${path}:${found[0]?.line} ${found[0]?.rule}`);
      }
    }
    values.push(...expectedOf(corpusCase, hits).map((value) => ({ ...base, ...value })));
  }
  return { values, documents, forbidden, total };
}

/** @param {readonly Label[]} labels @param {number} line */
function labelAt(labels, line) {
  const around = labels.filter(({ first, last }) => line >= first && line <= last);
  return around.toSorted((a, b) => a.last - a.first - (b.last - b.first))[0];
}

/** @param {Label} label @param {Reported} finding */
const isRight = ({ rules }, { rule }) => rules.includes(rule) || (rule === ANY_RULE && rules.length > 0);

/** @param {Document} document */
const isExpected = ({ labels }) => labels.some(({ rules }) => rules.length > 0);

/** @param {Document} document @param {readonly Reported[]} found */
function judgeDocument(document, found) {
  const [first] = found;
  const label = document.labels.find(({ rules }) => rules.length > 0) ?? document.labels[0];
  const rest = {
    rule: first?.rule ?? label?.rules[0] ?? '',
    why: label?.why ?? '',
    level: first?.level ?? '',
  };
  if (isExpected(document)) return { verdict: /** @type {Verdict} */ (first ? 'found' : 'missed'), ...rest };
  if (document.labels.some(({ silent }) => silent === 'ambiguous')) return 'ambiguous';
  return first === undefined ? undefined : { verdict: /** @type {Verdict} */ ('false'), ...rest };
}

/**
 * The values that a case expects.
 *
 * @param {Case} corpusCase
 * @param {Map<Label, Reported>} hits
 * @returns {Omit<Judged, 'kind' | 'hard'>[]}
 */
function expectedOf(corpusCase, hits) {
  return corpusCase.files.flatMap((file) => {
    const expected = file.documents.flatMap(({ labels }) => labels.filter(({ rules }) => rules.length > 0));
    return expected.map((label) => {
      const hit = hits.get(label);
      return {
        verdict: hit === undefined ? 'missed' : 'found',
        rule: hit?.rule ?? label.rules[0] ?? '',
        where: `${pathOf(corpusCase, file)}:${label.first}`,
        why: label.why,
        level: hit?.level ?? '',
      };
    });
  });
}

/**
 * Map.groupBy, which the oldest Node that this runs on does not have.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @returns {Map<string, T[]>}
 */
export function grouped(items, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Precision, recall and their harmonic mean. @param {readonly Judged[]} judged */
export function measure(judged) {
  const count = (/** @type {readonly Verdict[]} */ ...verdicts) =>
    judged.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const found = count('found');
  const missed = count('missed');
  const wrong = count('false', 'other rule');
  const precision = found + wrong === 0 ? 1 : found / (found + wrong);
  const recall = found + missed === 0 ? 1 : found / (found + missed);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { found, missed, wrong, precision, recall, f1 };
}
