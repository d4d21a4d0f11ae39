import { createHash } from 'node:crypto';
import type { ReportedFinding, ReportedProblem } from '../../app/scan-file.ts';
import type { Level } from '../../audit/finding.ts';
import { isComplete, type ScanResult } from './scan-result.ts';
import { ruleTexts } from './scan-rules.ts';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const levels: { readonly [L in Level]: string } = { error: 'error', warning: 'warning', information: 'note' };

/** SARIF 2.1.0 (OASIS), as code hosts show it beside the lines. Positions count as in the JSON format. */
export function asSarif(result: ScanResult, findings: readonly ReportedFinding[]): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const fingerprints = new Fingerprints();
  const run = {
    tool: { driver: { name: 'Purser', rules: rules.map(describeRule) } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: isComplete(result),
        toolExecutionNotifications: result.problems.map(describeProblem),
      },
    ],
    results: findings.map((finding) => ({
      ruleId: finding.rule,
      ruleIndex: rules.indexOf(finding.rule),
      level: levels[finding.level],
      message: message(finding.message),
      locations: [describeLocation(finding)],
      partialFingerprints: { 'purserFinding/v1': fingerprints.of(finding) },
    })),
  };
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] })}\n`;
}

function describeRule(id: string) {
  const texts: Readonly<Record<string, { readonly title: string; readonly help: string }>> = ruleTexts;
  const { title, help } = texts[id] ?? { title: id, help: id };
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${title} ${help}` },
    help: { text: help, markdown: help },
    properties: { tags: ['security', 'secrets', 'kubernetes'] },
  };
}

/** Plain text, of which SARIF would read brackets as a link. */
function message(text: string) {
  return { text: text.replace(/[\\[\]]/g, '\\$&') };
}

function artifact(path: string) {
  return { uri: path.split('/').map(encodeURIComponent).join('/') };
}

function describeLocation({ path, range: { start, end }, object, entry }: ReportedFinding) {
  const parts = [object?.['kind'], object?.['namespace'], object?.['name'], entry];
  const name = parts.filter((part) => part !== undefined && part !== '').join('/');
  const region = {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
  return {
    physicalLocation: { artifactLocation: artifact(path), region },
    ...(name === '' ? {} : { logicalLocations: [{ fullyQualifiedName: name }] }),
  };
}

function describeProblem({ path, line, message: text }: ReportedProblem) {
  const region = line === undefined ? {} : { region: { startLine: line } };
  return {
    level: 'warning',
    message: message(text),
    locations: [{ physicalLocation: { artifactLocation: artifact(path), ...region } }],
  };
}

/**
 * What stays the same when lines move: rule, file, object and entry, and which of several alike it is. The value has no
 * part in it: a hash of a weak password gives it away.
 */
class Fingerprints {
  readonly #seen = new Map<string, number>();

  of({ rule, path, object, entry }: ReportedFinding): string {
    const what = JSON.stringify([rule, path, object ?? null, entry ?? null]);
    const before = this.#seen.get(what) ?? 0;
    this.#seen.set(what, before + 1);
    return createHash('sha256').update(`${what}${before}`).digest('hex');
  }
}
