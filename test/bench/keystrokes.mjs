import { temporaryFolder } from '../host/cache.mjs';
import { hostReport } from './host-report.mjs';
import { atMost, percentile, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

/**
 * From a typed character to changed squiggles, in a real VS Code: see keystrokes.host.ts, which runs in its extension host.
 *
 * @returns {Promise<Row[]>}
 */
export async function keystrokes() {
  const folder = await temporaryFolder();
  try {
    const answer = await hostReport('./keystrokes.host.ts', folder.path);
    if ('missing' in answer)
      return [shown('a typed character to its squiggle', `not measured: ${answer.missing}`)];
    /** @type {{ activation: number, times: number[] }} */
    const { activation, times } = answer.report;
    return [
      shown('activation as the extension host counts it', `${activation} ms`),
      shown('a typed character to its squiggle, p50', `${percentile(times, 0.5).toFixed(0)} ms`),
      atMost('a typed character to its squiggle, p95', percentile(times, 0.95), 150, ' ms'),
    ];
  } finally {
    await folder.remove();
  }
}
