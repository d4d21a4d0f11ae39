import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exists } from '../../host/cache.mjs';
import type { Session } from '../../host/session.mjs';
import { until } from '../../host/until.mjs';
import { rsaPair, symmetricKey } from '../../support/workspace.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { secretManifest } from './manifest.ts';
import { fingerprintOfPem, tokensIn } from './sample.ts';

const plain = secretManifest('orders', { password: 'velvet-anchor-1987-drumstick-fox' });
const files = { 'apps/orders.yaml': plain };
const inFolder = 'In the key folder';
const inStorage = "In the editor's secret storage";

describeInEditor('keys', (editor) => {
  describeInWindow(editor, 'in a new repository', { files }, (window) => {
    it('creates a JWE key, backs it up at once and adds its public half', async () => {
      const { workbench, folder, server } = window();
      const { quick } = workbench;
      await workbench.openFile('apps/orders.yaml');
      await create(window(), 'JWE', 'team', inFolder);
      const kept = join(server.keys, 'team.pem');
      expect((await stat(kept)).mode & 0o777).toBe(0o600);
      expect(await readFile(kept, 'utf8')).toContain('-----BEGIN PRIVATE KEY-----');

      await workbench.pressToast('The key local:team is ready. Back it up now', 'Back Up Key…');
      // Where the dialog suggests it: at home, not in the repository.
      const backup = join(server.dir, 'home', 'team.pem');
      await quick.answerFile(backup);
      await workbench.waitForToast('The key local:team is backed up.');
      expect(await readFile(backup, 'utf8')).toBe(await readFile(kept, 'utf8'));
      expect((await stat(backup)).mode & 0o777).toBe(0o600);

      await workbench.pressToast('Add its public half to the repository', 'Add Public Key to Repository…');
      await until('the glob', async () => (await quick.field.inputValue()) === 'apps/**');
      await workbench.page.keyboard.press('Enter');
      const dialog = await workbench.dialog();
      await workbench.press('Add Key');
      await workbench.waitForToast('team.pub.pem is in the repository');
      const publicPem = await readFile(join(folder, '.purser/keys/team.pub.pem'), 'utf8');
      expect(dialog.detail).toContain(fingerprintOfPem(publicPem));
      const policy = await readFile(join(folder, '.purser.yaml'), 'utf8');
      expect(policy).toContain(`.purser/keys/team.pub.pem#${fingerprintOfPem(publicPem)}`);
      await workbench.editor.lens('Encrypt 1 value · jwe team.pub.pem').click();
      expect(tokensIn(await workbench.editor.waitForText('eyJ'))).toHaveLength(1);
      await workbench.editor.save();
    });

    it('refuses to forget a key that values are sealed to, unless its name is typed', async () => {
      const { workbench, server } = window();
      const { quick } = workbench;
      await workbench.run('Purser: Forget Key…');
      await quick.pick('team');
      await until('the question', async () =>
        (await quick.message.innerText()).includes('sealed to local:team'),
      );
      await quick.answer('tea');
      await workbench.page.keyboard.press('Escape');
      await quick.field.waitFor({ state: 'hidden' });
      expect(await exists(join(server.keys, 'team.pem'))).toBe(true);
      await workbench.run('Purser: Forget Key…');
      await quick.pick('team');
      await until('the question', async () =>
        (await quick.message.innerText()).includes('sealed to local:team'),
      );
      await quick.answer('team');
      await workbench.waitForToast('The key local:team is forgotten.');
      expect(await exists(join(server.keys, 'team.pem'))).toBe(false);
    });

    it('keeps symmetric keys in the secret storage too, where a reload leaves them', async () => {
      const { workbench } = window();
      await create(window(), 'Fernet', 'pipeline', inStorage);
      await create(window(), 'Secretbox', 'dev', inFolder);
      await workbench.reload();
      await workbench.run('Purser: Back Up Key…');
      expect((await workbench.quick.labels()).toSorted()).toEqual([
        'devsecretbox · the key folder',
        "pipelinefernet · the editor's secret storage",
      ]);
    });

    it('forgets an unused key after one question', async () => {
      const { workbench } = window();
      await workbench.run('Purser: Forget Key…');
      await workbench.quick.pick('pipeline');
      expect((await workbench.dialog()).message).toBe('Forget the key local:pipeline?');
      await workbench.press('Forget Key');
      await workbench.waitForToast('The key local:pipeline is forgotten.');
    });

    it('imports keys from the clipboard and clears it', async () => {
      const { workbench, server } = window();
      const { quick } = workbench;
      const key = symmetricKey().trim();
      await workbench.setClipboard(key);
      await workbench.run('Purser: Import Key…');
      await quick.pick('From the Clipboard');
      await quick.pick('Fernet');
      await named(window(), 'imported');
      await quick.pick(inFolder);
      await workbench.waitForToast('The key local:imported is kept in the key folder.');
      expect((await readFile(join(server.keys, 'imported.fernet'), 'utf8')).trim()).toBe(key);
      await workbench.waitForClipboard('');
    });

    it('adds a public key from the clipboard, pinned', async () => {
      const { workbench, folder } = window();
      const { quick } = workbench;
      const { publicPem } = rsaPair();
      await workbench.setClipboard(publicPem);
      await workbench.run('Purser: Add Public Key to Repository…');
      await quick.pick('From the Clipboard');
      await named(window(), 'partner');
      await until('the glob', async () => (await quick.field.inputValue()).endsWith('**'));
      await quick.answer('partner/**');
      expect((await workbench.dialog()).detail).toContain(fingerprintOfPem(publicPem));
      await workbench.press('Add Key');
      await workbench.waitForToast('partner.pub.pem is in the repository');
      expect(await readFile(join(folder, '.purser/keys/partner.pub.pem'), 'utf8')).toBe(publicPem);
      expect(await readFile(join(folder, '.purser.yaml'), 'utf8')).toContain(
        `.purser/keys/partner.pub.pem#${fingerprintOfPem(publicPem)}`,
      );
    });
  });
});

async function create(window: Session, kind: string, name: string, where: string): Promise<void> {
  const { workbench } = window;
  await workbench.run('Purser: Create Key…');
  await workbench.quick.pick(kind);
  await named(window, name);
  await workbench.quick.pick(where);
  await workbench.toast(`The key local:${name} is ready.`).waitFor();
}

/** Answers the question for a key's name; what is no name is refused. */
async function named({ workbench }: Session, name: string): Promise<void> {
  const { quick } = workbench;
  await until('the question', async () => /name of|name to/i.test(await quick.message.innerText()));
  await quick.answer('../../x');
  await until('it to be refused', async () => (await quick.message.innerText()).includes('1 to 63 letters'));
  await quick.answer(name);
}
