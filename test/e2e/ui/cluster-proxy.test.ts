import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeTls, type TestCertificate } from '../../support/certificates.ts';
import { kubeconfigText } from '../../support/kubeconfigs.ts';
import { json } from '../../support/lying-answers.ts';
import { LyingServer } from '../../support/lying-server.ts';
import { type RecordingProxy, startProxy } from '../../support/recording-proxy.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { rowLike, showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';

/** No name server knows these names: whoever connects there has asked a proxy. */
const host = 'kube.example.com:6443';
const dead = 'gone.example.com:6443';
const nowhere = 'http://proxy.example.invalid:3128';

describeInEditor('clusters behind proxies', (editor) => {
  describeTls('with certificates', (makeCertificate) => {
    const [own, other] = [1, 2].map(() => makeCertificate({ name: 'kube.example.com' }));
    const client = makeCertificate({ name: 'client.example.com' });
    let api: LyingServer;
    let editors: RecordingProxy;
    let kubeconfigs: RecordingProxy;
    const shown: unknown[] = [];
    const files: Record<string, string> = {};
    const withProxy: Record<string, unknown> = { ...settings };

    const base64 = (text = '') => Buffer.from(text).toString('base64');
    const trusting = (authority: TestCertificate | undefined, more: object = {}) => ({
      server: `https://${host}`,
      'certificate-authority-data': base64(authority?.cert),
      ...more,
    });
    const asked = ({ asked }: RecordingProxy) => asked.filter((name) => name.includes('example.'));

    beforeAll(async () => {
      const tls = {
        cert: own?.cert ?? '',
        key: own?.key ?? '',
        requestCert: true,
        rejectUnauthorized: false,
      };
      api = await LyingServer.start({ tls });
      api.on('/version', (response, ...rest) => {
        shown.push((response.socket as TLSSocket).getPeerX509Certificate()?.toString().trim());
        return json({ gitVersion: 'v1.36.3' })(response, ...rest);
      });
      api.on(
        '/apis',
        json({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] }),
      );
      editors = await startProxy({ [host]: api.port });
      kubeconfigs = await startProxy({ [host]: api.port });
      withProxy['http.proxy'] = editors.url;
      const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
      files[sealed('through')] = seal(kubeconfigText(user, trusting(own)));
      files[sealed('wrong')] = seal(kubeconfigText({ token: 't' }, trusting(other)));
      files[sealed('dead')] = seal(kubeconfigText({ token: 't' }, { server: `https://${dead}` }));
      const proxied = trusting(own, { 'proxy-url': kubeconfigs.url });
      const astray = trusting(own, { 'proxy-url': nowhere });
      files[sealed('astray')] = seal(kubeconfigText({ token: 't' }, astray));
      files[sealed('own-way')] = seal(kubeconfigText({ token: 't' }, proxied));
    });
    afterAll(async () => {
      await Promise.all([api, editors, kubeconfigs].map((server) => server?.stop()));
    });

    describeInWindow(editor, 'of a window', { files, keys, settings: withProxy }, (window) => {
      it("go through the editor's, with the certificates that the kubeconfig names", async () => {
        const { workbench } = window();
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, through'));
        await rowLike(workbench, /^cluster, through.*connected$/);
        await rowLike(workbench, /^Neither Flux nor Sealed Secrets is here/);
        expect(new Set(asked(editors))).toEqual(new Set([host]));
        expect(shown).toEqual([client.cert.trim()]);
      });

      it('are refused there with the certificate of another authority, and get nothing', async () => {
        const { workbench } = window();
        const requests = api.count();
        await unfold(workbench.treeRow('cluster, wrong'));
        await rowLike(workbench, /^error, .*certificate of kube\.example\.com:6443 is not accepted/);
        expect(api.count()).toBe(requests);
      });

      it('say so where the proxy does not lead there', async () => {
        const { workbench } = window();
        await unfold(workbench.treeRow('cluster, dead'));
        await rowLike(workbench, /^error, No connection to gone\.example\.com:6443: a proxy answers 502/);
        await workbench.screenshot('cluster-proxy-1-failed');
        expect(asked(editors)).toContain(dead);
      });

      it('go through the one of the kubeconfig instead, where it names one', async () => {
        const { workbench } = window();
        const before = asked(editors).length;
        expect(asked(kubeconfigs)).toEqual([]);
        await unfold(workbench.treeRow('cluster, own-way'));
        await rowLike(workbench, /^cluster, own-way.*connected$/);
        expect(new Set(asked(kubeconfigs))).toEqual(new Set([host]));
        expect(asked(editors).length).toBe(before);
        await unfold(workbench.treeRow('cluster, astray'));
        await rowLike(workbench, /^error, No connection to kube\.example\.com:6443/);
        expect(asked(editors).length).toBe(before);
        await workbench.screenshot('cluster-proxy-2-own');
      });
    });
  });
});
