import { scanCorpus } from './corpus.mjs';
import { hostReport } from './host-report.mjs';
import { atMost, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

/**
 * How the extension host of a real VS Code fares while it opens the tree that `scanning` reads: see workspace.host.ts.
 *
 * @returns {Promise<Row[]>}
 */
export async function workspace() {
  const { folder, findings } = await scanCorpus();
  const answer = await hostReport('./workspace.host.ts', folder, {
    PURSER_BENCH_FINDINGS: String(findings ?? 1),
  });
  if ('missing' in answer) return [shown('a workspace of 10,000 files', `not measured: ${answer.missing}`)];
  /** @type {{ first: number, all: number, p99: number, longest: number }} */
  const { first, all, p99, longest } = answer.report;
  return [
    shown('a workspace of 10,000 files: first findings after activation', `${first.toFixed(0)} ms`),
    shown('all findings', `${all.toFixed(0)} ms`),
    atMost('delay of the event loop meanwhile, p99', p99, 16, ' ms'),
    shown('the longest one', `${longest.toFixed(1)} ms`),
  ];
}
