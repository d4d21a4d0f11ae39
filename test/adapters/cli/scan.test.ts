import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const clear = secretYaml('main', { username: 'ann', password: 'hunter2-canary' });

function repository(): Sandbox {
  const repo = sandbox();
  repo.secret('hunter2-canary');
  return repo;
}

describe('purser scan', () => {
  it('finds plaintext and exits with 1', async () => {
    const repo = repository();
    repo.write('deep/a.yaml', clear);
    const ran = await repo.run(['scan']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^deep\/a\.yaml:8:13: error plaintext-secret: stringData\.password of Secret db\/main is not encrypted/,
    );
    expect(ran.stdout.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toMatch(/^purser: 1 file, 1 document in \d+ ms: 1 error, 0 others\n$/);
  });

  it('prints the JSON that scripts rely on', async () => {
    const repo = repository();
    repo.write('a/b.yaml', `# é😀\n${clear}---\nkind: ConfigMap\n`);
    const ran = await repo.run(['scan', '--format', 'json', 'a']);
    expect(JSON.parse(ran.stdout)).toEqual({
      version: 1,
      scanned: {
        files: 1,
        documents: 2,
        bytes: Buffer.byteLength(`# é😀\n${clear}---\nkind: ConfigMap\n`),
        milliseconds: expect.any(Number),
      },
      findings: [
        {
          rule: 'plaintext-secret',
          level: 'error',
          path: 'a/b.yaml',
          range: { start: { line: 9, column: 13 }, end: { line: 9, column: 29 } },
          message: expect.stringContaining('stringData.password of Secret db/main'),
          object: { apiVersion: 'v1', kind: 'Secret', namespace: 'db', name: 'main' },
          entry: 'stringData.password',
        },
      ],
      problems: [],
    });
  });

  it('leaves out of object what the manifest does not state', async () => {
    const repo = repository();
    repo.write('a.yaml', 'kind: Secret\nstringData:\n  password: hunter2-canary\n');
    const { findings } = JSON.parse((await repo.run(['scan', '--format', 'json'])).stdout);
    expect(findings[0].object).toEqual({ kind: 'Secret' });
  });

  it('counts columns in UTF-16 units and starts block scalars at their bar', async () => {
    const repo = repository();
    repo.write(
      'a.yaml',
      'kind: Secret\nstringData:\n  "😀": ok\n  {}: x\n  password: |\n    hunter2-canary\n  b: {}\n---\n{"kind":"Secret","stringData":{"😀password":"hunter2-canary"}}\n',
    );
    const { findings } = JSON.parse((await repo.run(['scan', '--format', 'json'])).stdout);
    const ranges = findings.filter(({ entry }: { entry: string }) => entry.includes('password'));
    expect(ranges.map(({ range }: { range: unknown }) => range)).toEqual([
      { start: { line: 5, column: 13 }, end: { line: 6, column: 19 } },
      { start: { line: 9, column: 45 }, end: { line: 9, column: 61 } },
    ]);
  });

  it('reports damaged ciphertext', async () => {
    const repo = repository();
    repo.write('a.yaml', 'kind: Secret\nstringData:\n  password: gAAAAABhunter2\n');
    const ran = await repo.run(['scan']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('a.yaml:3:13: error malformed-ciphertext: ');
    expect(ran.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('has nothing to say of sealed files', async () => {
    const repo = repository();
    repo.localKey('dev.fernet', symmetricKey());
    repo.write('a.yaml', clear);
    const key = ['--scheme', 'fernet', '--key', 'local:dev'];
    await repo.run(['encrypt', 'a.yaml', '-i', ...key]);
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: fernet, keys: [local:dev], opened-by: pipeline}\n',
    );
    expect(await repo.run(['scan'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('filters what it prints by --level, and nothing else', async () => {
    const repo = repository();
    repo.write('a.yaml', 'kind: Secret\nstringData:\n  source-key: my-secret\n');
    const warning = await repo.run(['scan']);
    expect(warning.code).toBe(0);
    expect(warning.stdout).toContain(': warning plaintext-secret: ');
    expect((await repo.run(['scan', '--level', 'error'])).stdout).toBe('');
    repo.write('b.yaml', clear);
    const both = await repo.run(['scan', '--level', 'error']);
    expect(both.code).toBe(1);
    expect(both.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('obeys ignore globs, severities and comments of the repository', async () => {
    const repo = repository();
    repo.write(
      '.purser.yaml',
      'version: 1\nrules: []\nignore: [docs/**]\nseverity: {plaintext-secret: warning}\n',
    );
    repo.write('docs/a.yaml', clear);
    repo.write('b.yaml', clear);
    repo.write(
      'c.yaml',
      clear.replace('  password', '  # purser:ignore plaintext-secret only a sample\n  password'),
    );
    repo.write('d.yaml', clear.replace('  password', '  # purser:ignore plaintext-secret\n  password'));
    const ran = await repo.run(['scan']);
    expect(ran.code).toBe(0);
    expect(
      ran.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual(['b.yaml:8:13: warning', 'd.yaml:9:13: warning']);
  });

  it('goes on after files that cannot be read or understood, and lists them', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    repo.write('binary.yaml', new Uint8Array([0, 1, 2]));
    repo.write('huge.yaml', new Uint8Array(17 * 1024 * 1024));
    repo.write('latin1.yaml', Buffer.from(clear.replace('ann', 'ann\xe9'), 'latin1'));
    repo.write('unclosed.yaml', `kind: Secret\nstringData:\n  a: "never\n  password: hunter2-canary\n`);
    mkdirSync(repo.path('folder.yaml'));
    const ran = await repo.run(['scan', '--format', 'json']);
    const { findings, problems, scanned } = JSON.parse(ran.stdout);
    expect(findings.map(({ path }: { path: string }) => path)).toEqual([
      'a.yaml',
      'latin1.yaml',
      'unclosed.yaml',
      'unclosed.yaml',
    ]);
    expect(
      problems.map(({ path, line }: { path: string; line?: number }) => `${path}:${line ?? ''}`),
    ).toEqual(['binary.yaml:', 'huge.yaml:', 'latin1.yaml:1', 'unclosed.yaml:3']);
    expect(scanned.files).toBe(3);
  });

  it('looks into nothing but manifests, and not into .git and node_modules', async () => {
    const repo = repository();
    for (const path of ['a.txt', '.git/a.yaml', 'node_modules/p/a.yaml']) repo.write(path, clear);
    for (const path of ['b.yml', 'c.json', '.hidden/d.YAML']) repo.write(path, clear);
    const { findings } = JSON.parse((await repo.run(['scan', '--format', 'json'])).stdout);
    expect(findings.map(({ path }: { path: string }) => path)).toEqual(['.hidden/d.YAML', 'b.yml', 'c.json']);
  });

  it('takes a named file whatever it is called, and several paths', async () => {
    const repo = repository();
    repo.write('a.txt', clear);
    repo.write('b/c.yaml', clear);
    const ran = await repo.run(['scan', 'a.txt', 'b']);
    expect(ran.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('looks once at a file that two paths hold', async () => {
    const repo = repository();
    repo.write('b/c.yaml', clear);
    const ran = await repo.run(['scan', 'b', '.', 'b/c.yaml']);
    expect(ran.stdout.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toContain('purser: 1 file,');
  });

  it('finds a ciphertext that stands in two files', async () => {
    const repo = repository();
    repo.localKey('dev.fernet', symmetricKey());
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: fernet, keys: [local:dev], opened-by: pipeline}\n',
    );
    repo.write('a.yaml', secretYaml('main', { password: 'hunter2-canary' }));
    await repo.run(['encrypt', 'a.yaml', '-i']);
    repo.write('b.yaml', repo.text('a.yaml'));
    const { findings } = JSON.parse((await repo.run(['scan', '--format', 'json'])).stdout);
    expect(findings.map(({ rule, path }: { rule: string; path: string }) => `${path} ${rule}`)).toEqual([
      'a.yaml copied-ciphertext',
      'b.yaml copied-ciphertext',
    ]);
  });

  it('prints paths relative to the working directory', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    repo.folder('below');
    const ran = await repo.run(['scan', '..'], { cwd: repo.path('below') });
    expect(ran.stdout).toMatch(/^\.\.\/a\.yaml:8:13: /);
  });

  it.skipIf(process.platform === 'win32')(
    'follows a named link to a folder, but no links inside',
    async () => {
      const repo = repository();
      repo.write('real/a.yaml', clear);
      repo.link('real', 'link');
      repo.link('..', 'real/circle');
      const ran = await repo.run(['scan', 'link']);
      expect(ran.stdout).toMatch(/^link\/a\.yaml:8:13: /);
      expect(ran.stdout.trim().split('\n')).toHaveLength(1);
    },
  );

  it('fails for a named path that is not there, after looking at the others', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['scan', 'nope', 'a.yaml']);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toMatch(/^a\.yaml:8/);
    expect(ran.stderr).toContain('purser: nope: there is no such file');
  });

  it.skipIf(process.platform === 'win32')(
    'fails for a path through a file and for a circle of links',
    async () => {
      const repo = repository();
      repo.write('a.yaml', clear);
      repo.link('circle', 'circle');
      for (const path of ['a.yaml/b', 'circle']) {
        const ran = await repo.run(['scan', path]);
        expect(ran.code).toBe(2);
        expect(ran.stderr).toContain(`purser: ${path}: there is no such file`);
      }
    },
  );

  it.each([
    ['an unknown format', ['--format', 'xml'], '--format takes text, json or sarif'],
    ['an unknown level', ['--level', 'loud'], '--level takes error, warning or information'],
  ])('refuses %s', async (_, args, says) => {
    const ran = await repository().run(['scan', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
  });

  it('prints no control characters that a manifest brings', async () => {
    const repo = repository();
    repo.write(
      'a.yaml',
      'kind: Secret\nmetadata:\n  name: "x\\e[31m\\u202e\\n"\nstringData:\n  password: hunter2-canary\n',
    );
    const ran = await repo.run(['scan']);
    expect(ran.stdout.replace(/\n$/, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('says that it could not check all where a policy has a mistake, and with a code of its own', async () => {
    const repo = repository();
    repo.localKey('dev.fernet', symmetricKey());
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "*.enc", scheme: fernet, keys: [local:dev], whol: true}\n',
    );
    repo.write('a.enc', 'hunter2-canary');
    repo.write('b.yaml', 'kind: ConfigMap\n');
    const ran = await repo.run(['scan']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    const [first, second] = ran.stderr.split('\n');
    expect(first).toMatch(/^purser: \.purser\.yaml:3: unknown key "whol"/);
    expect(second).toMatch(/^purser: \.purser\.yaml:3 cannot be followed.*; correct it$/);
    const json = await repo.run(['scan', '--format', 'json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout).problems).toEqual([
      { path: '.purser.yaml', line: 3, message: expect.stringContaining('whol') },
    ]);
    const sarif = await repo.run(['scan', '--format', 'sarif']);
    expect(sarif.code).toBe(2);
    expect(JSON.parse(sarif.stdout).runs[0].invocations[0].executionSuccessful).toBe(false);
    repo.write('bad.yaml', 'kind: Secret\nstringData: [\n');
    repo.write('.purser.yaml', 'version: 1\nrules: []\n');
    expect((await repo.run(['scan'])).code).toBe(0);
  });

  it('goes on with a broken policy', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    for (const policy of [
      new Uint8Array([0xff, 0xfe, 0xfd]),
      '['.repeat(100_000),
      '- a\n- b\n',
      '{{ x }}: {',
    ]) {
      repo.write('.purser.yaml', policy);
      const ran = await repo.run(['scan']);
      expect(ran.code).toBe(2);
      expect(ran.stdout).toMatch(/^a\.yaml:8:13: /);
      expect(ran.stderr).toMatch(/^purser: \.purser\.yaml:1: /m);
    }
  });
});
