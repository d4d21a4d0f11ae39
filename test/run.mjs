// `npm test`: everything that can be checked on this computer, in order, ending at the first step that fails. Names of
// steps run only those: `npm test -- unit e2e`. The last lines name what was skipped, what failed, and what needed a second try.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { accuracyChecks } from './accuracy/accuracy.mjs';
import { temporaryFolder } from './host/cache.mjs';
import { packVsix, root } from './host/pack.mjs';
import { endTree } from './host/process.mjs';
import { readBundle } from './package/bundle.mjs';
import { documentChecks } from './package/documents.mjs';
import { translationChecks } from './package/l10n.mjs';
import { lockfileChecks } from './package/lockfile.mjs';
import { packageChecks } from './package/package.mjs';
import { readZip } from './package/zip.mjs';

/** @import { Check } from './package/check.mjs' */
/** @typedef {{ suite: string, name: string }} Skip the suite's name says why, as a rule */
/** @typedef {{ passed: number, failed: string[], skipped: Skip[], again: string[] }} Outcome names; `again` failed at first */
/** @typedef {{ name: string, run: () => Promise<Outcome> }} Step */

/** @type {readonly Step[]} */
const steps = [
  { name: 'check', run: staticChecks },
  { name: 'package', run: packedChecks },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'adapters', run: () => vitest('adapters') },
  { name: 'accuracy', run: async () => outcomeOfChecks(await accuracyChecks()) },
  { name: 'interop', run: () => vitest('interop') },
  { name: 'cluster', run: () => twice('cluster') },
  { name: 'e2e', run: () => twice('e2e') },
];

/** Format, lint, types and dead code: the parts of `npm run check`, each counted. @returns {Promise<Outcome>} */
async function staticChecks() {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: [], skipped: [], again: [] };
  for (const command of scripts.check.split(' && ')) {
    console.log(`$ ${command}`);
    if ((await shell(command)) === 0) outcome.passed += 1;
    else outcome.failed.push(command);
  }
  return outcome;
}

/** Builds and packs the extension, and looks at the package, the lockfile and the documents. @returns {Promise<Outcome>} */
async function packedChecks() {
  const archive = await readFile(await packVsix());
  const vsix = { size: archive.byteLength, files: readZip(archive) };
  const bundle = await readBundle();
  return outcomeOfChecks([
    ...packageChecks(vsix, bundle),
    ...(await lockfileChecks()),
    ...(await documentChecks()),
    ...(await translationChecks()),
  ]);
}

/** @param {readonly Check[]} checks @returns {Promise<Outcome>} */
async function outcomeOfChecks(checks) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: [], skipped: [], again: [] };
  for (const { name, check } of checks) {
    try {
      await check();
      outcome.passed += 1;
      console.log(`  ✓ ${name}`);
    } catch (error) {
      outcome.failed.push(name);
      console.log(`  ✗ ${name}\n    ${String(error instanceof Error ? error.message : error)}`);
    }
  }
  return outcome;
}

/** So many files, and it is no chance. */
const mostAgain = 3;

/**
 * Runs one project of vitest.config.ts, and a file of it that failed once more: a window and an API server go at a pace of their
 * own, and what a test asks of them may come in between.
 *
 * @param {string} project
 * @returns {Promise<Outcome>}
 */
async function twice(project) {
  const first = await reported(project, []);
  const files = first.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (files.length === 0 || files.length > mostAgain) return outcomeOf(first);
  console.log(`\n=== ${project}: ${files.length} failed, once more`);
  const second = await reported(project, files);
  const others = first.testResults.filter(({ name }) => !files.includes(name));
  const outcome = outcomeOf({ ...second, testResults: [...others, ...second.testResults] });
  const again = outcomeOf(first).failed.filter((name) => !outcome.failed.includes(name));
  return { ...outcome, again };
}

/** @param {string} project @returns {Promise<Outcome>} */
async function vitest(project) {
  return outcomeOf(await reported(project, []));
}

/**
 * Runs a project of vitest.config.ts, or only these files of it, its own report shown as it comes.
 *
 * @param {string} project
 * @param {readonly string[]} files
 * @returns {Promise<Report>}
 */
