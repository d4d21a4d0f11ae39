import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { generateFernetKey, openFernet, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { exists } from '../../host/cache.mjs';
import { canary } from '../../host/canary.mjs';
import type { Session } from '../../host/session.mjs';
import { until } from '../../host/until.mjs';
import { describeTls, type TestCertificate } from '../../support/certificates.ts';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { kubeconfigText } from '../../support/kubeconfigs.ts';
import { json, text } from '../../support/lying-answers.ts';
import { LyingCluster } from '../../support/lying-cluster.ts';
import { LyingServer } from '../../support/lying-server.ts';
import { type RecordingProxy, startProxy } from '../../support/recording-proxy.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { fold, press, rowLike, rows, unfold } from './cluster-tree.ts';

const fernet = generateFernetKey();
const key = readFernetKey(Buffer.from(fernet), 'ops');
const settings: Record<string, unknown> = { 'workbench.tree.enableStickyScroll': false };
const sealed = (name: string) => `access/${name}.kubeconfig.enc`;
const seal = (content: string) => sealFernet(Buffer.from(content), key, { now: new Date() });
const base64 = (content: string) => Buffer.from(content).toString('base64');

async function showClusters({ workbench }: Session): Promise<void> {
  await workbench.run('Purser: Focus on Clusters View');
  const findings = workbench.page.locator('.pane-header[aria-label^="Findings"]');
  if ((await findings.getAttribute('aria-expanded')) === 'true') await findings.click();
}

describeInEditor('access to clusters', (editor) => {
  describeKubeApi('of a real API server', () => {
    let api: KubeApi;
    let folder: string;
    const files: Record<string, string> = {};
    const env: Record<string, string> = {};
    const at = (name: string) => join(folder, name);
    const ca = () => ({ 'certificate-authority-data': base64(api.caPem) });

    function plugin(...args: readonly string[]): string {
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: at('login.mjs'),
        args: ['--realm=ops', '--client-secret', 'hunter2-hunter2', ...args],
        interactiveMode: 'Never',
      };
      return seal(kubeconfigText({ exec }, { server: api.server, ...ca() }));
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'purser-access-'));
      api = await startKubeApi();
      await api.applyCrds('sealed-secrets');
      const credential = {
        kind: 'ExecCredential',
        apiVersion: 'client.authentication.k8s.io/v1',
        status: { token: api.token('admin') },
      };
      const script = [
        `#!${process.execPath}`,
        "import { appendFileSync } from 'node:fs';",
        `appendFileSync(${JSON.stringify(at('ran'))}, 'x');`,
        `console.log(${JSON.stringify(JSON.stringify(credential))});`,
      ];
      await writeFile(at('login.mjs'), script.join('\n'), { mode: 0o755 });
      files[sealed('plugin')] = plugin();
      const unchecked = { server: api.server, 'insecure-skip-tls-verify': true };
      files[sealed('unchecked')] = seal(kubeconfigText({ token: api.token('admin') }, unchecked));
      const contexts = ['seed', 'shop'].map((name) => ({ name, context: { cluster: 'c', user: 'c' } }));
      const several = stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'shop',
        clusters: [{ name: 'c', cluster: { server: api.server, ...ca() } }],
        users: [{ name: 'c', user: { token: api.token('admin') } }],
        contexts,
      });
      files[sealed('several')] = seal(several);
      await writeFile(at('own'), several);
      await writeFile(at('clear'), api.kubeconfig('viewer'));
      env['KUBECONFIG'] = at('own');
    });
    afterAll(async () => {
      await api?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    describeInWindow(
      editor,
      'with many kubeconfigs',
      { files, env, settings, keys: { 'ops.fernet': fernet } },
      (window) => {
        it('encrypts a kubeconfig from the clipboard and adds its rule in one step', async () => {
          const { workbench, folder: repository, roots } = window();
          const { quick } = workbench;
          await showClusters(window());
          await workbench.treeRow('cluster, plugin').waitFor();
          await workbench.setClipboard(api.kubeconfig('admin'));
          await workbench.run('Purser: Add Cluster…');
          await workbench.screenshot('access-1-add');
          await quick.pick('Kubeconfig in the Clipboard');
          await until('the name', async () => (await quick.field.inputValue()) === 'test');
          await workbench.screenshot('access-2-name');
          await quick.answer('pasted');
          await quick.row('local:ops').waitFor();
          await workbench.screenshot('access-3-key');
          await quick.pick('local:ops');
          await workbench.waitForToast('is encrypted with fernet to local:ops');
          const row = workbench.page.locator('.monaco-list-row.selected[aria-label^="cluster, pasted"]');
          await row.waitFor();
          await workbench.screenshot('access-4-added');
          const token = await readFile(join(repository, sealed('pasted')));
          expect(openFernet(token.toString(), key)?.toString()).toContain(api.token('admin'));
          expect(await readFile(join(repository, '.purser.yaml'), 'utf8')).toContain(
            'access/*.kubeconfig.enc',
          );
          expect(await canary(roots, api.token('admin'))).toEqual([]);
          await workbench.pressToast('still on the clipboard', 'Clear Clipboard');
          await workbench.waitForClipboard('');
          await unfold(workbench.treeRow('cluster, pasted'));
          await rowLike(workbench, /^cluster, pasted.*connected$/);
          await press(workbench.treeRow('cluster, pasted'), 'Disconnect');
        });
      },
    );
  });
});
