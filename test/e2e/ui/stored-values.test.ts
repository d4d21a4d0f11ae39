import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { storedValueKey } from '../../../src/crypto/at-rest/stored-key.ts';
import { generateFernetKey, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { canary } from '../../host/canary.mjs';
import type { Workbench } from '../../host/workbench.mjs';
import { etcdFile } from '../../support/etcd-records.ts';
import { sealed, storedSecret } from '../../support/stored-values.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { chooseTheme, themes } from './themes.ts';

const secret = 'velvet-anchor-1987-drumstick-fox';
const path = '/registry/secrets/default/db';
const inspect = 'Purser: Inspect Stored Value…';
const audit = 'Purser: Audit etcd Snapshot…';

const keyBytes = new Uint8Array(randomBytes(32));
const key = storedValueKey('secretbox', 'key1', new Plaintext(keyBytes));
const configuration = `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets, configmaps]
    providers:
      - secretbox: {keys: [{name: key1, secret: ${Buffer.from(keyBytes).toString('base64')}}]}
      - identity: {}
`;
const stored = storedSecret('db', { password: secret, user: 'shop' });
const value = sealed(key, stored, path);
const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
/** As `etcdctl get -w json` prints a value. */
const printed = (bytes: Uint8Array) =>
  JSON.stringify({ header: {}, kvs: [{ key: base64(path), value: base64(bytes) }], count: 1 });

const fernet = generateFernetKey();
const files = {
  '.purser.yaml': `version: 1
rules:
  - path: "**/*.enc"
    scheme: fernet
    keys: [local:ops]
    whole: true
`,
  'prod/encryption.yaml': configuration,
  'prod/encryption.yaml.enc': sealFernet(
    Buffer.from(configuration),
    readFernetKey(Buffer.from(fernet), 'ops'),
    {
      now: new Date(),
    },
  ),
};
const keys = { 'ops.fernet': fernet };

const clear = 'k8s\0';
const box = 'k8s:enc:secretbox:v1:key1:box';
const snapshot = etcdFile([
  { key: '/registry/secrets/shop/db', value: clear },
  { key: '/registry/secrets/shop/mail', value: clear },
  { key: '/registry/configmaps/shop/settings', value: clear },
  { key: '/registry/secrets/shop/db', value: box },
]);
const outside = mkdtempSync(join(tmpdir(), 'purser-stored-'));
const put = (name: string, ...parts: readonly Uint8Array[]) => {
  const file = join(outside, name);
  writeFileSync(file, Buffer.concat(parts));
  return file;
};
afterAll(() => rmSync(outside, { recursive: true, force: true }));
const valueFile = put('value', value);
const snapshotFile = put('snapshot.db', snapshot, createHash('sha256').update(snapshot).digest());
const cutFile = put('cut.db', snapshot.subarray(0, snapshot.length - 4096));

/** Inspects a value that is on the clipboard, with a configuration. */
async function inspectCopied(workbench: Workbench, text: string, configured?: string): Promise<void> {
  const { quick } = workbench;
  await workbench.setClipboard(text);
  await workbench.run(inspect);
  await quick.pick('From the Clipboard');
  if (configured !== undefined) await quick.pick(configured);
}

async function closeQuick({ page, quick }: Workbench): Promise<void> {
  await page.keyboard.press('Escape');
  await quick.field.waitFor({ state: 'hidden' });
}

describeInEditor('what etcd holds', (editor) => {
  describeInWindow(editor, 'in the window', { files, keys }, (window) => {
    it('shows a value from a file: who wrote it, and its fields masked', async () => {
      const { workbench, roots } = window();
      const { quick, page } = workbench;
      await workbench.openFile('prod/encryption.yaml');
      await workbench.run(inspect);
      await quick.pick('From a File…');
      await quick.answerFile(valueFile);
      await quick.answer(path);
      await quick.pick('prod/encryption.yaml');
      await quick.row('Written with the secretbox key key1').waitFor();
      const labels = await quick.labels();
      expect(labels[0]).toContain(path);
      expect(labels[1]).toMatch(/Secret default\/db.*v1 · Opaque/);
      expect(labels[2]).toMatch(/^data\.password\s*••••••••/);
      expect(await page.locator('body').innerText()).not.toContain(secret);
      await quick.pressRowButton('data.password', 'Reveal');
      await quick.row(secret).waitFor();
      await closeQuick(workbench);
      expect(await page.locator('body').innerText()).not.toContain(secret);
      expect(await canary(roots, secret)).toEqual([]);
    });

    it('shows one that etcdctl printed, with a configuration that is encrypted', async () => {
      const { workbench, folder } = window();
      const { quick } = workbench;
      await inspectCopied(workbench, printed(value), 'Choose a File…');
      await quick.answerFile(join(folder, 'prod/encryption.yaml.enc'));
      await quick.row('Written with the secretbox key key1').waitFor();
      await quick.row('data.password').waitFor();
      await closeQuick(workbench);
    });

    it('says who wrote what it does not open, and takes what is in plaintext as it is', async () => {
      const { workbench } = window();
      const { quick } = workbench;
      await inspectCopied(workbench, printed(value), 'None');
      await quick.row('name the EncryptionConfiguration that holds that key').waitFor();
      await closeQuick(workbench);
      await inspectCopied(workbench, printed(stored));
      await quick.row('Stored in plaintext (identity)').waitFor();
      await quick.row('data.password').waitFor();
      await closeQuick(workbench);
      await inspectCopied(workbench, '{"header":{}}');
      expect(await workbench.waitForToast('There is no value of etcd in it')).toContain(
        'etcdctl get -w json',
      );
    });

    it('audits a snapshot into a document of names, which cannot be changed', async () => {
      const { workbench } = window();
      const { quick, editor: pane, page } = workbench;
      await workbench.run(audit);
      await quick.answerFile(snapshotFile);
      await quick.pick('prod/encryption.yaml');
      const text = await pane.waitForText('In plaintext that should be encrypted: 3 values');
      expect(text).toContain('secrets shop/mail, revision 3, current');
      expect(text).toContain('secrets shop/db, revision 2, replaced');
      expect(text).toContain('1 current value of configmaps was not written by secretbox key1');
      await page.locator('.tab.active[aria-label*="Audit of snapshot.db"]').waitFor();
      await pane.type('x');
      expect(await pane.text()).toBe(text);
    });

    it('says in one sentence that a snapshot is cut short', async () => {
      const { workbench } = window();
      const { quick } = workbench;
      await workbench.run(audit);
      await quick.answerFile(cutFile);
      await quick.pick('None');
      expect(await workbench.waitForToast('it is cut short')).toContain('etcdctl snapshot save');
    });

    it.each(themes)('is drawn in $label', async (theme) => {
      const { workbench } = window();
      const { quick, editor: pane } = workbench;
      await workbench.run('View: Close All Editors');
      await chooseTheme(theme, workbench);
      await inspectCopied(workbench, printed(value), 'prod/encryption.yaml');
      await quick.pressRowButton('data.user', 'Reveal');
      await workbench.screenshot(`${theme.shot}-stored-1-value`);
      await closeQuick(workbench);
      await workbench.run(audit);
      await quick.answerFile(snapshotFile);
      await quick.row('prod/encryption.yaml').waitFor();
      await workbench.screenshot(`${theme.shot}-stored-2-configuration`);
      await quick.pick('None');
      await pane.waitForText('In plaintext');
      await workbench.screenshot(`${theme.shot}-stored-3-audit`);
    });
  });
});
