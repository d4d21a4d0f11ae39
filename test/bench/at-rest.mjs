import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, openSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from '../host/cache.mjs';
import { root } from '../host/pack.mjs';
import { costOf, script } from './cost.mjs';
import { atMost, cpuSeconds, inMilliseconds, percentile, rounded, shown } from './measure.mjs';

/** @import { Cost } from './cost.mjs' */
/** @import { Row } from './measure.mjs' */

const REVISIONS = 1_000_000;
const ROUNDS = 3;
const KEYS = 10_000;

/**
 * `purser atrest audit` of a large snapshot against reading the file, and `purser atrest lint` of a large configuration.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function atRest(sources) {
  const temporary = await temporaryFolder();
  try {
    const snapshot = join(temporary.path, 'snapshot.db');
    writeSnapshot(sources, snapshot);
    return [
      ...(await auditing(snapshot, await bundledCli(temporary.path))),
      await pauses(sources, snapshot),
      ...(await linting(sources)),
    ];
  } finally {
    await temporary.remove();
  }
}

/**
 * Two revisions of half as many Secrets and other objects, as `etcdctl snapshot save` leaves them.
 *
 * @param {any} sources
 * @param {string} path
 */
function writeSnapshot({ BoltFile, etcdRecord }, path) {
  const out = openSync(path, 'w');
  const file = new BoltFile((/** @type {Buffer} */ bytes, /** @type {number} */ at) =>
    writeSync(out, bytes, 0, bytes.length, at),
  );
  function* records() {
    const objects = REVISIONS / 2;
    for (let index = 0; index < REVISIONS; index++) {
      const name = index % objects;
      const resource = name % 4 === 0 ? 'secrets' : 'configmaps';
      const isSealed = resource === 'secrets' && index >= objects;
      const value = `${isSealed ? 'k8s:enc:secretbox:v1:key1:' : 'k8s\0'}${'x'.repeat(300 + (name % 7) * 100)}`;
      yield etcdRecord(
        { key: `/registry/${resource}/namespace-${name % 500}/object-${name}`, value },
        index + 2,
      );
    }
  }
  file.bucket('key', records());
  file.bucket('meta', []);
  file.finish();
  closeSync(out);
  appendFileSync(path, digestOf(path));
}

/** @param {string} path */
function digestOf(path) {
  const file = openSync(path, 'r');
  const [hash, room] = [createHash('sha256'), Buffer.alloc(1024 * 1024)];
  for (let read = readSync(file, room); read > 0; read = readSync(file, room))
    hash.update(room.subarray(0, read));
  closeSync(file);
  return hash.digest();
}

/** @param {string} snapshot @param {string} cli @returns {Promise<Row[]>} */
async function auditing(snapshot, cli) {
  const megabytes = statSync(snapshot).size / 1e6;
  /** @type {Cost[]} */
  const reads = [];
  /** @type {Cost[]} */
  const audits = [];
  for (let round = 0; round < ROUNDS; round++) {
    reads.push(await costOf(script('read-all.mjs'), [snapshot]));
    audits.push(await costOf(cli, ['atrest', 'audit', snapshot, '--format', 'json']));
  }
  const { totals, unlisted, plaintext } = JSON.parse(audits[0]?.output ?? '');
  if (totals.values !== REVISIONS || plaintext.length + unlisted !== REVISIONS / 8)
    throw new Error('the audit counted wrongly');
  const [reading, audit] = [reads, audits].map((all) => Math.min(...all.map(({ seconds }) => seconds)));
  if (reading === undefined || audit === undefined) throw new Error('nothing was measured');
  const speed = (/** @type {number} */ seconds) => `${rounded(megabytes / seconds)} MB/s`;
  return [
    shown(`a snapshot of ${REVISIONS.toLocaleString('en-US')} revisions`, `${megabytes.toFixed(0)} MB`),
    shown('reading it in a process that does nothing else', speed(reading)),
    shown('purser atrest audit, checksum and names', speed(audit)),
    shown('that, times as long as reading', `${rounded(audit / reading)} ×`),
    atMost('its memory at most', Math.max(...audits.map(({ rssMegabytes }) => rssMegabytes)), 300, ' MB'),
  ];
}

/**
 * How long whoever else has work waits for a turn, in CPU time: by the clock it is other programs that are measured.
 *
 * @param {any} sources
 * @param {string} snapshot
 * @returns {Promise<Row>}
 */
async function pauses({ lookThroughSnapshot, auditScope }, snapshot) {
  /** @type {number[]} */
  const turns = [];
  const looking = { last: process.cpuUsage(), ended: false };
  const look = () => {
    const { user, system } = process.cpuUsage(looking.last);
    looking.last = process.cpuUsage();
    turns.push((user + system) / 1000);
    if (!looking.ended) setImmediate(look);
  };
  look();
  const { signal } = new AbortController();
  await lookThroughSnapshot(snapshot, auditScope(undefined), signal);
  looking.ended = true;
  return atMost(
    'between two turns of the event loop meanwhile, CPU, p99',
    percentile(turns, 0.99),
    16,
    ' ms',
  );
}

/** @param {any} sources @returns {Promise<Row[]>} */
async function linting({ lintConfiguration }) {
  const key = Buffer.alloc(32, 7).toString('base64');
  const configuration = (/** @type {number} */ count) => {
    const keys = Array.from({ length: count }, (_, index) => `      - {name: key${index}, secret: ${key}}\n`);
    return `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - secretbox:\n      keys:\n${keys.join('')}  - identity: {}\n`;
  };
  const [some, many] = [configuration(KEYS / 4), configuration(KEYS)];
  const options = { reload: false, kmsV1: false };
  const cost = await cpuSeconds(
    { some: () => lintConfiguration(some, options), many: () => lintConfiguration(many, options) },
    5,
  );
  return [
    shown(
      `purser atrest lint, a configuration of ${KEYS.toLocaleString('en-US')} keys, CPU`,
      inMilliseconds(cost.many),
    ),
    atMost('that, against a fourth of the keys', cost.many / cost.some, 6, ' ×'),
  ];
}

/** The command line with everything it takes, as it is shipped. @param {string} folder */
async function bundledCli(folder) {
  const outdir = join(folder, 'cli');
  await build({
    entryPoints: [join(root, 'src', 'cli.ts')],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: 'const require = (id) => process.getBuiltinModule(id);' },
    logLevel: 'warning',
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
  return join(outdir, 'cli.js');
}
