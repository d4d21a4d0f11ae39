import * as l10n from '@vscode/l10n';
import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { Failure } from '../core/errors.ts';
import { applyEdits } from '../core/span.ts';
import { eolOf } from '../manifest/edit.ts';
import type { PolicyRule } from './policy.ts';
import { readPolicy } from './read-policy.ts';

export type Opener = NonNullable<PolicyRule['openedBy']>;

/**
 * The text of a policy in which the rule on this line (from 1) says what opens its values; nothing else of it changes. Throws
 * `policy.invalid`, `document.changed` where no rule stands there, and `edit.unverified`.
 */
export function stateOpener(text: string, line: number, opener: Opener): string {
  const { policy, problems } = readPolicy(text);
  const [problem] = problems;
  if (problem !== undefined)
    throw new Failure('policy.invalid', { reason: problem.message }, { line: problem.line });
  const index = policy.rules.findIndex((rule) => rule.line === line);
  if (index === -1 || policy.rules[index]?.openedBy !== undefined) throw new Failure('document.changed', {});
  const rule = blockRule(text, index);
  const { at, indent } = placeAfter(text, rule);
  const eol = eolOf(text);
  const before = at > 0 && !/[\r\n]$/.test(text.slice(0, at)) ? eol : '';
  const inserted = `${before}${indent}opened-by: ${opener}${eol}`;
  const after = applyEdits(text, [{ span: { start: at, end: at }, text: inserted }]);
  const read = readPolicy(after);
  const isMeant = read.policy.rules.every(
    ({ openedBy }, other) => openedBy === (other === index ? opener : policy.rules[other]?.openedBy),
  );
  if (read.problems.length > 0 || !isMeant) throw new Failure('edit.unverified', {});
  return after;
}

function blockRule(text: string, index: number): YAMLMap {
  const { contents } = parseDocument(text, { prettyErrors: false });
  const rules = isMap(contents) ? contents.get('rules', true) : undefined;
  const rule = isSeq(rules) ? rules.items[index] : undefined;
  if (!isMap(rule) || rule.flow === true)
    throw new Failure('policy.invalid', {
      reason: l10n.t('the rule must be written as a block to add a line to it'),
    });
  return rule;
}

/** The line after the rule's last key, and how far its keys are indented. */
function placeAfter(text: string, rule: YAMLMap): { readonly at: number; readonly indent: string } {
  const [first, last] = [rule.items[0]?.key, rule.items.at(-1)?.value];
  const start = isScalar(first) ? (first.range?.[0] ?? 0) : 0;
  const end = isNode(last) ? (last.range?.[1] ?? 0) : 0;
  const lineStop = text.indexOf('\n', end - 1);
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  return { at: lineStop === -1 ? text.length : lineStop + 1, indent: ' '.repeat(column) };
}
