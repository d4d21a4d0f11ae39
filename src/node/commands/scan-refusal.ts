import type { ReportedFinding, ReportedProblem } from '../../app/scan-file.ts';
import { onOneLine, shown } from '../../app/sentence.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import { counted } from './report.ts';

/** Rules whose findings are cured by encrypting a value. */
const plaintextRules: ReadonlySet<string> = new Set<RuleId>([
  'plaintext-secret',
  'plaintext-kubeconfig',
  'plaintext-in-template',
  'plaintext-in-values',
  'secret-generator-literal',
  'private-key-in-repo',
  'at-rest/sample-key',
  'unencrypted-by-policy',
]);
const namedAtMost = 3;
const how = '(Purser: Encrypt Secret, or purser encrypt -i FILE)';

/** Why what is staged should not be committed, in one line that says all; undefined where nothing is at error level. */
export function refusalOf(findings: readonly ReportedFinding[]): string | undefined {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return undefined;
  const plaintext = errors.filter(({ rule }) => plaintextRules.has(rule));
  const others = errors.length - plaintext.length;
  const counts = [
    ...(plaintext.length > 0 ? [counted(plaintext.length, 'plaintext secret')] : []),
    ...(others > 0 ? [counted(others, plaintext.length > 0 ? 'other error' : 'error')] : []),
  ].join(' and ');
  const places = errors.slice(0, namedAtMost).map(placeOf).join(', ');
  const more = errors.length > namedAtMost ? ` and ${errors.length - namedAtMost} more` : '';
  const [are, them] = errors.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const cure = plaintext.length > 0 ? `encrypt ${them} ${how}` : `correct ${them}`;
  return `${counts} ${are} staged: ${places}${more}; ${cure} and stage ${them} again, or commit with --no-verify`;
}

/** That a policy was not followed, and why, in one line; undefined where there is nothing wrong with any. */
export function policyRefusalOf([first, ...others]: readonly ReportedProblem[]): string | undefined {
  if (first === undefined) return undefined;
  const { path, line, message } = first;
  const where = line === undefined ? shown(path) : `${shown(path)}:${line}`;
  const more = others.length > 0 ? ` and ${counted(others.length, 'more mistake')}` : '';
  return `${where} cannot be followed (${onOneLine(message)}${more}), so not all that it asks for was looked for`;
}

/** `apps/db.yaml:7 stringData.password of Secret db/main` */
function placeOf({ path, range, entry, object, rule }: ReportedFinding): string {
  const name = [object?.['namespace'], object?.['name']].filter((part) => part !== undefined && part !== '');
  const owner =
    object === undefined ? [] : [object['kind'] ?? 'object', ...(name.length > 0 ? [name.join('/')] : [])];
  const what = [entry, owner.join(' ')].filter((part) => part !== undefined && part !== '').join(' of ');
  return `${shown(path)}:${range.start.line} ${shown(what === '' ? rule : what)}`;
}
