import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../host/cache.mjs';
import { runHostTests } from '../host/host-suite.mjs';
import { ensureEditor } from '../host/install.mjs';
import { build, root } from '../host/pack.mjs';

/**
 * What a script measured in the extension host of a real VS Code, or why there is none. It writes its report to the file
 * that `PURSER_BENCH_REPORT` names.
 *
 * @param {string} script beside this file
 * @param {string} folder opened as the workspace
 * @param {Readonly<Record<string, string>>} [env]
 * @returns {Promise<{ report: any } | { missing: string }>}
 */
export async function hostReport(script, folder, env = {}) {
  const editor = await ensureEditor();
  if ('missing' in editor) return { missing: editor.missing };
  await build({ production: true });
  const temporary = await temporaryFolder();
  try {
    const report = join(temporary.path, 'report.json');
    const results = await runHostTests(editor, {
      extension: root,
      files: [fileURLToPath(new URL(script, import.meta.url))],
      folder,
      // The built-in git extension blocks the same process for seconds in a repository of 10,000 changes.
      settings: { 'git.enabled': false },
      env: { ...env, PURSER_BENCH_REPORT: report },
    });
    const broken = results.find(({ ok }) => !ok);
    if (broken !== undefined) throw new Error(`${broken.name}: ${broken.error}`);
    return { report: JSON.parse(await readFile(report, 'utf8')) };
  } finally {
    await temporary.remove();
  }
}
