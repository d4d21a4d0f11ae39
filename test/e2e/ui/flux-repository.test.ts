import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shortName } from '../../../src/app/clusters/why-file.ts';
import { condition, give } from '../../cluster/objects.ts';
import { sopsConfig } from '../../host/sample.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { rowLike, showClusters, unfold } from './cluster-tree.ts';
import { makeFluxSample, pressOn, sealFor } from './flux-sample.ts';
import { example } from './sample.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';

const orders = await example('flux/apps/orders.yaml');
const sample = await makeFluxSample({ 'orders.yaml': orders });
const [own = '', held = ''] = sample.holders.recipients;
const sealedOrders = await sealFor(sample.holders, orders);
const files: Record<string, string> = { ...sample.files, 'flux/apps/orders.yaml': sealedOrders };

/** Somebody encrypted with a `.sops.yaml` that does not name the key of the cluster. */
describeInEditor('the Flux repository of the sample', (editor) => {
  describeKubeApi('in a cluster that holds another age key', () => {
    let api: KubeApi;
    beforeAll(async () => {
      api = await startKubeApi();
      await api.applyCrds('flux');
      const secret = { metadata: { name: 'sops-age', namespace: 'flux-system' } };
      const stringData = { 'age.agekey': sample.holders.keyFile(1) };
      await give(api, [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } },
        { apiVersion: 'v1', kind: 'Secret', ...secret, stringData },
      ]);
      await api.kubectl(['apply', '-f', '-'], await example('flux/flux-system/apps.yaml'));
      const message = 'cannot get sops data key';
      const status = { conditions: [condition('Ready', 'False', 'BuildFailed', message)] };
      const apps = ['patch', 'kustomizations.kustomize.toolkit.fluxcd.io', 'apps', '-n', 'flux-system'];
      const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
      await api.kubectl([...apps, ...patch]);
      files[sealed('prod')] = seal(api.kubeconfig('admin'));
    });
    afterAll(() => api?.stop());

    const options = { files, keys: { ...keys, ...sample.keys }, settings };
    describeInWindow(editor, 'opened here', options, (window) => {
      it('says why Flux cannot decrypt a file, and lets whoever has a key update its recipients', async () => {
        const { workbench, folder } = window();
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, prod'));
        await unfold(workbench.treeRow('Kustomizations'));
        await rowLike(workbench, /^Kustomization, apps.*cannot get sops data key/);
        await workbench.openFile('flux/apps/orders.yaml');
        await workbench.run('Purser: Why Does Decryption Fail?');
        const cannot = 'prod cannot open flux/apps/orders.yaml';
        await workbench.webview.getByText(cannot).waitFor();
        await workbench.screenshot('flux-why-1');
        expect(await workbench.webview.locator('body').innerText()).toContain(
          `${cannot}: sealed to ${shortName(own)}; the cluster holds ${shortName(held)}.`,
        );
        await writeFile(join(folder, '.sops.yaml'), sopsConfig([own, held]));
        await workbench.webview.getByText('Update Recipients').click();
        await pressOn(workbench, 'Accept Recipient', 'Update the recipients');
        await workbench.press('Update Recipients');
        await workbench.editor.waitForText(held);
        await workbench.editor.save();
        await workbench.run('Purser: Why Does Decryption Fail?');
        await workbench.webview.getByText('prod can open flux/apps/orders.yaml').waitFor();
        await workbench.screenshot('flux-why-2');
      });
    });
  });
});
