import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { cacheFolder, temporaryFolder } from './cache.mjs';
import { bundleHostTests } from './host-suite.mjs';
import { build, root } from './pack.mjs';

const RELEASES = 'https://update.code.visualstudio.com/api/releases/stable';
const NAME = 'host suite in desktop VS Code';

/** Why it cannot run here, or `undefined`. */
async function obstacle() {
  const response = await fetch(RELEASES, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  if (response?.ok !== true) return 'update.code.visualstudio.com cannot be reached';
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && display === undefined) return 'there is no display; use xvfb-run';
  return undefined;
}

/** Runs test/e2e/host in the desktop editor, the newest stable or the version given as the only argument. */
async function main() {
  const reason = await obstacle();
  if (reason !== undefined) {
    console.log(`skipped: ${NAME} (${reason})`);
    return;
  }
  await build();
  const temporary = await temporaryFolder();
  try {
    const folder = join(temporary.path, 'folder');
    const tests = join(temporary.path, 'host-tests.cjs');
    await mkdir(folder);
    await bundleHostTests(tests);
    await runTests({
      version: process.argv[2] ?? 'stable',
      cachePath: join(cacheFolder(), 'vscode-test'),
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [
        folder,
        '--disable-extensions',
        '--disable-workspace-trust',
        `--user-data-dir=${join(temporary.path, 'user')}`,
      ],
      extensionTestsEnv: { XDG_CONFIG_HOME: join(temporary.path, 'config') },
    });
    console.log(`passed: ${NAME}`);
  } finally {
    await temporary.remove();
  }
}

await main();
