import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '../../host/until.mjs';
import type { Workbench } from '../../host/workbench.mjs';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { example, makeSample, tokensIn } from './sample.ts';

const sample = await makeSample();
const password = 'velvet-anchor-1987-drumstick-fox';
const clear = secretManifest('orders', { password });
const files = {
  ...sample.files,
  'clusters/prod/database.yaml': await example('clusters/prod/database.yaml'),
  'clusters/prod/fresh.yaml': '# what the next step pastes here\n',
  // So that the Explorer shows clusters and prod as two folders.
  'clusters/README.md': 'Manifests of the clusters.\n',
  'apps/no-rule.yaml': clear,
  'build/generated.yaml': clear,
  '.gitignore': 'build/\n',
  '.git/HEAD': 'ref: refs/heads/main\n',
};

/** A file or folder in the Explorer, and the letters beside its name. */
function explorerRow({ page }: Workbench, name: string): Locator {
  return page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first();
}

interface Styles {
  getComputedStyle(element: unknown, pseudo: string): { readonly content: string };
}

/** VS Code draws it after the name. */
async function badgeOf(row: Locator): Promise<string> {
  const read = (label: unknown) =>
    (globalThis as unknown as Styles).getComputedStyle(label, '::after').content;
  return row.locator('.monaco-icon-label').evaluate(read);
}

/** Rows of the Findings view, as a screen reader says them. */
function findings({ page }: Workbench): Promise<string[]> {
  return page
    .locator('.part.sidebar .monaco-list-row')
    .evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
}

