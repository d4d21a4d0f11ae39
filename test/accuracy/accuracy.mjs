import { join } from 'node:path';
import { temporaryFolder } from '../host/cache.mjs';
import { expectNone } from '../package/check.mjs';
import { RULES, readCorpus } from './corpus.mjs';
import { materialise, scanWithPurser } from './scan.mjs';
import { grouped, measure, score } from './score.mjs';

/** @import { Check } from '../package/check.mjs' */
/** @import { Judged, Score } from './score.mjs' */

const RECALL = 0.97;
const PRECISION = 0.95;

/**
 * Scans the corpus with the command line, prints where findings and labels agree and where not, and asks for enough.
 *
 * @returns {Promise<Check[]>}
 */
export async function accuracyChecks() {
  const temporary = await temporaryFolder();
  try {
    const cases = await readCorpus();
    const folder = join(temporary.path, 'tree');
    await materialise(folder, cases);
    const { findings } = await scanWithPurser(folder, join(temporary.path, 'build'));
    const result = score(cases, findings);
    print(result);
    return checksOf(result);
  } finally {
    await temporary.remove();
  }
}

/** @param {Score} result @returns {Check[]} */
function checksOf({ values, documents, forbidden, total }) {
  const least = (
    /** @type {string} */ name,
    /** @type {number} */ least,
    /** @type {number} */ measured,
  ) => ({
    name: `${name} is at least ${least}`,
    check: () => {
      if (measured < least) throw new Error(`it is ${measured.toFixed(3)}`);
    },
  });
  const enough = (/** @type {string} */ what, /** @type {readonly Judged[]} */ judged) => {
    const { precision, recall } = measure(judged);
    return [least(`recall of ${what}`, RECALL, recall), least(`precision of ${what}`, PRECISION, precision)];
  };
  const hard = (/** @type {readonly Judged[]} */ judged) => judged.filter((one) => one.hard);
  return [
    least('the number of documents in the corpus', 420, total.documents),
    least('the share of templated and broken ones', 0.45, total.hard / total.documents),
    ...enough('values', values),
    ...enough('documents', documents),
    ...enough('values in templated and broken documents', hard(values)),
    ...enough('templated and broken documents', hard(documents)),
    { name: 'nothing sealed, empty or merely referring has a finding', check: () => expectNone(forbidden) },
  ];
}

/** @param {Score} result */
function print({ values, documents, forbidden, total }) {
  console.log(
    `${total.documents} documents in ${total.cases} cases, ${total.hard} of them templated or broken; ${total.silent} expect no finding, ${total.ambiguous} of these are ambiguous and do not count`,
  );
  const rows = [
    ...rowsOf('values', values),
    ...rowsOf('documents', documents),
    ...RULES.map((rule) =>
      row(
        `rule ${rule}`,
        values.filter((value) => value.rule === rule),
      ),
    ),
    ...[...grouped(values, ({ kind }) => kind)].map(([kind, some]) => row(`kind ${kind}`, some)),
  ].filter((one) => one.found + one.missed + one.wrong > 0);
  console.log(`${''.padEnd(42)} found missed false precision recall    F1`);
  for (const { name, found, missed, wrong, precision, recall, f1 } of rows) {
    const counts = [found, missed, wrong].map((count) => String(count).padStart(6)).join('');
    console.log(
      `${name.padEnd(41)}${counts}${precision.toFixed(3).padStart(10)}${recall.toFixed(3).padStart(7)}${f1.toFixed(3).padStart(6)}`,
    );
  }
  const unsure = values.filter(
    ({ verdict, rule, level }) => verdict === 'found' && rule === 'plaintext-secret' && level !== 'error',
  );
  if (unsure.length > 0) console.log(`${unsure.length} plaintext values are reported as less than an error`);
  for (const { verdict, where, rule, why } of values
    .filter((value) => value.verdict !== 'found')
    .toSorted((a, b) => (a.where < b.where ? -1 : 1)))
    console.log(`  ${verdict.padEnd(10)} ${where} ${rule}: ${why}`);
  for (const place of forbidden) console.log(`  forbidden  ${place}`);
}

/** @param {string} what @param {readonly Judged[]} judged */
function rowsOf(what, judged) {
  return [
    row(what, judged),
    row(
      `${what}, templated or broken`,
      judged.filter(({ hard }) => hard),
    ),
    row(
      `${what}, neither`,
      judged.filter(({ hard }) => !hard),
    ),
  ];
}

/** @param {string} name @param {readonly Judged[]} judged */
const row = (name, judged) => ({ name, ...measure(judged) });
