import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { type FoundFile, RepositoryScan } from '../../../src/app/repository-scan.ts';
import type { FileReport } from '../../../src/app/scan-file.ts';
import { Failure } from '../../../src/core/errors.ts';
import { BlockingFiles } from '../../../src/node/blocking-files.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { privateKeyFiles } from '../../support/keys.ts';
import { allSchemes } from '../../support/schemes.ts';
import { Workspace } from '../../support/workspace.ts';

const secret = (password: string) =>
  `kind: Secret\nmetadata: {name: main}\nstringData:\n  password: ${password}\n`;
const plaintext = secret('s3cr3t-Xy9Zz');

describe('a scan of many files', () => {
  let workspace: Workspace;
  let scan: RepositoryScan;
  beforeEach(() => {
    workspace = new Workspace();
    workspace.folder('.git');
    const files = new BlockingFiles();
    const none = { read: async () => undefined };
    scan = new RepositoryScan({
      files,
      policies: new PolicyFinder(files, () => workspace.root),
      keys: new KeyRing(files, new KeyFolder(() => workspace.path('no-keys'), files), none),
      registry: allSchemes(),
      repository: { holds: async () => true },
      shownPath: (path) => files.relative(workspace.root, path),
    });
  });
  afterEach(() => workspace.remove());

  const found = (path: string): FoundFile => ({
    path: workspace.path(path),
    problem: undefined,
    read: () => new BlockingFiles().readNow(workspace.path(path)),
  });
  const look = async (path: string, content: string | Uint8Array) => {
    workspace.write(path, content);
    return await scan.look(found(path));
  };
  const rules = (report: FileReport | undefined) =>
    report?.findings.map(({ rule, level, path }) => `${path} ${rule} ${level}`);

  it('reports what it finds, by the name the caller gives', async () => {
    expect(rules(await look('a/b.yaml', plaintext))).toEqual(['a/b.yaml plaintext-secret error']);
    expect(rules(await look('a/c.yaml', 'kind: ConfigMap\n'))).toEqual([]);
    expect(rules(await look('a/d.yaml', plaintext))).toEqual(['a/d.yaml plaintext-secret error']);
  });

  it('goes on after a file that cannot be read, in whichever place it comes', async () => {
    for (const _time of [1, 2]) {
      const gone = await scan.look(found('a/gone.yaml'));
      expect(gone?.problems).toMatchObject([{ path: 'a/gone.yaml' }]);
      expect(rules(await look('a/b.yaml', plaintext))).toHaveLength(1);
    }
    const told = await scan.look({ ...found('a/x'), problem: 'the folder cannot be read' });
    expect(told?.problems).toEqual([{ path: 'a/x', line: undefined, message: 'the folder cannot be read' }]);
    expect((await look('a/binary.yaml', new Uint8Array([1, 0, 2])))?.problems).toHaveLength(1);
  });

  it('does not hide a bug behind a problem', async () => {
    const broken = {
      ...found('a.yaml'),
      read: () => {
        throw new TypeError('a bug');
      },
    };
    await expect(async () => scan.look(broken)).rejects.toThrow('a bug');
    await look('b.yaml', plaintext);
    await expect(async () => scan.look(broken)).rejects.toThrow('a bug');
    const failing = {
      ...found('a.yaml'),
      read: () => {
        throw new Failure('file.unreadable', { reason: 'it is gone' }, { path: 'a.yaml' });
      },
    };
    expect((await scan.look(failing))?.problems).toHaveLength(1);
  });

  it('obeys the policy of each folder', async () => {
    workspace.write(
      'a/.purser.yaml',
      'version: 1\nrules: [{path: "sealed/**", scheme: fernet, keys: [local:k]}]\nignore: [samples/**]\nseverity: {value-pitfall: off}\n',
    );
    expect(rules(await look('b/x.yaml', plaintext))).toEqual(['b/x.yaml plaintext-secret error']);
    expect(rules(await look('a/sealed/x.yaml', plaintext))).toEqual([
      'a/sealed/x.yaml unencrypted-by-policy error',
    ]);
    expect(await look('a/samples/x.yaml', plaintext)).toBeUndefined();
    expect(rules(await look('a/x.yaml', plaintext))).toEqual(['a/x.yaml plaintext-secret error']);
  });

  it('tells what is wrong with a policy once', async () => {
    workspace.write('a/.purser.yaml', 'version: 1\nrulez: []\n');
    expect((await look('a/x.yaml', plaintext))?.problems).toMatchObject([{ path: 'a/.purser.yaml' }]);
    expect((await look('a/b/y.yaml', plaintext))?.problems).toEqual([]);
  });

  it('wants a whole file sealed, whatever stands in it', async () => {
    workspace.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "**/*.key", scheme: fernet, keys: [local:k], whole: true}]\n',
    );
    expect(rules(await look('a.key', 'anything\n'))).toEqual(['a.key unencrypted-by-policy error']);
    const binary = await look('b.key', new Uint8Array([0, 1, 0xff, 0]));
    expect(rules(binary)).toEqual(['b.key unencrypted-by-policy error']);
    expect(binary?.problems).toEqual([]);
  });

  it('passes over what was only come upon, unless policy wants it sealed as a whole', async () => {
    workspace.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "*.enc", scheme: fernet, keys: [local:k], whole: true}]\nignore: [ignored.*]\n',
    );
    const met = (name: string, onlyWhole: boolean, problem?: string) =>
      scan.look({ path: workspace.path(name), problem, onlyWhole, read: () => Buffer.from('anything') });
    expect(await met('a.txt', true)).toBeUndefined();
    expect(await met('b.txt', true, 'a pipe')).toBeUndefined();
    expect(rules(await met('c.enc', true))).toEqual(['c.enc unencrypted-by-policy error']);
    expect((await met('d.enc', true, 'a pipe'))?.problems).toMatchObject([{ message: 'a pipe' }]);
    expect((await met('e.yaml', false, 'a pipe'))?.problems).toMatchObject([{ message: 'a pipe' }]);
    expect(await met('ignored.yaml', false, 'a pipe')).toBeUndefined();
  });

  it('looks for keys in what has the name of a key file, and for nothing else', async () => {
    const key = privateKeyFiles['RSA in PKCS#8'] ?? '';
    expect(rules(await look('tls.key', key))).toEqual(['tls.key private-key-in-repo error']);
    expect(rules(await look('a.pem', plaintext))).toEqual([]);
    const keyring = await look('ring.gpg', new Uint8Array([0x99, 0, 1, 2]));
    expect([keyring?.findings, keyring?.problems]).toEqual([[], []]);
  });

  it('follows what a kustomization makes Secrets of', async () => {
    workspace.write('a/prod.env', 'PASSWORD=s3cr3t-Xy9Zz\n');
    const report = await look(
      'a/kustomization.yaml',
      'secretGenerator:\n- name: a\n  envs: [prod.env, ../../out.env]\n',
    );
    expect(report?.elsewhere).toMatchObject([
      {
        path: workspace.path('a/prod.env'),
        findings: [{ path: 'a/prod.env', level: 'error', range: { start: { line: 1, column: 10 } } }],
      },
    ]);
  });

  it('knows the names of a rule’s keys where it meets ciphertext', async () => {
    workspace.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "**", scheme: secretbox, keys: [local:new], opened-by: pipeline}]\n',
    );
    const token = `k8s:enc:secretbox:v1:old:${Buffer.alloc(60, 1).toString('base64')}`;
    const report = await look('a.yaml', secret(token));
    expect(rules(report)).toEqual(['a.yaml wrong-recipient warning']);
    expect([report?.sealed, report?.tokens.length]).toEqual([true, 1]);
  });
});
