import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStoredMark } from '../../../src/crypto/at-rest/stored-mark.ts';
import { give } from '../../cluster/objects.ts';
import { canary } from '../../host/canary.mjs';
import { until } from '../../host/until.mjs';
import type { Workbench } from '../../host/workbench.mjs';
import { describeKubeApi } from '../../support/describe-kube-api.ts';
import { type Etcd, startEtcd } from '../../support/etcd.ts';
import { type KubeApi, startKubeApi } from '../../support/kube-api.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { showClusters, unfold } from './cluster-tree.ts';
import { keys, seal, sealed, settings } from './sealed-kubeconfigs.ts';
import { chooseTheme, themes } from './themes.ts';

const oldKey = randomBytes(32).toString('base64');
const file = 'prod/encryption-config.yaml';
const configuration = `# Rotated every year.
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - aescbc:
          keys:
            - name: key1 # of last year
              secret: ${oldKey}
      - identity: {}
`;
const files: Record<string, string> = {
  '.purser.yaml': `version: 1
rules:
  - path: access/**
    scheme: fernet
    keys: [local:ops]
    whole: true
`,
  [file]: configuration,
};
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  ...['a', 'b', 'c'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop' },
    stringData: { password: 'velvet-anchor-1987-drumstick-fox' },
  })),
];

describeInEditor('Rotate Encryption Key', (editor) => {
  describeKubeApi('of a real API server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'purser-rotation-'));
    const loaded = join(folder, 'encryption.yaml');
    const flags = [`--encryption-provider-config=${loaded}`];
    let etcd: Etcd;
    let api: KubeApi;

    beforeAll(async () => {
      etcd = await startEtcd();
      api = await startKubeApi({ etcd });
      files[sealed('prod')] = seal(api.kubeconfig('admin'));
    });
    afterAll(async () => {
      await api?.stop();
      await etcd?.stop();
      etcd?.clean();
      rmSync(folder, { recursive: true, force: true });
    });
    const rollOut = async ({ folder: workspace }: Workbench) => {
      copyFileSync(join(workspace, file), loaded);
      await api.restart(flags);
    };
    const keyOf = async (name: string) => {
      const value = await etcd.get(`/registry/secrets/shop/${name}`);
      return value && readStoredMark(value).keyName;
    };
    const take = async ({ editor: pane }: Workbench, action: string) => pane.lens(action).click();

    describeInWindow(editor, 'as a checklist', { files, keys, settings }, (window) => {
      it('begins above the file, with the cluster that runs it first', async () => {
        const { workbench } = window();
        await rollOut(workbench);
        await give(api, objects);
        await showClusters(workbench);
        await unfold(workbench.treeRow('cluster, prod'));
        await workbench.openFile(file);
        await workbench.editor.lens('Rotate Encryption Key…').click();
        await workbench.quick.row('runs this file').waitFor();
        await workbench.quick.pick('prod');
        await workbench.quick.row('New secretbox key…').waitFor();
        await workbench.screenshot('rotation-1-what-to');
        await workbench.quick.pick('New secretbox key…');
        await workbench.quick.answer('key2');
        await workbench.editor.lens('Add Key…').waitFor();
        await workbench.screenshot('rotation-2-begun');
      });

      it('adds the new key as the second, and saves the file', async () => {
        const { workbench } = window();
        await take(workbench, 'Add Key…');
        await workbench.quick.pick('Make a Random Key');
        await workbench.editor.waitForText('An API server has another configuration loaded');
        expect(readFileSync(join(workbench.folder, file), 'utf8')).toMatch(
          /name: key1 # of last year\n.*\n +- secretbox:\n +keys:\n +- name: key2\n/,
        );
        await workbench.screenshot('rotation-3-added');
      });

      it('asks how many API servers there are, and for a copy of the key', async () => {
        const { workbench } = window();
        await rollOut(workbench);
        await take(workbench, 'Ask the Cluster Again');
        await workbench.editor.lens('State How Many API Servers There Are…').click();
        await workbench.quick.answer('1');
        await workbench.editor.lens('I Keep a Copy of the Key').waitFor();
        await workbench.screenshot('rotation-4-verify');
        await take(workbench, 'I Keep a Copy of the Key');
        await workbench.editor.lens('Swap').waitFor();
      });

      it('swaps, and writes every Secret anew with the new key', async () => {
        const { workbench } = window();
        await take(workbench, 'Swap');
        await workbench.editor.waitForText('An API server has another configuration loaded');
        await rollOut(workbench);
        expect(await keyOf('a')).toBe('key1');
        await take(workbench, 'Ask the Cluster Again');
        await workbench.editor.waitForText('Nobody has counted what is still stored with aescbc/key1');
        await workbench.screenshot('rotation-5-swapped');
        await take(workbench, 'Re-encrypt Now…');
        await workbench.press('Re-encrypt');
        await workbench.editor.lens('Remove Old Key').waitFor();
        for (const name of ['a', 'b', 'c']) expect(await keyOf(name)).toBe('key2');
      });

      it.each(themes)('is legible in every theme: $label', async (theme) => {
        const { workbench } = window();
        await chooseTheme(theme, workbench);
        await workbench.editor.lens('Remove Old Key').waitFor();
        await workbench.screenshot(`rotation-theme-${theme.shot}`);
      });

      it('removes the old key, and says what to keep it for', async () => {
        const { workbench } = window();
        await take(workbench, 'Remove Old Key');
        await workbench.waitForToast('backups of etcd');
        await workbench.editor.waitForText('Keep aescbc/key1 for as long as there are backups of etcd');
        await workbench.screenshot('rotation-6-done');
        await rollOut(workbench);
        await until('the API server to read', async () =>
          (await api.kubectl(['get', 'secret', 'a', '-n', 'shop', '-o', 'name'])).includes('secret/a'),
        );
      });

      it('is given up from its own title bar', async () => {
        const { workbench } = window();
        await workbench.run('Purser: Give Up Key Rotation…');
        const { message } = await workbench.dialog();
        expect(message).toBe('Give up the rotation from aescbc/key1 to secretbox/key2 in prod?');
        await workbench.press('Give It Up');
        await workbench.editor.waitForText('There is no such rotation any more.');
      });

      it('leaves no key in any file but its own, and what VS Code keeps of that', async () => {
        const { roots, workbench } = window();
        const own = join(workbench.folder, file);
        const [, newKey = ''] = /secret: ["']?([\w+/=]+)/.exec(readFileSync(own, 'utf8')) ?? [];
        expect(newKey).toMatch(/^[A-Za-z0-9+/]{43}=$/);
        const found = await canary(roots, newKey, { except: [own] });
        expect(found.filter((path) => !/[\\/](?:History|Backups)[\\/]/.test(path))).toEqual([]);
      });
    });
  });
});
