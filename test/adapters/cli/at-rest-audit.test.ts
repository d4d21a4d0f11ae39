import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';
import { etcdFile } from '../../support/etcd-records.ts';

const { sandbox } = useCli();
const configured = (name: string, resources = 'secrets') =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n  - secretbox: {keys: [{name: "${name}", secret: "${Buffer.alloc(32, 7).toString('base64')}"}]}\n  - identity: {}\n`;
const snapshot = etcdFile([
  { key: '/registry/secrets/default/a', value: 'k8s\0' },
  { key: '/registry/secrets/default/b', value: 'k8s:enc:secretbox:v1:team:a:x' },
  { key: '/registry/configmaps/default/m', value: 'k8s\0' },
]);
const withChecksum = (file: Buffer) => Buffer.concat([file, createHash('sha256').update(snapshot).digest()]);

describe('purser atrest audit', () => {
  it('lists Secrets in plaintext by name, and ends with 1', async () => {
    const repo = sandbox();
    repo.write('snap.db', withChecksum(snapshot));
    const ran = await repo.run(['atrest', 'audit', 'snap.db']);
    expect(ran).toMatchObject({ code: 1, stderr: '' });
    expect(ran.stdout).toContain('The checksum is right.');
    expect(ran.stdout).toContain('secrets     secretbox team        1\n');
    expect(ran.stdout).toContain(
      'In plaintext that should be encrypted: 1 value\n  secrets default/a, revision 2, current\n',
    );
  });

  it('knows names of keys and what is to be encrypted by a configuration', async () => {
    const repo = sandbox();
    repo.write('snap.db', withChecksum(snapshot));
    repo.write('encryption.yaml', configured('team:a', 'secrets, configmaps'));
    const ran = await repo.run([
      'atrest',
      'audit',
      'snap.db',
      '--config',
      'encryption.yaml',
      '--format',
      'json',
    ]);
    expect(ran.code).toBe(1);
    const { plaintext, counts } = JSON.parse(ran.stdout);
    expect(plaintext.map(({ resource, name }: Record<string, string>) => `${resource} ${name}`)).toEqual([
      'configmaps default/m',
      'secrets default/a',
    ]);
    expect(counts).toContainEqual(expect.objectContaining({ key: 'team:a', current: 1 }));
  });

  it('ends with 1 where the configuration cannot read what is stored, in JSON too', async () => {
    const repo = sandbox();
    repo.write(
      'db',
      etcdFile([{ key: '/registry/secrets/default/b', value: 'k8s:enc:secretbox:v1:key1:x' }]),
    );
    repo.write('encryption.yaml', configured('key2'));
    const audit = ['atrest', 'audit', 'db', '--config', 'encryption.yaml'];
    const ran = await repo.run(audit);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('for:\n  secrets, secretbox key1: 1 current value\n');
    const { withoutKey } = JSON.parse((await repo.run([...audit, '--format', 'json'])).stdout);
    expect(withoutKey).toEqual([{ resource: 'secrets', provider: 'secretbox', key: 'key1', current: 1 }]);
    repo.write('encryption.yaml', configured('key1'));
    expect((await repo.run(audit)).code).toBe(0);
  });

  it('takes no configuration that kube-apiserver does not read', async () => {
    const repo = sandbox();
    repo.write('db', etcdFile([{ key: '/registry/secrets/default/b', value: 'k8s\0' }]));
    repo.write('encryption.yaml', configured('key1').replace('providers:', 'provider:'));
    const ran = await repo.run(['atrest', 'audit', 'db', '--config', 'encryption.yaml']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^purser: encryption\.yaml:5: .*unknown field "resources\[0\]\.provider"/);
  });

  it('ends with 0 where nothing is in plaintext that should not be', async () => {
    const repo = sandbox();
    repo.write(
      'db',
      etcdFile([{ key: '/registry/secrets/default/b', value: 'k8s:enc:secretbox:v1:key1:x' }]),
    );
    const ran = await repo.run(['atrest', 'audit', 'db']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Nothing that should be encrypted is in plaintext.');
  });

  const altered = Buffer.from(snapshot);
  altered[9_000] = (altered[9_000] ?? 0) ^ 1;
  it.each([
    ['cut short', snapshot.subarray(0, snapshot.length - 4096), /it is cut short/],
    ['altered', withChecksum(altered), /is not as it was saved/],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, ...Buffer.alloc(9_000)]), /compressed/],
    ['encrypted', Buffer.from(`age-encryption.org/v1\n${'x'.repeat(9_000)}`), /encrypted/],
    ['something else', Buffer.alloc(9_000, 'wal'), /neither of its meta pages/],
    ['empty', Buffer.alloc(0), /too short/],
  ])('a snapshot that is %s is one sentence', async (_, bytes, sentence) => {
    const repo = sandbox();
    repo.write('snap.db', bytes);
    const ran = await repo.run(['atrest', 'audit', 'snap.db']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^purser: snap\.db: [^\n]+\n$/);
    expect(ran.stderr).toMatch(sentence);
  });

  it.each([
    [['.'], /it is not a file/],
    [['none'], /there is no such file/],
    [['-'], /name its file/],
    [[], /takes one snapshot/],
    [['none', '--format', 'xml'], /text or json/],
  ])('%j is one sentence', async (args, sentence) => {
    const ran = await sandbox().run(['atrest', 'audit', ...args]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(sentence);
  });
});

describe('purser atrest lint', () => {
  it("prints kube-apiserver's words with their places, and advice", async () => {
    const repo = sandbox();
    repo.write('good.yaml', configured('key1'));
    expect(await repo.run(['atrest', 'lint', 'good.yaml'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'purser: good.yaml: kube-apiserver takes it\n',
    });
    repo.write('bad.yaml', configured('key1').replace(/secret: "[^"]+"/, 'secret: c2hvcnQ='));
    const bad = await repo.run(['atrest', 'lint', 'bad.yaml']);
    expect(bad).toMatchObject({
      code: 1,
      stderr: 'purser: bad.yaml: kube-apiserver does not start with it\n',
    });
    expect(bad.stdout).toMatch(
      /^bad\.yaml:6:\d+: error at-rest\/invalid-configuration: resources\[0\]\.providers\[0\]\.secretbox\.keys\[0\]\.secret: Invalid value: "REDACTED": secret is not of the expected length, got 5, expected one of \[32\]\n$/,
    );
  });

  it('is told what kind of server it is for', async () => {
    const repo = sandbox();
    const kms = configured('key1').replace('identity: {}', 'kms: {name: a, endpoint: "unix:///a"}');
    repo.write('kms.yaml', kms);
    expect((await repo.run(['atrest', 'lint', 'kms.yaml'])).code).toBe(1);
    expect((await repo.run(['atrest', 'lint', '--kms-v1', 'kms.yaml'])).code).toBe(0);
    const twice = kms.replace(/( {2}- kms.*\n)/, '$1$1');
    expect((await repo.run(['atrest', 'lint', '--kms-v1', '-'], { input: twice })).code).toBe(0);
    expect((await repo.run(['atrest', 'lint', '--kms-v1', '--reload', '-'], { input: twice })).code).toBe(1);
  });

  it('is one sentence where there is no file', async () => {
    const ran = await sandbox().run(['atrest', 'lint', 'none.yaml']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^purser: none\.yaml: it cannot be read/);
  });
});
