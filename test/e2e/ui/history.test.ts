import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { secretManifest } from './manifest.ts';
import { makeSample } from './sample.ts';

const sample = await makeSample();
const password = 'velvet-anchor-1987-drumstick-fox';
const clear = secretManifest('orders', { password });
const policy = (sample.files['.purser.yaml'] ?? '').replace('opened-by: webhook', 'opened-by: pipeline');
const files = { ...sample.files, '.purser.yaml': policy, "clusters/prod/Ann's orders.yaml": clear };

describeInEditor('what stands in git', (editor) => {
  describeInWindow(editor, 'of a repository', { files, keys: sample.keys }, (window) => {
    it('is told of after the value was encrypted, and the command to apply it is a click away', async () => {
      const { workbench, folder } = window();
      const git = (...args: readonly string[]) =>
        execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
      git('init', '-q');
      git('add', '-A');
      git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '-q', '-m', 'in clear');
      await workbench.openFile("clusters/prod/Ann's orders.yaml");
      await workbench.editor.lens('Encrypt 1 value').click();
      await workbench.editor.waitForText('eyJ');
      const told = await workbench.waitForToast('stands in plaintext');
      expect(told).toMatch(/^stringData\.password stands in plaintext in commit [0-9a-f]+: change the value/);
      expect(told).toContain(git('rev-parse', '--short', 'HEAD'));
      expect(told).not.toContain(password);
      await workbench.screenshot('history-1-told');
      await workbench.run('Notifications: Clear All Notifications');
      await workbench.editor.lens('Copy Apply Command').click();
      await workbench.waitForClipboard(
        "purser decrypt 'clusters/prod/Ann'\\''s orders.yaml' | kubectl apply -f -",
      );
      await workbench.screenshot('history-2-command');
      await workbench.setClipboard('');
      await workbench.run('Purser: Copy Apply Command');
      await workbench.waitForClipboard(
        "purser decrypt 'clusters/prod/Ann'\\''s orders.yaml' | kubectl apply -f -",
      );
    });
  });
});
