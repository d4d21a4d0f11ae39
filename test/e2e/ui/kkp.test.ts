import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KkpControllers } from '../../cluster/kkp-controllers.ts';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { fold, press, rowLike, rows, showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';
import { chooseTheme, themes } from './themes.ts';

const inline = Buffer.alloc(32, 'velvet-anchor-1987').toString('base64');
const cluster = (...keys: readonly string[]) => `# The shop's cluster.
apiVersion: kubermatic.k8c.io/v1
kind: Cluster
metadata:
  name: abc
spec:
  humanReadableName: Shop
  features:
    encryptionAtRest: true
  encryptionConfiguration:
    enabled: true
    resources: [secrets]
    secretbox:
      keys:
${keys.join('')}`;
const key = (name: string) =>
  `        - name: "${name}"\n          secretRef: {name: encryption-key-cluster-abc, key: "${name}"}\n`;
const policy = `version: 1
rules:
  - path: access/**
    scheme: fernet
    keys: [local:ops]
    whole: true
  - path: clusters/**
    scheme: fernet
    keys: [local:ops]
    opened-by: pipeline
`;
const files: Record<string, string> = {
  '.purser.yaml': policy,
  'clusters/abc.yaml': cluster(key('2025-04')),
  'clusters/clear.yaml': cluster(`        - name: old\n          value: ${inline}\n`).replace('abc', 'clear'),
  'clusters/wrong.yaml': cluster('        - name: old\n          value: cmLcMbw6gdxPH$==\n').replace(
    'abc',
    'wrong',
  ),
};
const text = (folder: string, path: string) => readFile(join(folder, path), 'utf8');
const pods = ['apiserver-1', 'apiserver-2'] as const;

describeInEditor('KKP', (editor) => {
  describeKubeApi('on a real API server', () => {
    let api: KubeApi;
    let kkp: KkpControllers;
    beforeAll(async () => {
      api = await startKubeApi();
      await api.applyCrds('kkp');
      kkp = new KkpControllers(api, 'abc');
      await kkp.create();
      await kkp.spec([{ name: '2025-04' }]);
      await kkp.render();
      await kkp.roll(...pods);
      await kkp.phase('Active', 'secretbox/2025-04');
      files[sealed('seed')] = seal(api.kubeconfig('admin'));
    });
    afterAll(() => api?.stop());

    describeInWindow(editor, 'in the tree', { files, keys, settings }, (window) => {
      it('tells of the encryption of user clusters without connecting to them', async () => {
        const { workbench } = window();
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, seed'));
        await unfold(workbench.treeRow('Encryption of User Clusters'));
        await unfold(workbench.treeRow('Shop, Active'));
        await rowLike(workbench, /^API Servers, 2 of 2 have the configuration/);
        await rowLike(workbench, /^etcd Backups, .*until 2026-11-01T10:05:00Z/);
        await rowLike(workbench, /^Next, Nothing. To rotate, add a second key\.$/);
        expect((await rows(workbench)).join()).not.toContain('connecting');
        await workbench.screenshot('kkp-1-active');
      });

      it('prepares a second key, sealed, and refers to it in the manifest', async () => {
        const { workbench, folder } = window();
        await press(workbench.treeRow('Shop, Active'), 'Prepare Key Rotation…');
        await workbench.quick.row('Add a Second Key…').waitFor();
        await workbench.screenshot('kkp-2-steps');
        await workbench.quick.pick('Add a Second Key…');
        await workbench.quick.fill('2026-11');
        await workbench.page.keyboard.press('Enter');
        await workbench.quick.pick('On the Seed');
        await until('the question for the file', async () =>
          (await workbench.quick.field.inputValue()).endsWith('.yaml'),
        );
        await workbench.screenshot('kkp-3-file');
        await workbench.page.keyboard.press('Enter');
        await workbench.waitForToast('is changed');
        await workbench.screenshot('kkp-4-added');
        expect(await text(folder, 'clusters/2026-11.yaml')).toMatch(
          /namespace: cluster-abc\n[^]*key: "?gAAAAA/,
        );
        await workbench.run('File: Save');
        await until('the Cluster to be saved', async () =>
          (await text(folder, 'clusters/abc.yaml')).includes('secretRef:\n            name: "2026-11"'),
        );
        await workbench.run('View: Close All Editors');
      });

      it('shows why a swap must wait, though the phase is Active', async () => {
        const { workbench } = window();
        await kkp.spec([{ name: '2025-04' }, { name: '2026-11' }]);
        await kkp.render();
        await kkp.roll(pods[0]);
        await workbench.run('Purser: Refresh Clusters');
        await fold(workbench.treeRow('Shop, Active'));
        await unfold(workbench.treeRow('Shop, Active'));
        await rowLike(workbench, /^API Servers, 1 of 2/);
        await press(workbench.treeRow('Shop, Active'), 'Prepare Key Rotation…');
        await workbench.quick.row('Move to the Front: 2026-11').waitFor();
        await workbench.screenshot('kkp-5-wait');
        await workbench.quick.pick('Move to the Front: 2026-11');
        await workbench.waitForToast('1 of 2 API servers');
      });

      it.each(themes)('is legible in every theme: $label', async (theme) => {
        const { workbench } = window();
        await chooseTheme(theme, workbench);
        await workbench.run('Purser: Focus on Clusters View');
        await workbench.treeRow('Shop, Active').hover();
        await workbench.screenshot(`kkp-theme-${theme.shot}`);
      });

      it('shows what KKP would say, and moves a key out of a Cluster', async () => {
        const { workbench, folder } = window();
        await workbench.openFile('clusters/wrong.yaml');
        await until('the finding', async () =>
          (await workbench.problems()).some((text) => text.includes('illegal base64 data at input byte 13')),
        );
        await workbench.screenshot('kkp-6-invalid');
        await workbench.openFile('clusters/clear.yaml');
        await workbench.editor.quickFix('Move Keys Out…', 16, 20);
        await workbench.quick.pick('On the Seed');
        await workbench.dialog();
        await workbench.press('Move Keys Out');
        await until('the question for the file', async () =>
          (await workbench.quick.field.inputValue()).endsWith('.yaml'),
        );
        await workbench.page.keyboard.press('Enter');
        await workbench.waitForToast('encrypted');
        await workbench.screenshot('kkp-7-moved');
        expect(await text(folder, 'clusters/encryption-keys-clear.yaml')).toContain('gAAAAA');
      });

      it('leaves the token in no file', async () => {
        expect(await canary(window().roots, api.token('admin'))).toEqual([]);
      });
    });
  });
});