async function reported(project, files) {
  const temporary = await temporaryFolder();
  try {
    const report = join(temporary.path, 'report.json');
    const reporters = '--reporter=default --reporter=json';
    const only = files.map((file) => `"${file}"`).join(' ');
    const code = await shell(
      `vitest run --project ${project} ${reporters} --outputFile.json="${report}" ${only}`,
    );
    const text = await readFile(report, 'utf8').catch(() => undefined);
    const testResults = text === undefined ? [] : JSON.parse(text).testResults;
    return { code, testResults };
  } finally {
    await temporary.remove();
  }
}

/** @typedef {{ ancestorTitles: string[], title: string, fullName: string, status: string }} TestResult */

/** @typedef {{ name: string, status: string, assertionResults: TestResult[] }} FileResult */
/** @typedef {{ code: number, testResults: readonly FileResult[] }} Report */

/** @param {Report} report @returns {Outcome} */
function outcomeOf({ code, testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const having = (/** @type {readonly string[]} */ ...statuses) =>
    tests.filter((test) => statuses.includes(test.status));
  const failed = [
    ...having('failed').map(({ fullName }) => fullName),
    ...broken.map(({ name }) => `${name} could not be run`),
  ];
  // A run can fail without a failed test: an error outside of all tests, or no tests at all.
  if (code !== 0 && failed.length === 0) failed.push(`vitest ended with ${code}`);
  return {
    passed: having('passed').length,
    failed,
    again: [],
    skipped: having('skipped', 'pending', 'todo', 'disabled').map(({ ancestorTitles, title }) => ({
      suite: ancestorTitles.join(' > '),
      name: title,
    })),
  };
}

/** What it starts is ended with this process. @param {string} command @returns {Promise<number>} its exit code */
async function shell(command) {
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
  const child = spawn(command, { cwd: root, env, shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  const closed = new Promise((/** @type {(code: number | null) => void} */ resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const stop = () => {
    const ended = closed.then(() => undefined);
    void endTree(child, ended).then(() => process.exit(1));
  };
  process.once('SIGTERM', stop);
  try {
    return (await closed) ?? 1;
  } finally {
    process.off('SIGTERM', stop);
  }
}

/** @param {readonly string[]} names @returns {readonly Step[]} */
function chosen(names) {
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new Error(`there is no step ${unknown}; there are ${steps.map(({ name }) => name).join(', ')}`);
  }
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}

/** @param {readonly string[]} names @returns {Promise<boolean>} whether nothing failed */
async function main(names) {
  /** @type {Outcome} */
  const total = { passed: 0, failed: [], skipped: [], again: [] };
  const todo = [...chosen(names)];
  for (let step = todo.shift(); step !== undefined; step = todo.shift()) {
    const { name } = step;
    console.log(`\n=== ${name}`);
    const started = performance.now();
    const outcome = await step.run().catch((error) => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: ['the step itself'], skipped: [], again: [] };
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`=== ${name} ${outcome.failed.length === 0 ? 'passed' : 'failed'} in ${seconds} s`);
    total.passed += outcome.passed;
    total.failed.push(...outcome.failed.map((failure) => `${name}: ${failure}`));
    total.again.push(...outcome.again.map((test) => `${name}: ${test}`));
    total.skipped.push(...outcome.skipped.map((skip) => ({ ...skip, suite: `${name}: ${skip.suite}` })));
    if (total.failed.length > 0) break;
  }
  console.log('');
  printSkips(total.skipped);
  for (const test of total.again) console.log(`passed at the second try: ${test}`);
  for (const failure of total.failed) console.log(`failed: ${failure}`);
  if (todo.length > 0) console.log(`not run: ${todo.map(({ name }) => name).join(', ')}`);
  console.log(`${total.passed} passed, ${total.skipped.length} skipped, ${total.failed.length} failed`);
  return total.failed.length === 0;
}

/** One line a suite, with the names of its tests where they are few. @param {readonly Skip[]} skips */
function printSkips(skips) {
  for (const suite of new Set(skips.map((skip) => skip.suite))) {
    const names = skips.filter((skip) => skip.suite === suite).map(({ name }) => name);
    console.log(`skipped: ${suite} > ${names.length > 3 ? `${names.length} tests` : names.join('; ')}`);
  }
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(`npm test: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
