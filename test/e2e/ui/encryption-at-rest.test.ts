import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStoredMark } from '../../../src/crypto/at-rest/stored-mark.ts';
import { give } from '../../cluster/objects.ts';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type Etcd, startEtcd } from '../../support/etcd.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { fold, press, rowLike, rows, showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';
import { chooseTheme, themes } from './themes.ts';

const secret = 'velvet-anchor-1987-drumstick-fox';
const key1 = randomBytes(32).toString('base64');
const key2 = randomBytes(32).toString('base64');
const box = (...all: readonly (readonly [name: string, key: string])[]) =>
  `secretbox: {keys: [${all.map(([name, key]) => `{name: ${name}, secret: ${key}}`).join(', ')}]}`;
const configuration = (...providers: readonly string[]) => `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
${providers.map((provider) => `      - ${provider}\n`).join('')}`;

const running = configuration(box(['key1', key1]), 'identity: {}');
const files: Record<string, string> = {
  '.purser.yaml': `version: 1
rules:
  - path: access/**
    scheme: fernet
    keys: [local:ops]
    whole: true
`,
  'prod/encryption.yaml': running,
  'prod/next.yaml': configuration(box(['key2', key2], ['key1', key1])),
  'stage/encryption.yaml': configuration(box(['stage', randomBytes(32).toString('base64')])),
};
describeInEditor('encryption at rest', (editor) => {
  describeKubeApi('of a real API server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'purser-at-rest-'));
    const flags = [`--encryption-provider-config=${join(folder, 'encryption.yaml')}`];
    let etcd: Etcd;
    let api: KubeApi;

    beforeAll(async () => {
      etcd = await startEtcd();
      api = await startKubeApi({ etcd });
      await give(api, objects);
      writeFileSync(join(folder, 'encryption.yaml'), running, { mode: 0o600 });
      await api.restart(flags);
      await api.kubectl(['get', 'secrets', '-A']);
      files[sealed('prod')] = seal(api.kubeconfig('admin'));
      files[sealed('tenant')] = seal(api.kubeconfig('nobody'));
    });
    afterAll(async () => {
      await api?.stop();
      await etcd?.stop();
      etcd?.clean();
      rmSync(folder, { recursive: true, force: true });
    });
    const providerOf = async (name: string) =>
      readStoredMark((await etcd.get(`/registry/secrets/shop/${name}`)) ?? Buffer.alloc(0)).provider;

    describeInWindow(editor, 'in the tree', { files, keys, settings }, (window) => {
      it('says the phase once a person asks, with the key, the readers and the sources', async () => {
        const { workbench } = window();
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, prod'));
        await unfold(workbench.treeRow('Encryption at Rest'));
        await rowLike(workbench, /^Encryption at Rest, Partial · secretbox key1, warning$/);
        await unfold(workbench.treeRow('secrets, Partial'));
        await rowLike(workbench, /^Reader: plaintext, \d+ times$/);
        const shown = await rows(workbench);
        for (const row of [
          /^Source: \/metrics, of this API server since 20/,
          /^prod\/encryption.yaml, is what this API server runs, OK$/,
          /^prod\/next.yaml, differs, with keys of this cluster$/,
          /^stage\/encryption.yaml, differs$/,
        ])
          expect(shown).toContainEqual(expect.stringMatching(row));
        await unfold(workbench.treeRow('Covered Resources'));
        await workbench.screenshot('at-rest-1-partial');
      });

      it('says in a tooltip what another configuration would change, and opens it', async () => {
        const { workbench } = window();
        const row = workbench.treeRow('prod/next.yaml');
        await row.hover();
        const hover = workbench.page.locator('.monaco-hover:visible');
        await hover.getByText('written by secretbox/key2 instead of secretbox/key1').waitFor();
        await workbench.screenshot('at-rest-2-changes');
        await row.click();
        await workbench.page.mouse.move(900, 700);
        await workbench.page.locator('.tab.active[aria-label^="next.yaml"]').waitFor();
        await workbench.run('View: Close All Editors');
      });

      it('re-encrypts after a question, and says what came of it', async () => {
        const { workbench } = window();
        expect(await providerOf('db-1')).toBe('identity');
        await press(workbench.treeRow('secrets, Partial'), 'Re-encrypt Now…');
        const question = await workbench.dialog();
        expect(question.message).toBe('Re-encrypt all secrets of prod?');
        expect(question.detail).toContain('secretbox key1');
        await workbench.screenshot('at-rest-3-question');
        await workbench.press('Re-encrypt');
        await workbench.waitForToast('secrets of prod were written anew');
        await workbench.screenshot('at-rest-4-done');
        expect(await providerOf('db-1')).toBe('secretbox');
        expect(await providerOf('db-20')).toBe('secretbox');
      });

      it('says Active once the API server has started anew', async () => {
        const { workbench } = window();
        await api.restart(flags);
        await api.kubectl(['get', 'secrets', '-A']);
        await api.kubectl(['create', 'secret', 'generic', 'new', '-n', 'shop', '--from-literal=a=b']);
        await fold(workbench.treeRow('Encryption at Rest'));
        await unfold(workbench.treeRow('Encryption at Rest'));
        await rowLike(workbench, /^Encryption at Rest, Active · secretbox key1, OK$/);
        await workbench.treeRow('secrets, Active').hover();
        const hover = workbench.page.locator('.monaco-hover:visible');
        await hover.getByText('nothing else was read by this API server since it started').waitFor();
        await workbench.screenshot('at-rest-5-active');
      });

      it('says which right is missing', async () => {
        const { workbench } = window();
        await workbench.page.mouse.move(900, 700);
        await fold(workbench.treeRow('cluster, prod'));
        await unfold(workbench.treeRow('cluster, tenant'));
        await unfold(workbench.treeRow('Encryption at Rest'));
        await rowLike(workbench, /the right to get the non-resource URL \/metrics is missing/);
        await workbench.screenshot('at-rest-6-no-right');
        await fold(workbench.treeRow('cluster, tenant'));
      });

      it('is in the command palette, and asks for the resource there', async () => {
        const { workbench } = window();
        await workbench.run('Purser: Re-encrypt Now…');
        await workbench.quick.field.waitFor();
        await until('the clusters to be listed', () => workbench.quick.row('prod').isVisible());
        await workbench.quick.pick('prod');
        await workbench.quick.row('secrets').waitFor();
        await workbench.screenshot('at-rest-7-resource');
        await workbench.page.keyboard.press('Escape');
      });

      it.each(themes)('is legible in every theme: $label', async (theme) => {
        const { workbench } = window();
        await chooseTheme(theme, workbench);
        await workbench.run('Purser: Focus on Clusters View');
        await unfold(workbench.treeRow('cluster, prod'));
        await unfold(workbench.treeRow('cluster, tenant'));
        await workbench.treeRow('secrets, Active').hover();
        await workbench.page.locator('.monaco-hover:visible').waitFor();
        await workbench.screenshot(`at-rest-theme-${theme.shot}`);
      });

      it('leaves neither values nor keys in any file but those that held them', async () => {
        const { roots } = window();
        expect(await canary(roots, secret)).toEqual([]);
        expect(await canary(roots, api.token('admin'))).toEqual([]);
      });
    });
  });
});

const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  ...Array.from({ length: 20 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `db-${index + 1}`, namespace: 'shop' },
    stringData: { password: secret },
  })),
];
