import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../host/cache.mjs';
import { runHostTests } from '../host/host-suite.mjs';
import { ensureEditor } from '../host/install.mjs';
import { build, root } from '../host/pack.mjs';
import { atMost, percentile, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

/**
 * From a typed character to changed squiggles, in a real VS Code: see keystrokes.host.ts, which runs in its extension host.
 *
 * @returns {Promise<Row[]>}
 */
export async function keystrokes() {
  const editor = await ensureEditor();
  if ('missing' in editor)
    return [shown('a typed character to its squiggle', `not measured: ${editor.missing}`)];
  await build({ production: true });
  const temporary = await temporaryFolder();
  try {
    const folder = join(temporary.path, 'folder');
    await mkdir(folder);
    const report = join(temporary.path, 'report.json');
    const files = [fileURLToPath(new URL('./keystrokes.host.ts', import.meta.url))];
    const results = await runHostTests(editor, {
      extension: root,
      files,
      folder,
      env: { PURSER_BENCH_REPORT: report },
    });
    const broken = results.find(({ ok }) => !ok);
    if (broken !== undefined) throw new Error(`${broken.name}: ${broken.error}`);
    /** @type {{ activation: number, times: number[] }} */
    const { activation, times } = JSON.parse(await readFile(report, 'utf8'));
    return [
      shown('activation as the extension host counts it', `${activation} ms`),
      shown('a typed character to its squiggle, p50', `${percentile(times, 0.5).toFixed(0)} ms`),
      atMost('a typed character to its squiggle, p95', percentile(times, 0.95), 150, ' ms'),
    ];
  } finally {
    await temporary.remove();
  }
}
