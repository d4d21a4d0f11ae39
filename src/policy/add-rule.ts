import * as l10n from '@vscode/l10n';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { Failure } from '../core/errors.ts';
import { applyEdits } from '../core/span.ts';
import { eolOf } from '../manifest/edit.ts';
import { doubleQuoted } from '../manifest/write-scalar.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { readPolicy } from './read-policy.ts';

export interface NewRule {
  readonly path: string;
  readonly scheme: SchemeId;
  readonly key: string;
  /** The file itself is the secret. */
  readonly whole?: boolean;
  /** Before all others, where one of them would match first. */
  readonly first?: boolean;
}

/** The text of a policy with one more rule, after the others unless it is to be the first; nothing else of it changes. Throws `policy.invalid`. */
export function addRule(text: string | undefined, rule: NewRule): string {
  if (text === undefined) return `version: 1\nrules:\n${ruleLines(rule, '  ', '\n')}\n`;
  const { problems } = readPolicy(text);
  const [problem] = problems;
  if (problem !== undefined)
    throw new Failure('policy.invalid', { reason: problem.message }, { line: problem.line });
  const eol = eolOf(text);
  const { at, indent, head } = insertionPoint(text, rule.first === true);
  const before = at > 0 && !/[\r\n]$/.test(text.slice(0, at)) ? eol : '';
  const after = readPolicyText(
    text,
    at,
    before + (head === '' ? '' : head + eol) + ruleLines(rule, indent, eol) + eol,
  );
  if (readPolicy(after).problems.length > 0) throw new Failure('edit.unverified', {});
  return after;
}

function readPolicyText(text: string, at: number, inserted: string): string {
  return applyEdits(text, [{ span: { start: at, end: at }, text: inserted }]);
}

interface InsertionPoint {
  readonly at: number;
  readonly indent: string;
  readonly head: string;
}

/** The line after the last rule, or after `rules:`; the end of the file, with a head, where there are none. */
function insertionPoint(text: string, first: boolean): InsertionPoint {
  const { contents } = parseDocument(text, { prettyErrors: false });
  const rules = isMap(contents) ? contents.get('rules', true) : undefined;
  if (!isSeq(rules)) return { at: text.length, indent: '  ', head: 'rules:' };
  const last = rules.items.at(-1) as { readonly range?: readonly number[] | null } | undefined;
  const end = last?.range?.[1];
  if (rules.flow === true || end === undefined)
    throw new Failure('policy.invalid', {
      reason: l10n.t('rules must be written as a block list to add one'),
    });
  const lineStart = text.lastIndexOf('\n', (rules.range?.[0] ?? 0) - 1) + 1;
  const indent = /^[ ]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const head = isMap(contents) ? contents.items.find(({ value }) => value === rules)?.key : undefined;
  const above = isScalar(head) ? head.range?.[1] : undefined;
  const lineStop = text.indexOf('\n', first && above !== undefined ? above : end - 1);
  return { at: lineStop === -1 ? text.length : lineStop + 1, indent, head: '' };
}

function ruleLines({ path, scheme, key, whole = false }: NewRule, indent: string, eol: string): string {
  return [
    `${indent}- path: ${doubleQuoted(path)}`,
    `${indent}  scheme: ${scheme}`,
    `${indent}  keys: [${doubleQuoted(key)}]`,
    ...(whole ? [`${indent}  whole: true`] : []),
  ].join(eol);
}
