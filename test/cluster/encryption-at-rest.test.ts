import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resourceText } from '../../src/vscode/clusters/encryption-words.ts';
import { useCli } from '../support/cli.ts';
import { migrationFlags, startMigrator } from '../support/controller-manager.ts';
import { describeKubeApi, itWith } from '../support/describe-kube-api.ts';
import { head } from '../support/encryption-configurations.ts';
import { DrivenRotation, secrets } from './driven-rotation.ts';
import { EncryptionDrive, valueOf } from './encryption-drive.ts';

const newKey = () => randomBytes(32).toString('base64');
const keys = { key1: newKey(), 'team:2': newKey(), cbc: newKey(), gcm: newKey() };
const sealed = (kind: string, name: keyof typeof keys) =>
  `  - ${kind}:\n      keys:\n      - name: ${name}\n        secret: ${keys[name]}\n`;
const others = `- resources: [podtemplates, sealedsecrets.bitnami.com]\n  providers:\n${sealed('aesgcm', 'gcm')}  - identity: {}\n`;
const firstConfiguration = `${head}resources:
# Whoever changes this changes it on every node.
- resources: [secrets]
  providers:
${sealed('secretbox', 'key1')}  - identity: {}
${others}`;
const template = {
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 'worker', namespace: 'default' },
  template: { spec: { containers: [{ name: 'worker', image: 'worker' }] } },
};
const custom = {
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name: 'old', namespace: 'default' },
  spec: { encryptedData: {} },
};
const [templatePath, customPath] = [
  '/registry/podtemplates/default/worker',
  '/registry/bitnami.com/sealedsecrets/default/old',
];
const names = ['a', 'b', 'c', 'd'];
const plaintext = 'stored in plaintext';

