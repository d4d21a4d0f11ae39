import { parseAllDocuments } from 'yaml';
import { configMap, deployment, plaintextSecret } from './manifests.mjs';
import { atLeast, atMost, milliseconds, percentile, shown } from './measure.mjs';
import { seeded } from './random.mjs';

/** @import { Row } from './measure.mjs' */

const LINES = 10_019;
const KEYSTROKES = 400;

/** What is measured is the same object from one audit to the next, as in the editor. */
const file = { name: 'manifests.yaml', policy: undefined };

/**
 * What one keystroke costs until the findings are known, as the editor does it: the lines joined to a text, the changed
 * document scanned again, everything judged. And a file that is one huge Secret.
 *
 * @param {any} sources see `loadSources`
 * @returns {Promise<Row[]>}
 */
export async function typing(sources) {
  const registry = new sources.SchemeRegistry([
    sources.jweScheme(),
    sources.fernetScheme(() => new Date(0)),
    sources.secretboxScheme(),
  ]);
  return [...(await manyDocuments(sources, registry)), ...(await oneHugeSecret(sources, registry))];
}

/** @param {any} sources @param {any} registry @returns {Promise<Row[]>} */
async function manyDocuments(sources, registry) {
  const { scan, audit } = sources;
  const lines = longFile();
  const documents = scan(lines.join('\n')).documents.length;
  const times = await keystrokes(sources, registry, lines, (line) => `${line}x`);
  const text = lines.join('\n');
  const opened = await milliseconds(10, () => audit(scan(text), registry, file));
  const parsed = await milliseconds(7, () => parseAllDocuments(text));
  const p50 = percentile(times, 0.5);
  return [
    shown('the file', `${LINES} lines, ${documents} documents`),
    atMost('keystroke to findings, p50', p50, 1.5, ' ms'),
    atMost('keystroke to findings, p95', percentile(times, 0.95), 4, ' ms'),
    atLeast('a parse of the whole file against that p50', Math.min(...parsed) / p50, 40, ' ×'),
    atMost('first look at the whole file', percentile(opened, 0.5), 15, ' ms'),
  ];
}

/**
 * Milliseconds of each of many keystrokes, in lines taken at random.
 *
 * @param {any} sources @param {any} registry @param {string[]} lines @param {(line: string) => string} typed
 */
async function keystrokes({ scan, rescan, audit }, registry, lines, typed) {
  const random = seeded(7);
  let manifest = scan(lines.join('\n'));
  let audited = audit(manifest, registry, file);
  const times = await milliseconds(KEYSTROKES, () => {
    const at = random.below(lines.length);
    lines[at] = typed(lines[at] ?? '');
    manifest = rescan(manifest, lines.join('\n'));
    audited = audit(manifest, registry, file, audited);
  });
  return times.slice(20);
}

/** One document in ten is a Secret. @returns {string[]} its lines */
function longFile() {
  const random = seeded(3);
  /** @type {string[]} */
  const lines = [];
  for (let index = 0; lines.length < LINES; index++) {
    const make = index % 10 === 0 ? plaintextSecret : index % 3 === 0 ? configMap : deployment;
    lines.push('---', ...make(random).trimEnd().split('\n').slice(0, 21));
  }
  return lines.slice(0, LINES);
}

/** @param {any} sources @param {any} registry @returns {Promise<Row[]>} */
async function oneHugeSecret(sources, registry) {
  const { scan, audit } = sources;
  const [half, whole] = [plaintextSecret(seeded(5), 5000), plaintextSecret(seeded(5), 10_000)];
  const inValues = await keystrokes(sources, registry, whole.split('\n'), (line) => line.replace(/"$/, 'x"'));
  const inKeys = await keystrokes(sources, registry, whole.split('\n'), (line) => line.replace(/:/, 'x:'));
  const times = { half: [0], whole: [0] };
  for (let round = 0; round < 15; round++) {
    times.half.push(...(await milliseconds(1, () => audit(scan(half), registry, file))));
    times.whole.push(...(await milliseconds(1, () => audit(scan(whole), registry, file))));
  }
  const growth = Math.min(...times.whole.slice(3)) / Math.min(...times.half.slice(3));
  return [
    atMost('keystroke in a value of one Secret of 10,000, p95', percentile(inValues, 0.95), 15, ' ms'),
    shown('keystroke in one of its keys, p50', `${percentile(inKeys, 0.5).toFixed(1)} ms`),
    atMost('10,000 keys against 5,000', growth, 2.3, ' ×'),
  ];
}
