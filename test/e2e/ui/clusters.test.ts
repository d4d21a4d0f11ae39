import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  applied,
  broken,
  condition,
  fetching,
  give,
  namespaceOfTests,
  provider,
  release,
  repository,
  setStatus,
  workloads,
} from '../../cluster/objects.ts';
import { clientOf } from '../../cluster/open-session.ts';
import { StandInController } from '../../cluster/stand-in-controller.ts';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { press, rows, showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';
import { chooseTheme, themes } from './themes.ts';

const secret = 'velvet-anchor-1987-drumstick-fox';
const policy = `version: 1
rules:
  - path: access/**
    scheme: fernet
    keys: [local:ops]
    whole: true
`;
const manifest = `# How the shop is rolled out.
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: apps
spec:
  interval: 10m
  path: ./web
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
`;
/** The kubeconfig is sealed when the API server has a port. */
const files: Record<string, string> = {
  '.purser.yaml': policy,
  'clusters/prod/web.yaml': manifest,
  'clusters/prod/README.md': 'What runs in production.\n',
};
const options = { files, keys, settings };

describeInEditor('clusters', (editor) => {
  describeKubeApi('of a real API server', () => {
    let api: KubeApi;
    let controller: StandInController;
    beforeAll(async () => {
      api = await startKubeApi();
      await api.applyCrds('flux', 'flux-operator');
      const objects = [repository, fetching, applied, broken, release, provider];
      await give(api, [namespaceOfTests, ...workloads(secret), ...objects]);
      controller = new StandInController(clientOf(api), [
        '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/web',
      ]);
      files[sealed('prod')] = seal(api.kubeconfig('admin'));
      files[sealed('tenant')] = seal(api.kubeconfig('nobody'));
      files[sealed('gone')] = seal(
        api.kubeconfig('admin').replace(/server: .*/, 'server: https://127.0.0.1:1'),
      );
    });
    afterAll(async () => {
      await controller?.stop();
      await api?.stop();
    });

    describeInWindow(editor, 'from encrypted kubeconfigs', options, (window) => {
      it('lists them, and connects none before a person opens one', async () => {
        const { workbench } = window();
        await showClusters(workbench);
        await workbench.treeRow('cluster, prod').waitFor();
        await workbench.treeRow('cluster, tenant').waitFor();
        expect((await rows(workbench)).join('\n')).not.toContain('127.0.0.1');
        expect(await workbench.toasts()).toEqual([]);
      });

      it('shows what Flux does, what failed first', async () => {
        const { workbench } = window();
        await unfold(workbench.treeRow('cluster, prod'));
        await workbench.treeRow('Workloads').waitFor();
        await unfold(workbench.treeRow('Kustomizations'));
        await workbench.treeRow('Kustomization, broken').waitFor();
        const shown = await rows(workbench);
        const at = (start: string) => shown.findIndex((row) => row.startsWith(start));
        expect(at('Kustomization, broken')).toBeLessThan(at('Kustomization, web'));
        expect(shown[at('Kustomization, broken')]).toContain('kustomization path not found');
        expect(shown[at('Kustomization, web')]).toContain('main@0123456');
        await unfold(workbench.treeRow('Helm Releases'));
        await workbench.treeRow('HelmRelease, podinfo').waitFor();
        expect(await rows(workbench)).toContainEqual(
          expect.stringMatching(/^HelmRelease, podinfo.*suspended/),
        );
        await workbench.screenshot('clusters-1-flux');
      });

      it('follows a change in the cluster', async () => {
        const { workbench } = window();
        const [ready, failed] = [/^Kustomization, broken, apps, ready$/, /^Kustomization, broken.*not ready/];
        const shows = async (state: RegExp) => (await rows(workbench)).some((row) => state.test(row));
        const conditions = [condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied')];
        await setStatus(api, broken, { conditions });
        await until('the row to be ready', () => shows(ready));
        await setStatus(api, broken, broken.status);
        await until('the row to have failed', () => shows(failed));
      });

      it('shows inventory, with health, and sources as links', async () => {
        const { workbench } = window();
        await unfold(workbench.treeRow('Kustomization, web'));
        await unfold(workbench.treeRow('Inventory'));
        await workbench.treeRow('Deployment/web').waitFor();
        const shown = await rows(workbench);
        expect(shown).toContainEqual(expect.stringMatching(/^Deployment\/web.*healthy/));
        expect(shown).toContainEqual(expect.stringMatching(/^ConfigMap\/gone.*missing/));
        await workbench.screenshot('clusters-2-inventory');
        await workbench.treeRow('Source: fleet').click();
        await workbench.page.mouse.move(900, 700);
        await workbench.treeRow('GitRepository, fleet').waitFor();
      });

      it('reconciles, suspends and resumes', async () => {
        const { workbench } = window();
        await press(workbench.treeRow('Kustomization, web'), 'Reconcile');
        await workbench.statusBarItem('web is ready').waitFor();
        expect(controller.handled.map(({ name }) => name)).toEqual(['web']);
        await press(workbench.treeRow('Kustomization, web'), 'Suspend');
        await until('it to be suspended', async () =>
          (await rows(workbench)).some((row) => /^Kustomization, web.*suspended/.test(row)),
        );
        await press(workbench.treeRow('Kustomization, web'), 'Resume');
        await until('it to go on', async () =>
          (await rows(workbench)).some((row) => /^Kustomization, web.*ready$/.test(row)),
        );
        expect(await workbench.toasts()).toEqual([]);
      });

      it('opens the live object of a Secret with its values masked', async () => {
        const { workbench } = window();
        await press(workbench.treeRow('Secret/credentials'), 'Open Live Object');
        const lines = workbench.page.locator('.editor-instance .view-lines');
        const text = await until('the object to be shown', async () => {
          const shown = (await lines.innerText()).replaceAll('\u00a0', ' ');
          return shown.includes('kind: Secret') ? shown : undefined;
        });
        expect(text).toContain('password:');
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('base64'));
        await workbench.screenshot('clusters-3-live');
      });

      it('leads to the manifest, and from there back', async () => {
        const { workbench } = window();
        const row = workbench.treeRow('Kustomization, web');
        await row.click({ button: 'right' });
        await workbench.page.getByRole('menuitem', { name: 'Go to Manifest' }).click();
        await workbench.page.mouse.move(900, 700);
        await workbench.page.locator('.tab.active[aria-label^="web.yaml"]').waitFor();
        const lens = workbench.editor.lens('prod');
        await lens.waitFor();
        expect(await lens.innerText()).toContain('Ready');
        await workbench.screenshot('clusters-4-manifest');
        await lens.click();
        await workbench.page
          .locator('.part.sidebar .monaco-list-row.selected[aria-label^="Kustomization, web"]')
          .waitFor();
      });

      it('says in a row what a user may not see, and which server is not there', async () => {
        const { workbench } = window();
        await workbench.treeRow('cluster, prod').locator('.monaco-tl-twistie').click();
        await unfold(workbench.treeRow('cluster, gone'));
        await workbench.treeRow('error, ').waitFor();
        expect(await rows(workbench)).toContainEqual(expect.stringMatching(/^error, .*127\.0\.0\.1:1/));
        await unfold(workbench.treeRow('cluster, tenant'));
        await unfold(workbench.treeRow('Kustomizations'));
        await until('the refusal', async () =>
          (await rows(workbench)).some(
            (row) => /kustomizations/i.test(row) && /may not|not allowed|right/.test(row),
          ),
        );
        await workbench.screenshot('clusters-5-refused');
        expect(await workbench.toasts()).toEqual([]);
      });

      it.each(themes)('is legible in every theme: $label', async (theme) => {
        const { workbench } = window();
        await chooseTheme(theme, workbench);
        await workbench.run('Purser: Focus on Clusters View');
        await unfold(workbench.treeRow('cluster, prod'));
        await workbench.treeRow('Kustomization, web').waitFor();
        await workbench.treeRow('Kustomization, web').hover();
        await workbench.screenshot(`clusters-theme-${theme.shot}`);
      });

      it('leaves the token in no file', async () => {
        const { workbench, roots, folder } = window();
        await workbench.reload();
        await workbench.run('Purser: Focus on Clusters View');
        await workbench.treeRow('cluster, prod').waitFor();
        expect(await canary(roots, api.token('admin'))).toEqual([]);
        expect(await canary(roots, secret)).toEqual([]);
        expect(await readFile(join(folder, sealed('prod')), 'utf8')).toBe(files[sealed('prod')]);
      });
    });

    describeInWindow(editor, 'in Restricted Mode', { ...options, trust: false }, (window) => {
      it('lists none and says why, until the folder is trusted', async () => {
        const { workbench } = window();
        await workbench.run('Purser: Focus on Clusters View');
        await workbench.page.getByText('no kubeconfig is opened and no cluster is connected').waitFor();
        expect(await workbench.quick.commands('Purser:')).not.toContain('Purser: Add Cluster…');
        await workbench.screenshot('clusters-6-restricted');
        await workbench.grantTrust();
        await workbench.run('Purser: Focus on Clusters View');
        await workbench.treeRow('cluster, prod').waitFor();
      });
    });
  });
});
