import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exists } from '../../host/cache.mjs';
import { rsaPair, symmetricKey } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { secretManifest } from './manifest.ts';
import { example, fingerprintOfPem, tokensIn } from './sample.ts';

const plain = secretManifest('orders', { password: 'velvet-anchor-1987-drumstick-fox' });
const kubeconfig = await example('access/ci.kubeconfig.enc');
const { publicPem } = rsaPair();

describeInEditor('policy', (editor) => {
  const files = {
    '.purser/keys/team.pub.pem': publicPem,
    'apps/first.yaml': plain,
    'apps/second.yaml': plain,
    'flux/.sops.yaml': 'creation_rules:\n  - path_regex: .*\\.yaml$\n    age: age1qqqq\n',
    'flux/orders.yaml': plain,
  };
  describeInWindow(
    editor,
    'where there is none',
    { files, keys: { 'dev.secretbox': symmetricKey() } },
    (window) => {
      it('takes no other scheme for a file that .sops.yaml covers, and says what keeps it from being encrypted', async () => {
        const { workbench } = window();
        await workbench.openFile('flux/orders.yaml');
        await workbench.editor.lens('Encrypt file · sops').click();
        expect(await workbench.waitForToast('age1qqqq')).toMatch(/^The key age1qqqq cannot be used: /);
        expect(await workbench.editor.text()).toBe(plain);
      });

      it('offers the keys there are, and writes the rule', async () => {
        const { workbench, folder } = window();
        const { quick } = workbench;
        await workbench.openFile('apps/first.yaml');
        await workbench.editor.lens('Encrypt 1 value').click();
        const [team, own] = await quick.labels();
        expect(team).toContain(fingerprintOfPem(publicPem));
        expect(own).toBe('local:devsecretbox · the key folder');
        await quick.pick('team.pub.pem');
        expect((await workbench.dialog()).message).toContain('files in apps/** are encrypted with jwe');
        await workbench.press('Write Rule');
        await workbench.press('Accept Key');
        expect(tokensIn(await workbench.editor.waitForText('eyJ'))).toHaveLength(1);
        expect(await readFile(join(folder, '.purser.yaml'), 'utf8')).toBe(
          'version: 1\nrules:\n  - path: "apps/**"\n    scheme: jwe\n    keys: [".purser/keys/team.pub.pem"]\n',
        );
        await workbench.openFile('apps/second.yaml');
        await workbench.editor.lens('Encrypt 1 value · jwe team.pub.pem').click();
        await workbench.editor.waitForText('eyJ');
        expect(await exists(join(folder, 'flux/.purser.yaml'))).toBe(false);
      });
    },
  );

  const whole = {
    '.purser.yaml':
      'version: 1\nrules:\n  - path: "**/*.kubeconfig.enc"\n    scheme: fernet\n    keys: [local:kubeconfig]\n    whole: true\n',
    'access/ci.kubeconfig.enc': kubeconfig,
  };
  const wholeOptions = {
    files: whole,
    keys: { 'kubeconfig.fernet': symmetricKey() },
  };
  describeInWindow(editor, 'for a whole file', wholeOptions, (window) => {
    it('encrypts the file as one token and decrypts it through the modal', async () => {
      const { workbench } = window();
      await workbench.openFile('access/ci.kubeconfig.enc');
      await workbench.run('Purser: Encrypt File');
      const token = await workbench.editor.waitForText('gAAAAA');
      expect(token).toMatch(/^gAAAAA[\w-]+=*$/);
      await workbench.editor.undo();
      expect(await workbench.editor.waitForText('apiVersion')).toBe(kubeconfig);
      await workbench.editor.redo();
      await workbench.editor.waitForText('gAAAAA');
      await workbench.run('Purser: Decrypt Secret');
      expect((await workbench.dialog()).detail).toContain('plaintext will be on disk');
      await workbench.press('Decrypt');
      expect(await workbench.editor.waitForText('apiVersion')).toBe(kubeconfig);
    });
  });
});
