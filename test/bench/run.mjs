// `npm run bench`: what Purser costs, against its budgets (ARCHITECTURE.md, "Speed"). Every comparison is a ratio within
// this run, because absolute times mean little on another computer. Names run only those parts: `npm run bench -- typing`.
// `--strict` fails where a budget is not kept.

import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../host/pack.mjs';
import { activation } from './activation.mjs';
import { atRest } from './at-rest.mjs';
import { clusters } from './clusters.mjs';
import { history } from './history.mjs';
import { hook } from './hook.mjs';
import { keystrokes } from './keystrokes.mjs';
import { scanning } from './scanning.mjs';
import { sealedSecrets } from './sealed-secrets.mjs';
import { sealing } from './sealing.mjs';
import { sops } from './sops.mjs';
import { loadSources } from './sources.mjs';
import { typing } from './typing.mjs';
import { workspace } from './workspace.mjs';

/** @import { Row } from './measure.mjs' */

/** @type {Readonly<Record<string, (sources: any) => Promise<Row[]>>>} */
const parts = {
  activation,
  sealing,
  sops,
  sealedSecrets,
  typing,
  scanning,
  hook,
  history,
  workspace,
  keystrokes,
  clusters,
  atRest,
};

/** @param {string} name @param {readonly Row[]} rows */
function print(name, rows) {
  console.log(`\n${name}`);
  for (const { what, figure, budget, ok } of rows) {
    const mark = ok === undefined ? ' ' : ok ? '✓' : '✗';
    console.log(`  ${mark} ${what.padEnd(76)} ${figure.padStart(12)}  ${budget}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: 'boolean' } },
});
const chosen = positionals.length === 0 ? Object.keys(parts) : positionals;
// Below node_modules, so that the packages are found from there.
const folder = join(root, 'node_modules', '.cache', 'purser-bench');
await mkdir(folder, { recursive: true });
try {
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
  );
  const sources = await loadSources(folder);
  /** @type {Row[]} */
  const all = [];
  for (const name of chosen) {
    const run = parts[name];
    if (run === undefined)
      throw new Error(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
    const rows = await run(sources);
    print(name, rows);
    all.push(...rows);
  }
  const over = all.filter(({ ok }) => ok === false).length;
  console.log(`\n${all.filter(({ ok }) => ok === true).length} budgets kept, ${over} not kept`);
  process.exitCode = over > 0 && values.strict === true ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
