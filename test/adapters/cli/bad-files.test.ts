import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';
const root = process.getuid?.() === 0;
const clear = secretYaml('main', { password: 'hunter2-canary' });

function repository(): Sandbox {
  const repo = sandbox();
  repo.localKey('dev.fernet', repo.secret(symmetricKey()));
  repo.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - path: "**"\n    scheme: fernet\n    keys: [local:dev]\n',
  );
  repo.secret('hunter2-canary');
  return repo;
}

const commands = [
  ['encrypt', 'bad.yaml', '-i'],
  ['decrypt', 'bad.yaml', '-i'],
  ['set', 'bad.yaml', 'stringData.password'],
] as const;

/** Runs all three commands over one file; each must refuse it in one sentence that names it. */
async function refused(repo: Sandbox, says: string | RegExp): Promise<void> {
  for (const command of commands) {
    const ran = await repo.run(command, { input: 'new-canary' });
    expect(ran.code, command[0]).toBe(2);
    expect(ran.stderr).toMatch(/^purser: \S*bad\.yaml:(?:\d+:)? /);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  }
}

describe('a file that cannot be worked on is refused with one sentence', () => {
  it('when it is not there', () => refused(repository(), 'there is no such file'));

  it('when it is a folder', async () => {
    const repo = repository();
    repo.folder('bad.yaml');
    await refused(repo, 'it is not a regular file');
  });

  it.skipIf(windows)('when it is a named pipe', async () => {
    const repo = repository();
    execFileSync('mkfifo', [repo.path('bad.yaml')]);
    await refused(repo, 'it is not a regular file');
  });

  it.skipIf(windows || root)('when it may not be read', async () => {
    const repo = repository();
    chmodSync(repo.write('bad.yaml', clear), 0o000);
    await refused(repo, 'permission denied');
  });

  it('when it has 50 MB', async () => {
    const repo = repository();
    repo.write('bad.yaml', new Uint8Array(50 * 1024 * 1024).fill(0x20));
    await refused(repo, /it is too large \(50\.0 MB; the limit is 16\.0 MB\)/);
  });

  it('when it is no UTF-8', async () => {
    const repo = repository();
    repo.write('bad.yaml', Buffer.concat([Buffer.from(clear), Buffer.from([0xff, 0xfe, 0x0a])]));
    await refused(repo, 'it is not valid UTF-8');
  });

  it('when it is binary', async () => {
    const repo = repository();
    repo.write('bad.yaml', Buffer.from(`${clear}\0`));
    await refused(repo, 'it holds NUL bytes');
  });

  it('when it is on stdin and has 50 MB', async () => {
    const ran = await repository().run(['encrypt', '-'], { input: new Uint8Array(50 * 1024 * 1024) });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: -: it is too large/);
  });
});

describe('hostile manifests', () => {
  it('nested 10,000 deep are scanned, and refused for editing where several lines would change', async () => {
    const repo = repository();
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    repo.write('a.yaml', `kind: Secret\nspec: ${deep}\nstringData:\n  password: hunter2-canary\n`);
    expect((await repo.run(['scan'])).stdout).toContain('stringData.password');
    expect((await repo.run(['encrypt', 'a.yaml', '-i'])).code).toBe(0);
    repo.write('b.yaml', `kind: Secret\nspec: ${deep}\nstringData:\n  password: |\n    hunter2-canary\n`);
    const ran = await repo.run(['encrypt', 'b.yaml', '-i']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('this document is nested too deeply');
  });

  it('with an alias bomb are encrypted without expanding it', async () => {
    const repo = repository();
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 30; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      );
    repo.write('a.yaml', `kind: Secret\n${bomb.join('\n')}\nstringData:\n  password: hunter2-canary\n`);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('a.yaml')).not.toContain('hunter2');
  });

  it('with __proto__ and constructor as keys are worked on like any other', async () => {
    const repo = repository();
    const text = 'kind: Secret\nstringData:\n  __proto__: hunter2-canary\n  constructor: hunter2-canary\n';
    repo.write('a.yaml', text);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--all']);
    expect(ran.stderr).toBe('purser: a.yaml: 2 encrypted\n');
    expect((await repo.run(['decrypt', 'a.yaml'])).stdout).toBe(text);
  });

  it('never bring a value into a message about what does not parse', async () => {
    const repo = repository();
    repo.write('a.yaml', `kind: Secret\nstringData:\n  password: "\n    hunter2\\canary"\n  other: x\n`);
    repo.secret('\\ca');
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.password']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('Invalid escape sequence');
  });
});

describe.skipIf(process.platform !== 'linux')('a disk that is full', () => {
  it('is said, with what to do', () => {
    const repo = repository();
    const command = `"${process.execPath}" "${repo.program}" --help 2>&1 >/dev/full; echo $?`;
    const out = execFileSync('sh', ['-c', command], { cwd: repo.root, env: repo.env }).toString();
    expect(out).toBe(
      'purser: the output cannot be written (ENOSPC); make room where it goes, or send it elsewhere\n2\n',
    );
  });
});

describe('a reader that goes away', () => {
  it.skipIf(windows)('is no crash', () => {
    const repo = repository();
    repo.write('a.yaml', clear.repeat(2).replace(/hunter2-canary/g, 'x'.repeat(1_000_000)));
    const command = `"${process.execPath}" "${repo.program}" scan --format json a.yaml | true; "${process.execPath}" "${repo.program}" encrypt a.yaml 2>&1 >/dev/full | head -c 300`;
    const out = execFileSync('sh', ['-c', command], { cwd: repo.root, env: repo.env }).toString();
    expect(out).not.toMatch(/^\s+at /m);
  });
});
