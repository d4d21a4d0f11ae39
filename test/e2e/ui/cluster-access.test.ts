import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exists } from '../../host/cache.mjs';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { kubeconfigText } from '../../support/kubeconfigs.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { disconnect, drop, fold, press, rowLike, rows, showClusters, unfold } from './cluster-tree.ts';
import { keys, openSealed, seal, sealed, settings } from './sealed-kubeconfigs.ts';

describeInEditor('access to clusters', (editor) => {
  describeKubeApi('of a real API server', () => {
    let api: KubeApi;
    let folder: string;
    const files: Record<string, string> = {};
    const env: Record<string, string> = {};
    const options = { files, env, keys, settings };
    const at = (name: string) => join(folder, name);
    const cluster = () => ({
      server: api.server,
      'certificate-authority-data': Buffer.from(api.caPem).toString('base64'),
    });

    function loggingIn(...args: readonly string[]): string {
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: at('login.mjs'),
        args: ['--realm=ops', '--client-secret', 'hunter2-hunter2', ...args],
        interactiveMode: 'Never',
      };
      return seal(kubeconfigText({ exec }, cluster()));
    }

    /** A program that leaves a mark each time it runs. */
    function plugin(): string {
      const status = { token: api.token('admin') };
      const said = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status };
      return [
        `#!${process.execPath}`,
        "import { appendFileSync } from 'node:fs';",
        `appendFileSync(${JSON.stringify(at('ran'))}, 'x');`,
        `console.log(${JSON.stringify(JSON.stringify(said))});`,
      ].join('\n');
    }

    function withContexts(...names: readonly string[]): string {
      return stringify({
        clusters: [{ name: 'c', cluster: cluster() }],
        users: [{ name: 'c', user: { token: api.token('admin') } }],
        contexts: names.map((name) => ({ name, context: { cluster: 'c', user: 'c' } })),
        'current-context': names[0],
      });
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'purser-access-'));
      api = await startKubeApi();
      await writeFile(at('login.mjs'), plugin(), { mode: 0o755 });
      await writeFile(at('own'), withContexts('home', 'lab'));
      await writeFile(at('clear'), api.kubeconfig('viewer'));
      env['KUBECONFIG'] = at('own');
      const unchecked = { server: api.server, 'insecure-skip-tls-verify': true };
      files[sealed('plugin')] = loggingIn();
      files[sealed('several')] = seal(withContexts('seed', 'shop'));
      files[sealed('unchecked')] = seal(kubeconfigText({ token: api.token('admin') }, unchecked));
    });
    afterAll(async () => {
      await api?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    describeInWindow(editor, 'with many kubeconfigs', options, (window) => {
      it('encrypts a kubeconfig from the clipboard and adds its rule in one step', async () => {
        const { workbench, folder: repository, roots } = window();
        const { quick } = workbench;
        await showClusters(workbench);
        await workbench.treeRow('cluster, plugin').waitFor();
        await workbench.setClipboard(api.kubeconfig('admin'));
        await workbench.run('Purser: Add Cluster…');
        await workbench.screenshot('access-1-add');
        await quick.pick('Kubeconfig in the Clipboard');
        await until('the name', async () => (await quick.field.inputValue()) === 'test');
        await quick.answer('pasted');
        await quick.row('local:ops').waitFor();
        await workbench.screenshot('access-2-key');
        await quick.pick('local:ops');
        await workbench.waitForToast('is encrypted with fernet to local:ops');
        await workbench.page.locator('.monaco-list-row.selected[aria-label^="cluster, pasted"]').waitFor();
        await workbench.screenshot('access-3-added');
        const token = await readFile(join(repository, sealed('pasted')), 'utf8');
        expect(openSealed(token)).toContain(api.token('admin'));
        expect(await readFile(join(repository, '.purser.yaml'), 'utf8')).toContain('access/*.kubeconfig.enc');
        await workbench.pressToast('still on the clipboard', 'Clear Clipboard');
        await workbench.waitForClipboard('');
        await unfold(workbench.treeRow('cluster, pasted'));
        await rowLike(workbench, /^cluster, pasted.*connected$/);
        expect(await canary(roots, api.token('admin'))).toEqual([]);
      });

      it('takes files that are chosen or dropped, by the rule that is there now', async () => {
        const { workbench, folder: repository, roots, server } = window();
        const { quick } = workbench;
        const named = async (name: string) => {
          await until('the name', async () => (await quick.field.inputValue()) === 'test');
          await quick.answer(name);
          await workbench.page.locator(`.monaco-list-row.selected[aria-label^="cluster, ${name}"]`).waitFor();
        };
        await workbench.run('Purser: Add Cluster…');
        await quick.pick('Kubeconfig File…');
        await quick.answerFile(at('clear'));
        await named('chosen');
        const row = workbench.treeRow('cluster, chosen');
        await drop(row, { name: 'tenant.yaml', content: api.kubeconfig('nobody') });
        await named('dropped');
        await drop(row, { uri: `vscode-remote://${server.authority}${at('clear')}` });
        await named('dragged');
        await workbench.screenshot('access-4-dropped');
        for (const user of ['viewer', 'nobody'] as const)
          expect(await canary(roots, api.token(user))).toEqual([]);
        expect(await readFile(at('clear'), 'utf8')).toBe(api.kubeconfig('viewer'));
        for (const [name, user] of [
          ['chosen', 'viewer'],
          ['dropped', 'nobody'],
          ['dragged', 'viewer'],
        ] as const)
          expect(openSealed(await readFile(join(repository, sealed(name)), 'utf8'))).toContain(
            api.token(user),
          );
      });

      it('runs a credential plugin after a question, which it asks once for one command', async () => {
        const { workbench, folder: repository } = window();
        const row = workbench.treeRow('cluster, plugin');
        await unfold(row);
        const question = await workbench.dialog();
        await workbench.screenshot('access-5-plugin');
        expect(question.detail).toContain('--realm=ops --client-secret ••••');
        expect(question.detail).toContain(api.server);
        expect(question.detail).not.toContain('hunter2');
        await workbench.press('Cancel');
        await rowLike(workbench, /^error, not run: .*login\.mjs/i);
        await workbench.screenshot('access-6-declined');
        expect(await exists(at('ran'))).toBe(false);

        await press(row, 'Connect');
        await workbench.press('Run Plugin');
        await rowLike(workbench, /^cluster, plugin.*connected$/);
        await disconnect(workbench, 'plugin');
        await unfold(row);
        await rowLike(workbench, /^cluster, plugin.*connected$/);
        expect(await readFile(at('ran'), 'utf8')).toBe('xx');

        await writeFile(join(repository, sealed('plugin')), loggingIn('--verbose'));
        await disconnect(workbench, 'plugin');
        await unfold(row);
        expect((await workbench.dialog()).detail).toContain('--verbose');
        await workbench.press('Run Plugin');
        await rowLike(workbench, /^cluster, plugin.*connected$/);
        await disconnect(workbench, 'plugin');
      });

      it('asks again once plugins are forgotten, and not where kuberc denies them', async () => {
        const { workbench, server } = window();
        const row = workbench.treeRow('cluster, plugin');
        await workbench.run('Purser: Forget Allowed Plugins');
        await workbench.waitForToast('2 credential plugins may no longer run unasked');
        await unfold(row);
        await workbench.press('Cancel');
        await rowLike(workbench, /^error, not run: you did not allow it.*login\.mjs/i);
        await mkdir(join(server.dir, 'home/.kube'), { recursive: true });
        const preference = { apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference' };
        const denied = stringify({ ...preference, credentialPluginPolicy: 'DenyAll' });
        await writeFile(join(server.dir, 'home/.kube/kuberc'), denied);
        await press(row, 'Connect');
        await rowLike(workbench, /^error, not run: your kuberc denies.*login\.mjs/i);
        await workbench.screenshot('access-7-denied');
        expect(await readFile(at('ran'), 'utf8')).toBe('xxx');
        await fold(row);
      });

      it('connects to a server that nobody checks only if told so, and marks it', async () => {
        const { workbench } = window();
        const row = workbench.treeRow('cluster, unchecked');
        await unfold(row);
        expect((await workbench.dialog()).detail).toContain('insecure-skip-tls-verify');
        await workbench.screenshot('access-8-unchecked');
        await workbench.press('Cancel');
        await rowLike(workbench, /^error, .*unchecked, and you did not agree/);
        await press(row, 'Connect');
        await workbench.press('Connect Unchecked');
        await rowLike(workbench, /^cluster, unchecked, certificate not checked.*connected$/);
        await workbench.screenshot('access-9-marked');
        await disconnect(workbench, 'unchecked');
      });

      it('shows the contexts of a kubeconfig, of the own one too, and connects to one', async () => {
        const { workbench } = window();
        await unfold(workbench.treeRow('cluster, several'));
        await unfold(workbench.treeRow('cluster, shop'));
        await rowLike(workbench, /^cluster, shop.*connected$/);
        expect(await rows(workbench)).toContain('cluster, seed');
        await unfold(workbench.treeRow('Your Kubeconfig'));
        await unfold(workbench.treeRow('cluster, lab'));
        await rowLike(workbench, /^cluster, lab.*connected$/);
        expect(await rows(workbench)).toContain('cluster, home');
        await workbench.screenshot('access-10-contexts');
        expect(await canary(window().roots, api.token('admin'))).toEqual([]);
      });
    });
  });
});