describeInEditor('the guard', (editor) => {
  describeInWindow(editor, 'over a repository', { files, keys: sample.keys }, (window) => {
    it('finds what is in closed files, with nothing opened and no notification', async () => {
      const { workbench } = window();
      await workbench.statusBarItem('8 plaintext').waitFor();
      const [, ...problems] = await workbench.problems();
      expect(problems.join('\n')).toMatch(/password of Secret shop\/orders-db is not encrypted/);
      expect(problems.join('\n')).not.toContain('build');
      expect(problems.join('\n')).not.toContain(password);
      expect(await workbench.toasts()).toEqual([]);
      await workbench.run('View: Toggle Panel Visibility');
    });

    it('follows a pasted secret from squiggle and badges to the fix, and takes them away', async () => {
      const { workbench } = window();
      const { editor: pane } = workbench;
      await workbench.openFile('clusters/prod/fresh.yaml');
      await workbench.setClipboard(clear);
      await pane.goTo(2);
      await workbench.page.keyboard.press('ControlOrMeta+V');
      await pane.waitForSquiggles('error', 1);
      await workbench.statusBarItem('9 plaintext').waitFor();
      await workbench.run('File: Reveal Active File in Explorer View');
      const [file, folder] = [explorerRow(workbench, 'fresh.yaml'), explorerRow(workbench, 'clusters')];
      await until('the badge of the file', async () => (await badgeOf(file)).includes('P'));
      await until('the mark of the folder', async () => (await badgeOf(folder)) !== 'none');
      await workbench.screenshot('guard-1-pasted');
      await pane.quickFix('Encrypt this value (jwe)', lineOf(await pane.text(), 'password'), 5);
      const sealed = await pane.waitForText('eyJ');
      expect(await Promise.all(tokensIn(sealed).map(sample.open))).toEqual([password]);
      await pane.waitForSquiggles('error', 0);
      await workbench.statusBarItem('8 plaintext').waitFor();
      await until('another badge', async () => /\bE\b/.test(await badgeOf(file)));
      await pane.save();
      await workbench.screenshot('guard-2-encrypted');
    });

    it('lists findings by file and by rule, and opens them where they are', async () => {
      const { workbench } = window();
      const { page } = workbench;
      await workbench.statusBarItem('8 plaintext').click();
      await until('the view', async () => (await findings(workbench)).length > 8);
      const byFile = await findings(workbench);
      expect(byFile[0]).toBe('apps/no-rule.yaml, 1 finding');
      expect(byFile[1]).toMatch(
        /^error: stringData\.password of Secret .* is not encrypted .*, apps\/no-rule\.yaml:\d+$/,
      );
      expect(byFile.join()).not.toContain('build');
      await workbench.screenshot('guard-3-findings');
      await workbench.treeRow('error: stringData.password of Secret shop/orders-db').click();
      await page.locator('.tab.active[aria-label^="database.yaml"]').waitFor();
      await page
        .locator('.pane-header[aria-label^="Findings"]')
        .getByRole('button', { name: 'Group Findings by Rule' })
        .click();
      await until('groups of rules', async () =>
        (await findings(workbench)).includes('unencrypted-by-policy, 7 findings'),
      );
      await page
        .locator('.pane-header[aria-label^="Findings"]')
        .getByRole('button', { name: 'Group Findings by File' })
        .click();
    });

    it('notices what changes on disk', async () => {
      const { workbench, folder } = window();
      const { writeFile, rm } = await import('node:fs/promises');
      await writeFile(join(folder, 'apps/second.yaml'), clear);
      await workbench.statusBarItem('9 plaintext').waitFor();
      await rm(join(folder, 'apps/second.yaml'));
      await workbench.statusBarItem('8 plaintext').waitFor();
    });

    it('encrypts all findings after a preview with checkboxes', async () => {
      const { workbench, folder } = window();
      const { page, quick } = workbench;
      await workbench.run('View: Close All Editors');
      await workbench.run('Purser: Encrypt All Findings…');
      await until('the preview', async () => (await quick.rows.count()) === 7);
      await page.mouse.move(700, 850);
      await workbench.screenshot('guard-4-preview');
      expect(await page.locator('.quick-input-title').innerText()).toBe(
        'Encrypt All Findings · 1 other cannot be encrypted',
      );
      await quick.rows.filter({ hasText: 'stringData.url' }).locator('.label-name').click();
      await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
      expect(await workbench.waitForToast('encrypted')).toBe('6 values in 1 file are encrypted.');
      const text = await readFile(join(folder, 'clusters/prod/database.yaml'), 'utf8');
      expect(text).toContain('url: postgres://orders:correct-horse');
      expect(text).not.toContain('password: "correct-horse');
      await workbench.statusBarItem('2 plaintext').waitFor();
    });
  });

  const git = (folder: string, ...args: readonly string[]) => execFileSync('git', args, { cwd: folder });
  const commits = (folder: string) => Number(git(folder, 'rev-list', '--count', '--all').toString());

  describeInWindow(
    editor,
    'before a commit',
    { files: { ...sample.files, 'clusters/prod/fresh.yaml': clear }, keys: sample.keys },
    (window) => {
      it('shows staged plaintext beside the commit button, and a hook refuses to commit it', async () => {
        const { workbench, folder } = window();
        const { page } = workbench;
        git(folder, 'init', '--quiet');
        git(folder, 'add', '--all');
        await workbench.reload();
        await page.keyboard.press('ControlOrMeta+Shift+G');
        await stagedGroup(workbench).waitFor({ timeout: 60_000 });
        await workbench.screenshot('guard-5-staged');
        await workbench.run('Purser: Install Pre-Commit Hook');
        expect(await workbench.waitForToast('Every commit is looked at first')).toContain('pre-commit');
        await workbench.run('Notifications: Clear All Notifications');
        await commit(workbench);
        await page.locator('.monaco-dialog-box').waitFor({ timeout: 60_000 });
        const { message } = await workbench.dialog();
        expect(message).toMatch(
          /1 plaintext secret is staged: clusters\/prod\/fresh\.yaml:\d+ stringData\.password of Secret shop\/orders; encrypt it/,
        );
        expect(message).not.toContain(password);
        await workbench.screenshot('guard-6-refused');
        await workbench.press('Cancel');
        expect(commits(folder)).toBe(0);
      });

      it('encrypts and stages it beside the commit button, and then it is committed', async () => {
        const { workbench, folder } = window();
        const { page } = workbench;
        const own = page.locator('.scm-view .monaco-list-row[aria-label*="would be committed"]').first();
        await own.hover();
        await own.getByRole('button', { name: 'Encrypt and Stage' }).click();
        await stagedGroup(workbench).waitFor({ state: 'detached' });
        const content = git(folder, 'show', ':clusters/prod/fresh.yaml').toString();
        expect(content).not.toContain(password);
        expect(await Promise.all(tokensIn(content).map(sample.open))).toEqual([password]);
        await commit(workbench);
        await until('the commit', () => Promise.resolve(commits(folder) === 1));
        await workbench.screenshot('guard-7-committed');
      });
    },
  );
});

/** What Purser lists among the repositories of Source Control. */
function stagedGroup({ page }: Workbench): Locator {
  return page.locator('.scm-view .monaco-list-row').filter({ hasText: 'Staged Secrets in Plaintext' });
}

/** As a person does it: a message, and the key that commits. */
async function commit({ page }: Workbench): Promise<void> {
  const input = page.locator('.scm-view .scm-input').first();
  await input.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Add the orders');
  await page.keyboard.press('ControlOrMeta+Enter');
}
