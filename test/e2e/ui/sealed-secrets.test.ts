import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../host/until.mjs';
import { describeTls } from '../../support/certificates.ts';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { kubeconfigText } from '../../support/kubeconfigs.ts';
import { inTurn, json, text } from '../../support/lying-answers.ts';
import { LyingCluster } from '../../support/lying-cluster.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { disconnect, press, rowLike, showClusters, unfold } from './cluster-tree.ts';
import { fingerprintOfPem } from './sample.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';

const labels = { 'app.kubernetes.io/name': 'sealed-secrets' };
const metadata = { name: 'sealed-secrets', namespace: 'kube-system', labels };
const controller = { metadata, spec: { ports: [{ name: 'http', port: 8080 }] } };
const sealingKeys = ['active', 'compromised'].map((state) => {
  const labels = { 'sealedsecrets.bitnami.com/sealed-secrets-key': state };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `key-${state}`, namespace: 'kube-system', labels },
  };
});
const inKubeSystem = '/api/v1/namespaces/kube-system';
const row = 'sealed-secrets, kube-system';

describeInEditor('Sealed Secrets', (editor) => {
  describeTls('with certificates', (makeCertificate) => {
    describeKubeApi('of a real API server and of one that acts', () => {
      let api: KubeApi;
      let acting: LyingCluster;
      const [first = '', second = ''] = [1, 2].map(
        () => makeCertificate({ name: 'sealed-secrets', rsaBits: 2048 }).cert,
      );
      const files: Record<string, string> = {};

      beforeAll(async () => {
        api = await startKubeApi();
        await api.applyCrds('sealed-secrets');
        const service = { apiVersion: 'v1', kind: 'Service', ...controller };
        // What Kubernetes makes of a Service whose pods do not run.
        const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: [] };
        const items = [service, endpoints, ...sealingKeys];
        await api.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
        files[sealed('real')] = seal(api.kubeconfig('admin'));
        acting = await LyingCluster.start();
        acting.serve('SealedSecret');
        acting.server
          .on('/api/v1/services', json({ kind: 'ServiceList', metadata: {}, items: [controller] }))
          .on(`${inKubeSystem}/secrets`, json({ kind: 'SecretList', metadata: {}, items: sealingKeys }))
          .on(
            `${inKubeSystem}/services/http:sealed-secrets:http/proxy/v1/cert.pem`,
            inTurn(text(first, 'text/plain'), text(second, 'text/plain')),
          );
        files[sealed('acting')] = seal(kubeconfigText({ token: 't' }, { server: acting.server.url.origin }));
      });
      afterAll(async () => {
        await acting?.server.stop();
        await api?.stop();
      });

      describeInWindow(editor, 'in the Clusters view', { files, keys, settings }, (window) => {
        it('shows controllers with their keys, and says why there is no certificate', async () => {
          const { workbench } = window();
          await showClusters(workbench);
          await unfold(workbench.treeRow('cluster, real'));
          await unfold(workbench.treeRow('Sealed Secrets'));
          await unfold(workbench.treeRow(row));
          await rowLike(workbench, /^key-active, active · \d{4}-/);
          await rowLike(workbench, /^key-compromised, compromised/);
          await press(workbench.treeRow(row), 'Fetch Certificate');
          const said = await workbench.waitForToast('real: ');
          await workbench.screenshot('sealed-secrets-1-no-endpoints');
          expect(said).toMatch(/no endpoints available/);
          await disconnect(workbench, 'real');
        });

        it('puts a certificate into the repository, and shows what another takes the place of', async () => {
          const { workbench, folder } = window();
          await unfold(workbench.treeRow('cluster, acting'));
          await unfold(workbench.treeRow('Sealed Secrets'));
          for (const certificate of [first, second]) {
            await press(workbench.treeRow(row), 'Fetch Certificate');
            const { field } = workbench.quick;
            await until('the file', async () => (await field.inputValue()) === '.purser/certs/acting.pem');
            await workbench.page.keyboard.press('Enter');
            const { detail } = await workbench.dialog();
            await workbench.screenshot(`sealed-secrets-${certificate === first ? '2-first' : '3-second'}`);
            const fingerprint = fingerprintOfPem(certificate);
            if (certificate === first) expect(detail).toContain(`Fingerprint: ${fingerprint}`);
            else expect(detail).toContain(`Before: ${fingerprintOfPem(first)}\nNow: ${fingerprint}`);
            await workbench.press('Accept Certificate');
            await workbench.waitForToast('.purser/certs/acting.pem is written');
            await workbench.run('Notifications: Clear All Notifications');
            const written = await readFile(join(folder, '.purser/certs/acting.pem'), 'utf8');
            expect(written.trim()).toBe(certificate.trim());
          }
        });
      });
    });
  });
});
