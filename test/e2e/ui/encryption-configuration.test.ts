import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Workbench } from '../../host/workbench.mjs';
import { symmetricKey } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { chooseTheme, themes } from './themes.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => 9 + at * 5)).toString('base64');
const configuration = `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets, ConfigMaps]
    providers:
      - aescbc:
          keys:
            - name: key1
              secret: ${key}
            - name: key2
              secret: c2VjcmV0IGlzIHNlY3VyZQ==
      - identity: {}
`;
const beginning = `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources:
      - secrets
    providers:
      - ${''}
`;
const files = {
  'etcd/encryption-config.yaml': configuration,
  'etcd/new-encryption-config.yaml': beginning,
  'etcd/moved-encryption-config.yaml': configuration.replace('ConfigMaps', 'configmaps'),
};
/** The line, from 1, on which something first stands. */
const lineOf = (part: string) => configuration.slice(0, configuration.indexOf(part)).split('\n').length;
const keys = { 'mine.fernet': symmetricKey() };

/** Blanks are shown as ones that do not break. */
async function hover(pane: Workbench['editor'], part: string, column: number): Promise<string> {
  return (await pane.hover(lineOf(part), column)).replaceAll('\u00a0', ' ');
}

/** What a person sees of EncryptionConfigurations; the pictures are for looking at. */
describeInEditor('an EncryptionConfiguration', (editor) => {
  describeInWindow(editor, 'in the editor', { files, keys }, (window) => {
    it.each(themes)('is judged, explained and completed: $label', async (theme) => {
      const { workbench } = window();
      const { editor: pane, page } = workbench;
      const shoot = (what: string) => workbench.screenshot(`at-rest-${theme.shot}-${what}`);
      await workbench.openFile('etcd/encryption-config.yaml');
      await pane.waitForSquiggles('error', 3);
      await pane.waitForSquiggles('warning', 1);
      await chooseTheme(theme, workbench);
      await shoot('1-findings');
      expect(await hover(pane, 'secrets', 20)).toContain('secrets is written by aescbc/key1.');
      await page.keyboard.press('Escape');
      const told = await hover(pane, 'identity', 11);
      expect(told).toContain('it reads what was stored before encryption was enabled');
      expect(told).toContain('It does not come first: it only reads');
      await shoot('2-hover');
      await page.keyboard.press('Escape');
      const fixes = await pane.quickFixes(lineOf('secret: '), 25);
      expect(fixes).toContain('Move Keys Out…');
      await shoot('3-quick-fix');
      await page.keyboard.press('Escape');
      await workbench.openFile('etcd/new-encryption-config.yaml');
      await pane.goTo(7, 9);
      await workbench.run('Trigger Suggest');
      const row = page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: 'secretbox' });
      await row.first().waitFor();
      await shoot('4-completion');
      await page.keyboard.press('Escape');
    });

    it('completes a provider with what belongs to it', async () => {
      const { workbench } = window();
      const { editor: pane, page } = workbench;
      await workbench.openFile('etcd/new-encryption-config.yaml');
      await pane.goTo(7, 9);
      await workbench.run('Trigger Suggest');
      const row = page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: 'secretbox' });
      await row.first().click();
      const text = await pane.waitForText('secretbox:');
      expect(text).toContain(
        '      - secretbox:\n          keys:\n            - name: key1\n              secret: <base64 of the key>\n',
      );
      await page.keyboard.press('Escape');
      await pane.undo();
    });

    it('makes one with a key of its own, which is on no disk in clear', async () => {
      const { workbench, folder } = window();
      const { quick } = workbench;
      await workbench.run('Purser: New EncryptionConfiguration…');
      await quick.pick('secretbox');
      // One box follows the other: what is typed too early would go into the one before.
      const answer = async (asked: string, text: string) => {
        await quick.widget.filter({ hasText: asked }).waitFor();
        await quick.answer(text);
      };
      await answer('Which resources?', 'secrets, configmaps');
      await answer('Name of the key.', 'key-2031');
      await quick.pick('Encrypted, in the Workspace…');
      await answer('Name of the encrypted file', 'etcd/made.yaml.enc');
      await quick.pick('local:mine');
      await workbench.waitForToast('etcd/made.yaml.enc is written, encrypted.');
      expect(readFileSync(join(folder, 'etcd/made.yaml.enc'), 'utf8')).toMatch(/^gAAAA[\w=-]+$/);
      expect(readFileSync(join(folder, '.purser.yaml'), 'utf8')).toContain('path: "etcd/made.yaml.enc"');
    });

    it('moves keys out: the file in clear is gone, and so is its editor', async () => {
      const { workbench, folder } = window();
      const { editor: pane, quick, page } = workbench;
      const moved = 'etcd/moved-encryption-config.yaml';
      await workbench.openFile(moved);
      await pane.waitForSquiggles('error', 2);
      await pane.quickFix('Move Keys Out…', lineOf('secret: '), 25);
      const { message, detail } = await workbench.dialog();
      expect(message).toBe(`Move the keys out of ${moved}?`);
      expect(detail).toMatch(/rotate/i);
      await workbench.screenshot('at-rest-5-move-keys-out');
      await workbench.press('Move Keys Out');
      await quick.pick('local:mine');
      await workbench.waitForToast(`The keys are in ${moved}.enc, encrypted.`);
      expect(existsSync(join(folder, moved))).toBe(false);
      await page
        .locator('.tab')
        .filter({ hasText: 'moved-encryption-config.yaml' })
        .waitFor({ state: 'detached' });
      expect(readFileSync(join(folder, `${moved}.enc`), 'utf8')).toMatch(/^gAAAA[\w=-]+$/);
    });
  });
});
