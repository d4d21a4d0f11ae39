import { execFile } from 'node:child_process';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { temporaryFolder } from '../host/cache.mjs';
import { ensureEditor } from '../host/install.mjs';
import { packVsix } from '../host/pack.mjs';
import { openEditor } from '../host/session.mjs';
import { loadedWith, readBundle } from '../package/bundle.mjs';
import { stage } from './activation.mjs';
import { KINDS, makeFleet } from './flux-fleet.mjs';
import { atMost, milliseconds, percentile, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

const ROUNDS = 7;
const SESSIONS = 10;
const MEGABYTE = 1 << 20;
const run = promisify(execFile);

/**
 * A cluster with 1,000 Flux objects, on a real kube-apiserver: what it takes to load the code for it, from a click until the rows
 * are painted, against `kubectl get` of the same kinds; and what it keeps in memory.
 *
 * @param {any} sources
 * @returns {Promise<Row[]>}
 */
export async function clusters(sources) {
  const { startKubeApi, missing } = sources;
  const rows = [await loading()];
  if (missing.length > 0)
    return [...rows, shown('1,000 Flux objects', `not measured: no ${missing.join(', ')}`)];
  const api = await startKubeApi();
  try {
    await api.applyCrds('flux');
    await makeFleet(api);
    return [...rows, ...(await expanding(sources, api)), await memory(sources, api)];
  } finally {
    await api.stop();
  }
}

/** Importing the chunk with Kubernetes' code, each time in a fresh process that has the extension loaded. @returns {Promise<Row>} */
async function loading() {
  const bundle = await readBundle();
  const chunk = Object.keys(bundle.outputs).find((path) => /[/\\]connector-[^/\\]*\.js$/.test(path));
  if (chunk === undefined) throw new Error('no chunk holds the connector');
  const before = new Set(loadedWith(bundle, 'dist/extension.js'));
  const files = loadedWith(bundle, chunk);
  const temporary = await temporaryFolder();
  try {
    await stage(temporary.path, [...before, ...files]);
    const imports = `await import('./dist/extension.js'); const start = performance.now(); await import('./${chunk}')`;
    const script = `${imports}; console.log(performance.now() - start)`;
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const options = { cwd: temporary.path };
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], options);
      times.push(Number(stdout));
    }
    const added = files.filter((path) => !before.has(path));
    const bytes = added.reduce((sum, path) => sum + (bundle.outputs[path]?.bytes ?? 0), 0);
    const what = `loading Kubernetes' code (${(bytes / 1024).toFixed(0)} KB), p50`;
    return shown(what, `${percentile(times, 0.5).toFixed(0)} ms`);
  } finally {
    await temporary.remove();
  }
}

/** @param {any} sources @param {any} api @returns {Promise<Row[]>} */
async function expanding(sources, api) {
  const get = () => api.kubectl(['get', KINDS.join(','), '--all-namespaces']);
  await get();
  const editor = await ensureEditor();
  if ('missing' in editor)
    return [shown('a click until 1,000 objects are painted', `not measured: ${editor.missing}`)];
  const key = sources.generateFernetKey();
  const token = sources.sealFernet(
    Buffer.from(api.kubeconfig('admin')),
    sources.readFernetKey(Buffer.from(key), 'bench'),
    { now: new Date() },
  );
  const policy = 'version: 1\nrules:\n  - {path: "**", scheme: fernet, keys: ["local:bench"], whole: true}\n';
  const session = await openEditor(editor, {
    vsix: [await packVsix()],
    files: { '.purser.yaml': policy, 'fleet.kubeconfig.enc': token },
    keys: { 'bench.fernet': key },
  });
  try {
    const { workbench } = session;
    await workbench.run('Purser: Focus on Clusters View');
    const row = workbench.treeRow('cluster, fleet');
    await row.waitFor();
    /** @type {number[]} */
    const painted = [];
    /** @type {number[]} */
    const kubectl = [];
    // The first of each loads code and asks what is served.
    for (let round = 0; round <= ROUNDS; round++) {
      const [time = 0] = await milliseconds(1, get);
      const click = await clickUntilPainted(workbench);
      if (round > 0) {
        kubectl.push(time);
        painted.push(click);
      }
      await row.hover();
      await row.getByRole('button', { name: 'Disconnect' }).click();
      await workbench.treeRow('Workloads').waitFor({ state: 'detached' });
    }
    const [own, theirs] = [percentile(painted, 0.5), percentile(kubectl, 0.5)];
    return [
      shown('kubectl get of the same kinds, p50', `${theirs.toFixed(0)} ms`),
      shown('a click until 1,000 objects are painted in the editor, p50', `${own.toFixed(0)} ms`),
      atMost('the same in terms of kubectl get', own / theirs, 1, ' ×'),
    ];
  } finally {
    await session.close();
  }
}

/** Both moments are taken in the page, so that driving it costs nothing. @param {any} workbench @returns {Promise<number>} */
async function clickUntilPainted({ page }) {
  const painted = page.evaluate(`new Promise((resolve) => {
    let start;
    addEventListener('mousedown', () => { start = performance.now(); }, { capture: true, once: true });
    const isThere = () => document.querySelector('.part.sidebar .monaco-list-row[aria-label^="Kustomizations, 600"]');
    const observer = new MutationObserver(() => {
      if (start === undefined || !isThere()) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    });
    observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  })`);
  await page
    .locator('.part.sidebar .monaco-list-row[aria-label^="cluster, fleet"] .monaco-tl-twistie')
    .click();
  return painted;
}

/** @param {any} sources @param {any} api @returns {Promise<Row>} */
async function memory(sources, api) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const host = { env: {}, home: '/nonexistent', workspace: [] };
  const connector = sources.clusterConnector(host, { http, https });
  const kubeconfig = {
    title: 'bench',
    text: sources.Plaintext.fromText(api.kubeconfig('admin')),
    files: undefined,
  };
  const consent = { mayRun: async () => false, mayGoUnchecked: async () => false };
  const open = async () => {
    const session = await connector.connect(kubeconfig, undefined, consent, AbortSignal.timeout(60_000));
    await session.listed();
    return session;
  };
  (await open()).close();
  const before = used();
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, open));
  const each = (used() - before) / SESSIONS / MEGABYTE;
  for (const session of sessions) session.close();
  return shown('kept in memory for a cluster with 1,000 objects', `${each.toFixed(1)} MB`);
}
