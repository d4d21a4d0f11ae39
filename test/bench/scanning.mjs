import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, exists } from '../host/cache.mjs';
import { build, root } from '../host/pack.mjs';
import { scanCorpus } from './corpus.mjs';
import { costOf, output, script } from './cost.mjs';
import { atLeast, atMost, shown } from './measure.mjs';

/** @import { Cost } from './cost.mjs' */
/** @import { Row } from './measure.mjs' */

const ROUNDS = 5;

/**
 * `purser scan` as it is built, against reading the same files and searching their bytes for one word, and against
 * gitleaks' Kubernetes rule where gitleaks is, and once against parsing everything. Each run is a process of its own; they take turns.
 *
 * @returns {Promise<Row[]>}
 */
export async function scanning() {
  await build({ production: true });
  const corpus = await scanCorpus();
  const cli = join(root, 'dist', 'cli.js');
  const peer = await gitleaks();
  /** @type {Cost[]} */
  const limits = [];
  /** @type {Cost[]} */
  const scans = [];
  /** @type {number[]} */
  const peers = [];
  for (let round = 0; round < ROUNDS; round++) {
    limits.push(await costOf(script('limit.mjs'), [corpus.folder]));
    scans.push(await costOf(cli, ['scan', corpus.folder, '--format', 'json']));
    if (peer !== undefined && round < 2) peers.push(await cpuOfProgram(peer, corpus.folder));
  }
  const parse = await costOf(script('parse-all.mjs'), [corpus.folder]);
  return [
    ...expectFindings(scans, corpus.findings),
    ...figures(limits, scans, peers),
    ...againstParse(scans, parse),
  ];
}

/** @param {Cost[]} scans @param {Cost} parse @returns {Row[]} */
function againstParse(scans, parse) {
  const scan = Math.min(...scans.map(({ cpuSeconds }) => cpuSeconds));
  const broken = Number(parse.output);
  return [
    shown(
      `a YAML parse of every file, of which ${broken} do not parse, CPU`,
      `${parse.cpuSeconds.toFixed(1)} s`,
    ),
    atLeast('that, against purser scan', parse.cpuSeconds / scan, 40, ' ×'),
  ];
}

/** A fast scan that finds too little is worth nothing. @param {Cost[]} scans @param {number | undefined} expected */
function expectFindings([first], expected) {
  const { scanned, findings } = JSON.parse(first?.output ?? '');
  const what = `${scanned.files} files, ${(scanned.bytes / 1e6).toFixed(0)} MB; findings`;
  if (expected === undefined) return [shown(what, String(findings.length))];
  return [
    { what, figure: String(findings.length), budget: String(expected), ok: findings.length === expected },
  ];
}

/** @param {Cost[]} limits @param {Cost[]} scans @param {number[]} peers @returns {Row[]} */
function figures(limits, scans, peers) {
  const limit = Math.min(...limits.map(({ cpuSeconds }) => cpuSeconds));
  const scan = Math.min(...scans.map(({ cpuSeconds }) => cpuSeconds));
  const rss = Math.max(...scans.map(({ rssMegabytes }) => rssMegabytes));
  const rows = [
    shown('reading and searching the same bytes, CPU', `${limit.toFixed(2)} s`),
    atMost('purser scan, CPU, against that', scan / limit, 2, ' ×'),
    atMost('purser scan, memory at most', rss, 160, ' MB'),
  ];
  if (peers.length === 0) return [...rows, shown("gitleaks' Kubernetes rule", 'gitleaks is not here')];
  return [
    ...rows,
    atMost("purser scan, CPU, against gitleaks' Kubernetes rule", scan / Math.min(...peers), 0.125, ' ×'),
  ];
}

/** @param {string} program @param {string} folder @returns {Promise<number>} CPU seconds, by the shell's own account */
async function cpuOfProgram(program, folder) {
  const scan =
    '"$0" dir "$1" --enable-rule kubernetes-secret-yaml --no-banner --exit-code 0 >/dev/null 2>&1; times';
  const { stdout } = await output('sh', ['-c', scan, program, folder]);
  const parts =
    stdout
      .trim()
      .split('\n')
      .at(-1)
      ?.match(/[\d.]+(?=s)|\d+(?=m)/g)
      ?.map(Number) ?? [];
  const [minutes = 0, seconds = 0, systemMinutes = 0, systemSeconds = 0] = parts;
  return (minutes + systemMinutes) * 60 + seconds + systemSeconds;
}

/** @returns {Promise<string | undefined>} from the cache of `npm run peers`, else the PATH */
async function gitleaks() {
  const built = join(cacheFolder(), 'peers', 'bin', 'gitleaks');
  if (await exists(built)) return built;
  return promisify(execFile)('gitleaks', ['version']).then(
    () => 'gitleaks',
    () => undefined,
  );
}
