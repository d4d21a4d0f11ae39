// Prints how Purser and gitleaks do on the labelled corpus: `node test/accuracy/compare.mjs`, after `npm run peers`.

import { join } from 'node:path';
import { temporaryFolder } from '../host/cache.mjs';
import { readCorpus } from './corpus.mjs';
import { scanWithGitleaks } from './gitleaks.mjs';
import { materialise, scanWithPurser } from './scan.mjs';
import { measure, score } from './score.mjs';

const temporary = await temporaryFolder();
try {
  const cases = await readCorpus();
  const folder = join(temporary.path, 'tree');
  await materialise(folder, cases);
  const report = join(temporary.path, 'gitleaks.json');
  const runs = [
    { name: 'purser scan', ...(await scanWithPurser(folder, join(temporary.path, 'build'))) },
    { name: 'gitleaks, all rules', findings: await scanWithGitleaks(folder, report) },
    {
      name: 'gitleaks, kubernetes-secret-yaml only',
      findings: await scanWithGitleaks(folder, report, ['--enable-rule', 'kubernetes-secret-yaml']),
    },
  ];
  console.log(
    '| tool | documents P / R / F1 | templated or broken P / R / F1 | values P / R / F1 | sealed, empty or referring documents flagged |',
  );
  console.log('|---|---|---|---|---|');
  for (const { name, findings } of runs) {
    const { values, documents, forbidden, total } = score(cases, findings);
    const hard = documents.filter((document) => document.hard);
    const cells = [documents, hard, values].map((judged) => {
      const { precision, recall, f1 } = measure(judged);
      return [precision, recall, f1].map((figure) => figure.toFixed(3)).join(' / ');
    });
    console.log(`| ${name} | ${cells.join(' | ')} | ${forbidden.length} of ${total.forbidden} |`);
  }
} finally {
  await temporary.remove();
}