describeKubeApi('encryption at rest of a real cluster, from none over a rotation to none', () => {
  const { sandbox } = useCli();
  let drive: EncryptionDrive;
  let rotation: DrivenRotation;
  const made = () => names.slice(0, count);
  let count = 0;

  beforeAll(async () => {
    const repository = sandbox();
    for (const secret of [...Object.values(keys), ...names.map(valueOf)]) repository.secret(secret);
    drive = await EncryptionDrive.start(repository, { flags: migrationFlags });
    drive.write(firstConfiguration);
    await drive.api.applyCrds('sealed-secrets');
    await drive.api.kubectl(['apply', '-f', '-'], JSON.stringify(custom));
  });
  afterAll(async () => {
    await drive?.stop();
  });

  const create = async () => {
    await drive.create(names[count++] ?? '');
  };

  /** What every surface says: the row of the tree and why, and who wrote the Secrets' current values by their raw bytes. */
  const seen = async () => {
    const { resources, files } = await drive.report();
    const [reported] = resources;
    const written: Record<string, string> = {};
    for (const name of made()) {
      const [by = '', value] = (await drive.read(name)).split(': ');
      expect(value, `the password of ${name}`).toBe(valueOf(name));
      written[name] = by.replace(/^written with the (\S+) key /, '$1/');
    }
    const [file] = files.map(({ verdict }) => verdict);
    return { row: resourceText(reported), why: reported.judged.reasons.join(), file, written };
  };

  it('begins with none', async () => {
    await create();
    await create();
    expect(await seen()).toEqual({
      row: 'None · plaintext',
      why: 'no-configuration',
      file: 'unknown',
      written: { a: plaintext, b: plaintext },
    });
    expect(await drive.audit()).toEqual({
      code: 1,
      stored: ['identity 2+0'],
      plaintext: ['default/b current', 'default/a current'],
    });
  });

  it('is warned of a file that writes with a key which no API server reads yet', async () => {
    rotation = new DrivenRotation(drive, { from: 'identity', to: 'secretbox/key1' }, keys.key1);
    expect(await rotation.next()).toBe('roll-out-swapped: server-without-key');
  });

  it('is partial where secretbox writes and identity reads', async () => {
    await drive.rollOut();
    await create();
    await drive.api.kubectl(['apply', '-f', '-'], JSON.stringify(template));
    expect(await seen()).toEqual({
      row: 'Partial · secretbox key1',
      why: 'plaintext-read',
      file: 'runs',
      written: { a: plaintext, b: plaintext, c: 'secretbox/key1' },
    });
    expect(await drive.audit()).toEqual({
      code: 1,
      stored: ['identity 2+0', 'secretbox/key1 1+0'],
      plaintext: ['default/b current', 'default/a current'],
    });
    expect(await rotation.next()).toBe('re-encrypt: stale-unknown');
    await rotation.audit();
    expect(await rotation.next()).toBe('re-encrypt: stale 2');
  });

  it('is of other resources by the rule for them, custom ones too', async () => {
    expect(await drive.read('worker', templatePath)).toBe(
      'written with the aesgcm key gcm: PodTemplate worker',
    );
    expect(await drive.read('old', customPath)).toBe(`${plaintext}: SealedSecret old`);
    const sealedSecrets = { group: 'bitnami.com', resource: 'sealedsecrets' };
    expect(await drive.reEncrypt('replace', sealedSecrets)).toMatchObject({ written: 1, failed: [] });
    expect(await drive.read('old', customPath)).toBe('written with the aesgcm key gcm: SealedSecret old');
    expect((await drive.audit(undefined, 'sealedsecrets.bitnami.com')).stored).toEqual([
      'aesgcm/gcm 1+0',
      'identity 0+1',
    ]);
    const { resources } = await drive.report();
    expect(resources.map((one) => [one.resource, resourceText(one)])).toEqual([
      ['secrets', 'Partial · secretbox key1'],
      ['podtemplates', 'Active · aesgcm gcm'],
      ['sealedsecrets.bitnami.com', 'Partial · aesgcm gcm'],
    ]);
  });

  it('has all rewritten, and nothing else changed', async () => {
    const before = await metadata();
    expect(await rotation.reEncrypt('replace')).toBe(3);
    expect(await metadata()).toEqual(before);
    expect(await seen()).toEqual({
      row: 'Partial · secretbox key1',
      why: 'plaintext-read',
      file: 'runs',
      written: { a: 'secretbox/key1', b: 'secretbox/key1', c: 'secretbox/key1' },
    });
    expect(await drive.audit()).toEqual({
      code: 1,
      stored: ['identity 0+2', 'secretbox/key1 3+0'],
      plaintext: ['default/b superseded', 'default/a superseded'],
    });
    expect(await rotation.next()).toBe('remove: edit');
  });

  it('is active without identity', async () => {
    await rotation.change('remove');
    expect(await rotation.next()).toBe('done');
    expect(drive.bytes.toString()).toBe(firstConfiguration.replace('  - identity: {}\n', ''));
    await drive.rollOut();
    expect(await seen()).toMatchObject({ row: 'Active · secretbox key1', why: 'one-writer', file: 'runs' });
  });

  it('has a second key that reads, once it is rolled out and kept', async () => {
    rotation = new DrivenRotation(drive, { from: 'secretbox/key1', to: 'secretbox/team:2' }, keys['team:2']);
    expect(await rotation.next()).toBe('add: edit');
    await rotation.change('add');
    expect(await rotation.next()).toBe('roll-out-added: other-configuration');
    await drive.rollOut();
    expect(await rotation.next()).toBe('verify: not-backed-up');
    rotation.backUp();
    expect(await rotation.next()).toBe('swap: edit');
    expect(await seen()).toMatchObject({ row: 'Active · secretbox key1', why: 'one-writer', file: 'runs' });
  });

  it('is partial where the second key writes', async () => {
    await rotation.change('swap');
    expect(await rotation.next()).toBe('roll-out-swapped: other-configuration');
    await drive.rollOut();
    await create();
    expect(await seen()).toEqual({
      row: 'Partial · secretbox team:2',
      why: 'other-key-read',
      file: 'runs',
      written: { a: 'secretbox/key1', b: 'secretbox/key1', c: 'secretbox/key1', d: 'secretbox/team:2' },
    });
    await rotation.audit();
    expect(await rotation.next()).toBe('re-encrypt: stale 3');
  });

  itWith('etcdctl', 'is read from what etcdctl prints', async () => {
    const path = '/registry/secrets/default/d';
    const said = `written with the secretbox key team:2: ${valueOf('d')}`;
    expect(await drive.readPrinted(['get', path, '-w', 'json'])).toBe(said);
    expect(await drive.readPrinted(['get', path, '--print-value-only', '--hex'], path)).toBe(said);
  });

  it('would lose what the old key wrote if that were removed now, as the checklist says', async () => {
    const whole = drive.bytes.toString();
    drive.write(whole.replace(new RegExp(` *- name: key1\n *secret: .*\n`), ''));
    expect(await rotation.next()).toBe('re-encrypt: removed-early');
    await expect(drive.rollOut(10)).rejects.toThrow('no matching key was found');
    expect(await drive.read('a')).toMatch(/secretbox key key1, which the configuration does not have/);
    drive.write(whole);
    await drive.rollOut();
    expect(await drive.api.kubectl(['get', 'secret', 'a', '-o', 'name'])).toBe('secret/a\n');
    expect(await rotation.next()).toMatch(/^re-encrypt: stale/);
  });

  itWith(
    'kube-controller-manager',
    'has all rewritten by a storage version migration of its own controller',
    async () => {
      const session = await drive.session();
      expect(await session.waysToReEncrypt(secrets, AbortSignal.timeout(10_000))).toEqual([
        'storage-version-migration',
        'replace',
      ]);
      const stop = startMigrator(drive.api);
      try {
        await rotation.reEncrypt('storage-version-migration');
      } finally {
        await stop();
      }
      expect((await drive.audit()).stored).toContain('secretbox/team:2 4+0');
      expect(await rotation.next()).toBe('remove: edit');
    },
  );

  it('has all rewritten by the second key', async () => {
    await rotation.reEncrypt('replace');
    await rotation.audit();
    expect(await rotation.next()).toBe('remove: edit');
    expect(new Set(Object.values((await seen()).written))).toEqual(new Set(['secretbox/team:2']));
    expect((await drive.audit()).stored).toEqual([
      'identity 0+2',
      'secretbox/key1 0+3',
      'secretbox/team:2 4+0',
    ]);
  });

  it('is active without the old key', async () => {
    await rotation.change('remove');
    await drive.rollOut();
    expect(await rotation.next()).toBe('done');
    expect(await seen()).toMatchObject({ row: 'Active · secretbox team:2', why: 'one-writer', file: 'runs' });
  });

  it('goes over to another provider in the same steps', async () => {
    rotation = new DrivenRotation(drive, { from: 'secretbox/team:2', to: 'aescbc/cbc' }, keys.cbc);
    await rotation.change('add');
    await drive.rollOut();
    rotation.backUp();
    await rotation.change('swap');
    await drive.rollOut();
    expect(await rotation.next()).toBe('re-encrypt: stale-unknown');
    expect(await rotation.reEncrypt('replace')).toBe(4);
    expect(await seen()).toEqual({
      row: 'Partial · aescbc cbc',
      why: 'other-key-read',
      file: 'runs',
      written: { a: 'aescbc/cbc', b: 'aescbc/cbc', c: 'aescbc/cbc', d: 'aescbc/cbc' },
    });
    await rotation.change('remove');
    await drive.rollOut();
    expect(await rotation.next()).toBe('done');
    expect(await seen()).toMatchObject({ row: 'Active · aescbc cbc', why: 'one-writer', file: 'runs' });
  });

  it('is none while it is decrypted', async () => {
    rotation = new DrivenRotation(drive, { from: 'aescbc/cbc', to: 'identity' });
    await rotation.change('add');
    await drive.rollOut();
    await rotation.change('swap');
    await drive.rollOut();
    expect(await rotation.next()).toBe('re-encrypt: stale-unknown');
    expect(await rotation.reEncrypt('replace')).toBe(4);
    expect(await seen()).toEqual({
      row: 'None · plaintext',
      why: 'still-decrypting',
      file: 'runs',
      written: { a: plaintext, b: plaintext, c: plaintext, d: plaintext },
    });
    expect((await drive.audit()).plaintext.slice(0, 4).toSorted()).toEqual(
      names.map((name) => `default/${name} current`),
    );
  });

  it('ends with none', async () => {
    await rotation.change('remove');
    expect(await rotation.next()).toBe('done');
    await drive.api.kubectl(['delete', 'podtemplates,sealedsecrets', '--all']);
    await drive.withoutConfiguration();
    expect(await seen()).toMatchObject({ row: 'None · plaintext', why: 'no-configuration', file: 'unknown' });
  });

  itWith('etcdctl', 'gives through its gateway the snapshot that etcdctl saves', async () => {
    const saved = await drive.audit();
    expect(saved.stored).toContain('aescbc/cbc 0+4');
    expect(await drive.audit(drive.snapshotOfGateway())).toEqual(saved);
  });

  async function metadata(): Promise<unknown> {
    const { items } = JSON.parse(
      await drive.api.kubectl(['get', 'secrets', '-o', 'json', '--show-managed-fields']),
    ) as {
      items: readonly { metadata: Record<string, unknown>; data: unknown }[];
    };
    return items.map(({ metadata, data }) => ({ ...metadata, resourceVersion: undefined, data }));
  }
});
