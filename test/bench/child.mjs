// Runs a script in this process and writes what it cost: node child.mjs REPORT SCRIPT ARGS…

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [report = '', script = '', ...args] = process.argv.slice(2);
const started = performance.now();
process.argv = [process.execPath, script, ...args];
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cost = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    seconds: (performance.now() - started) / 1000,
    rssMegabytes: maxRSS / 1024,
  };
  writeFileSync(report, JSON.stringify(cost));
});
await import(pathToFileURL(script).href);
