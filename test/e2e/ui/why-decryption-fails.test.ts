import { afterAll, beforeAll, expect, it } from 'vitest';
import { shortName } from '../../../src/app/clusters/why-file.ts';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { condition, give, namespaceOfTests, repository } from '../../cluster/objects.ts';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { sealedTo } from '../../support/sealed-to.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { press, rowLike, showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';

const command = 'Why Does Decryption Fail?';
const newKey = () => generateAgeKey(new Date(0), { postQuantum: false });

function kustomization(name: string, secret: string) {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'apps' },
    spec: {
      interval: '10m',
      path: `./${name}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
      decryption: { provider: 'sops', secretRef: { name: secret } },
    },
  };
}

const message = "failed to decrypt and format 'apps/db' Secret data: cannot get sops data key";
const status = { observedGeneration: 1, conditions: [condition('Ready', 'False', 'BuildFailed', message)] };

describeInEditor('why decryption fails', (editor) => {
  describeKubeApi('with the keys of a real API server', () => {
    let api: KubeApi;
    let identity: string;
    let [held, other] = ['', ''];
    const files: Record<string, string> = {};

    beforeAll(async () => {
      const [own, foreign] = await Promise.all([newKey(), newKey()]);
      identity = own.keyFile.exposeText() ?? '';
      [held, other] = [own.recipient, foreign.recipient];
      api = await startKubeApi();
      await api.applyCrds('flux');
      const secret = (name: string, key: string) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: 'apps' },
        stringData: { [key]: identity },
      });
      const objects = [
        { ...kustomization('shop', 'sops-age'), status },
        { ...kustomization('mail', 'misnamed'), status },
      ];
      await give(api, [namespaceOfTests, repository, ...objects]);
      await give(api, [secret('sops-age', 'age.agekey'), secret('misnamed', 'age.key')]);
      files[sealed('prod')] = seal(api.kubeconfig('admin'));
      for (const name of ['shop', 'mail'])
        files[`clusters/prod/${name}.yaml`] = JSON.stringify(kustomization(name, 'sops-age'), null, 2);
      files['shop/database.yaml'] = sealedTo([[other]]);
      files['shop/queue.yaml'] = sealedTo([[other, held]]);
      files['shop/cloud.yaml'] = sealedTo([['kms:arn:aws:kms:eu-west-1:111122223333:key/0a1b']]);
      files['mail/smtp.yaml'] = sealedTo([[held]]);
    });
    afterAll(() => api?.stop());

    describeInWindow(editor, 'in the window', { files, keys, settings }, (window) => {
      it('says at a file what to do where no cluster is open', async () => {
        const { workbench } = window();
        await workbench.openFile('shop/database.yaml');
        await workbench.run(`Purser: ${command}`);
        expect(await workbench.waitForToast('No cluster is open')).toContain(
          'connect one in the Clusters view',
        );
        await workbench.run('View: Close All Editors');
      });

      it('tells at a row of each file what it is sealed to, and what the cluster holds', async () => {
        const { workbench } = window();
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, prod'));
        await unfold(workbench.treeRow('Kustomizations'));
        await rowLike(workbench, /^Kustomization, shop.*cannot get sops data key/);
        await press(workbench.treeRow('Kustomization, shop'), command);
        const { webview } = workbench;
        await webview.getByText('prod cannot open shop/database.yaml').waitFor();
        await workbench.screenshot('why-1-row');
        const text = await webview.locator('body').innerText();
        const cannot = `sealed to ${shortName(other)}; the cluster holds ${shortName(held)}.`;
        expect(text).toContain(`prod cannot open shop/database.yaml: ${cannot}`);
        expect(text).toContain('prod can open shop/queue.yaml');
        expect(text).toContain('Whether prod can open shop/cloud.yaml cannot be told from here');
        expect(text).toContain(`Flux says: ${message}`);
        expect(text).not.toContain('AGE-SECRET-KEY');
        expect(await webview.getByText('Update Recipients').count()).toBe(1);
        await webview.getByText('Open File').first().click();
        await workbench.page.locator('.tab.active[aria-label^="database.yaml"]').waitFor();
      });

      it('tells at a file of that file, in every open cluster that applies it', async () => {
        const { workbench } = window();
        await workbench.run('View: Close All Editors');
        await workbench.openFile('mail/smtp.yaml');
        await workbench.run(`Purser: ${command}`);
        const { webview } = workbench;
        await webview.getByText('Flux passes over age.key').waitFor();
        await workbench.screenshot('why-2-file');
        const text = await webview.locator('body').innerText();
        expect(text).toContain(`which holds ${shortName(held)}: its name must end in .agekey.`);
        expect(text).toContain(`mail/smtp.yaml is sealed to ${shortName(held)}.`);
        expect(text).not.toContain('shop/');
      });
    });
  });
});
